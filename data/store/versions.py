"""Versions of a plan: undone and brought back, never lost."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, Engine, update

from data.errors import ContractError
from data.messages import Message
from data.nouns import Plan
from data.store import schema
from data.store.engine import writing
from data.store.plans import plan_to_json
from data.vocabulary import PlanStatus

__all__ = ["Versions", "as_draft", "content_of", "rewrite"]


class Versions:
    """What becomes of a version after it was kept."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def undo(self, plan: Plan) -> Plan:
        """Set a version aside; it is kept and can be brought back.

        Raises
        ------
        ContractError
            If this version was never kept.
        """
        return self._put(plan, PlanStatus.UNDONE)

    def bring_back(self, plan: Plan) -> Plan:
        """Make a version that was set aside a draft again."""
        return self._put(plan, PlanStatus.DRAFT)

    def _put(self, plan: Plan, status: PlanStatus) -> Plan:
        put = replace(plan, status=status, approved_by=None, approved_at=None)
        with writing(self._engine) as connection:
            rewrite(connection, put)
        return put


def as_draft(plan: Plan) -> Plan:
    """Return a plan as it was before anybody approved it, or set it aside."""
    return replace(plan, status=PlanStatus.DRAFT, approved_by=None, approved_at=None)


def content_of(plan: Plan) -> Plan:
    """Return what makes a version, whatever its number, and whoever made it and when."""
    return replace(as_draft(plan), version=0, made_by="", made_at=None)


def rewrite(connection: Connection, plan: Plan) -> None:
    """Write a version in the place of what it was.

    Raises
    ------
    ContractError
        If it was never kept.
    """
    table = schema.PLANS
    kept = connection.execute(
        update(table)
        .where(table.c.id == plan.id, table.c.version == plan.version)
        .values(
            status=str(plan.status),
            content=plan_to_json(plan),
            approved_by=plan.approved_by or "",
            approved_at=plan.approved_at,
        )
    )
    if not kept.rowcount:
        raise ContractError(Message("account.record_unknown"))
