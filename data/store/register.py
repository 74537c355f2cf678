"""The register in its table: the last decision on each place, written, undone and let go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, delete, or_, select, update

from data.errors import ContractError
from data.messages import Message
from data.nouns import TIRANE, Decision
from data.store import invented, records
from data.store.engine import writing
from data.store.schema import PLACES, REGISTER
from data.store.version import renew
from data.vocabulary import EvidenceKind, RegisterState

__all__ = ["Register", "forget_owner", "forget_place"]


class Register:
    """The register of one store; every change is one transaction and renews its mark."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def decisions(self, municipality: str | None = None) -> tuple[Decision, ...]:
        """Return the decisions that stand, by place."""
        query = select(REGISTER).order_by(REGISTER.c.place_id)
        if municipality is not None:
            query = query.where(REGISTER.c.municipality == municipality)
        with self._engine.connect() as connection:
            return tuple(_decision(dict(row)) for row in connection.execute(query).mappings())

    def decide(
        self,
        decision: Decision,
        *,
        places: pd.DataFrame | None = None,
        synthetic: bool = False,
        instead_of_demo: bool = False,
    ) -> Decision | None:
        """Keep a decision in the place of the one before; return that one.

        Parameters
        ----------
        places
            PLACES written with it where they are not kept yet: a new one, or one that was
            only worked out from cases until now and would have another id with the next case.
        instead_of_demo
            Erases the invented data in that same transaction.
        """
        with writing(self._engine) as connection:
            if instead_of_demo:
                invented.clear(connection)
            before = _of(connection, decision.place_id)
            if places is not None:
                kept = set(connection.scalars(select(PLACES.c.place_id)))
                records.upsert(connection, "places", places[~places["place_id"].isin(kept)])
            _put(connection, decision, synthetic=synthetic)
            renew(connection)
        return before

    def put_back(
        self,
        place_id: str,
        *,
        now: Decision | None,
        before: Decision | None,
        synthetic: bool = False,
    ) -> None:
        """Let what was decided on a place before stand again; `None` is no decision at all.

        Raises
        ------
        ContractError
            If somebody decided otherwise than `now` in the meantime.
        """
        with writing(self._engine) as connection:
            if _of(connection, place_id) != now:
                raise ContractError(Message("register.changed_since"))
            if before is None:
                connection.execute(delete(REGISTER).where(REGISTER.c.place_id == place_id))
            else:
                _put(connection, before, synthetic=synthetic)
            renew(connection)


def forget_place(connection: Connection, place_id: str) -> None:
    """Take away what was decided on a place that goes, and on those merged into it."""
    named = or_(REGISTER.c.place_id == place_id, REGISTER.c.merged_into == place_id)
    connection.execute(delete(REGISTER).where(named))


def forget_owner(connection: Connection, owner: str) -> None:
    """Leave the places of a person or team that goes without an owner."""
    connection.execute(update(REGISTER).where(REGISTER.c.owner == owner).values(owner=""))


def _of(connection: Connection, place_id: str) -> Decision | None:
    query = select(REGISTER).where(REGISTER.c.place_id == place_id)
    row = connection.execute(query).mappings().first()
    return None if row is None else _decision(dict(row))


def _put(connection: Connection, decision: Decision, *, synthetic: bool) -> None:
    row = {name: getattr(decision, name) for name in decision.__slots__} | {
        "state": str(decision.state),
        "evidence": str(decision.evidence),
        "merged_into": decision.merged_into or None,
        "slots": " ".join(decision.slots),
        "synthetic": synthetic,
    }
    connection.execute(delete(REGISTER).where(REGISTER.c.place_id == decision.place_id))
    connection.execute(REGISTER.insert(), row)


def _decision(row: Mapping[str, Any]) -> Decision:
    expires = row["expires_at"]
    return Decision(
        place_id=row["place_id"],
        municipality=row["municipality"],
        state=RegisterState(row["state"]),
        evidence=EvidenceKind(row["evidence"]),
        decided_at=row["decided_at"].astimezone(TIRANE),
        decided_by=row["decided_by"],
        expires_at=None if expires is None else expires.astimezone(TIRANE),
        merged_into=row["merged_into"] or "",
        owner=row["owner"],
        slots=tuple(row["slots"].split()),
    )
