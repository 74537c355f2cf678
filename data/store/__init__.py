"""The store: what the house knows, in one database, behind one small face."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pandas as pd
from geopandas import GeoDataFrame
from sqlalchemy import Engine, delete, select

from data.errors import AccessDeniedError, ContractError
from data.messages import Message
from data.nouns import Absence, Base, Plan, Team, Week, Worker
from data.store import invented, records, schema
from data.store.accounts import Accounts
from data.store.audit import Audit
from data.store.engine import open_engine, writing
from data.store.fieldwork import Fieldwork
from data.store.plans import plan_from_json, plan_to_json
from data.store.register import Register, forget_owner, forget_place
from data.store.season import Calendar, Loans
from data.store.version import renew, version
from data.store.versions import Versions, as_draft, content_of, rewrite
from data.store.wishes import Wishes, forget_wishes
from data.synthetic import Demo
from data.vocabulary import MappingStatus, PlanStatus

__all__ = ["Imported", "Store", "UnitStatus"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import changed."""

    n_new: int
    n_changed: int
    n_known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitStatus:
    """What a unit said of itself, and when."""

    unit: str
    municipality: str
    status: MappingStatus
    at: datetime


class Store:
    """Frames and nouns in and out; every writing method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.audit = Audit(engine)
        self.accounts = Accounts(engine)
        self.register = Register(engine)
        self.calendar = Calendar(engine)
        self.loans = Loans(engine)
        self.fieldwork = Fieldwork(engine)
        self.wishes = Wishes(engine)
        self.versions = Versions(engine)

    @classmethod
    def open(cls, address: str | Path) -> Store:
        """Open a store, made and migrated where needed: a SQLite file or a PostgreSQL address."""
        return cls(open_engine(address))

    def close(self) -> None:
        """Let the connections go."""
        self._engine.dispose()

    # What is known of places, cases and visits

    def _frame(self, noun: str, municipality: str | None) -> pd.DataFrame:
        with self._engine.connect() as connection:
            return records.load_frame(connection, noun, municipality)

    def places(self, municipality: str | None = None) -> GeoDataFrame:
        """Return places, sorted by id."""
        return cast("GeoDataFrame", self._frame("places", municipality))

    def cases(self, municipality: str | None = None) -> GeoDataFrame:
        """Return cases by where they were found, sorted by code."""
        return cast("GeoDataFrame", self._frame("cases", municipality))

    def visits(self, municipality: str | None = None) -> pd.DataFrame:
        """Return visits, sorted by id."""
        return self._frame("visits", municipality)

    def perimeters(self, municipality: str | None = None) -> GeoDataFrame:
        """Return perimeters, sorted by id."""
        return cast("GeoDataFrame", self._frame("perimeters", municipality))

    def segments(self) -> GeoDataFrame:
        """Return segments of perimeters, sorted by id."""
        return cast("GeoDataFrame", self._frame("segments", None))

    def add(
        self,
        frames: Mapping[str, pd.DataFrame],
        *,
        kind: str = "form",
        sha256: str = "",
        instead_of_demo: bool = False,
    ) -> Imported:
        """Write frames by their keys as one transaction; the same rows again change nothing.

        `instead_of_demo` erases the invented data in that same transaction.
        """
        with writing(self._engine) as connection:
            if instead_of_demo:
                invented.clear(connection)
            n_new = n_changed = 0
            for noun in ("places", "perimeters", "segments", "cases", "visits"):
                if noun in frames:
                    fresh, changed = records.upsert(connection, noun, frames[noun])
                    n_new, n_changed = n_new + fresh, n_changed + changed
            row = {
                "kind": kind,
                "sha256": sha256,
                "n_new": n_new,
                "n_changed": n_changed,
                "at": datetime.now(UTC),
            }
            connection.execute(schema.IMPORTS.insert(), row)
        total = sum(len(frame) for frame in frames.values())
        return Imported(n_new=n_new, n_changed=n_changed, n_known=total - n_new - n_changed)

    def correct(self, noun: str, key: str, changes: Mapping[str, Any]) -> None:
        """Change columns of one record.

        Raises
        ------
        ContractError
            If there is no such record, or the change breaks the contract.
        """
        _, contract, key_column, _ = records.CONTRACTS[noun]
        with writing(self._engine) as connection:
            frame = records.load_frame(connection, noun, None)
            rows = frame[frame[key_column] == key]
            if rows.empty:
                raise ContractError(Message("account.record_unknown"))
            changed = contract.check(rows.assign(**changes))
            records.upsert(connection, noun, changed)

    def erase(self, noun: str, key: str) -> bool:
        """Erase one record for good with what belongs to it; return whether there was one."""
        table, _, key_column, _ = records.CONTRACTS[noun]
        with writing(self._engine) as connection:
            if noun == "perimeters":
                edges = schema.SEGMENTS
                connection.execute(delete(edges).where(edges.c.perimeter_id == key))
            if noun == "places":
                forget_place(connection, key)
            found = connection.execute(delete(table).where(table.c[key_column] == key)).rowcount > 0
            renew(connection)
            return found

    def version(self) -> str:
        """Return a mark that changes whenever something known of places or perimeters does."""
        with self._engine.connect() as connection:
            return version(connection)

    # Crews

    def bases(self, municipality: str | None = None) -> tuple[Base, ...]:
        """Return bases by id."""
        with self._engine.connect() as connection:
            return records.load_bases(connection, municipality)

    def workers(self, municipality: str | None = None) -> tuple[Worker, ...]:
        """Return workers by id."""
        with self._engine.connect() as connection:
            return records.load_workers(connection, municipality)

    def teams(self, municipality: str | None = None) -> tuple[Team, ...]:
        """Return teams by id."""
        with self._engine.connect() as connection:
            return records.load_teams(connection, municipality)

    def absences(self, municipality: str | None = None) -> tuple[Absence, ...]:
        """Return absences by worker and day."""
        with self._engine.connect() as connection:
            return records.load_absences(connection, municipality)

    def put_crew(  # noqa: PLR0913 - one argument a kind of record
        self,
        *,
        bases: Iterable[Base] = (),
        workers: Iterable[Worker] = (),
        teams: Iterable[Team] = (),
        absences: Iterable[Absence] = (),
        synthetic: bool = False,
        instead_of_demo: bool = False,
    ) -> None:
        """Write bases, workers, teams and absences by their ids.

        `instead_of_demo` erases the invented data in that same transaction.
        """
        with writing(self._engine) as connection:
            if instead_of_demo:
                invented.clear(connection)
            records.put_crew(
                connection,
                bases=bases,
                workers=workers,
                teams=teams,
                absences=absences,
                synthetic=synthetic,
            )

    def erase_absence(self, absence: Absence) -> None:
        """Take an absence back."""
        table = schema.ABSENCES
        with writing(self._engine) as connection:
            connection.execute(
                delete(table).where(
                    table.c.worker == absence.worker, table.c.first == absence.first.isoformat()
                )
            )

    def erase_worker(self, worker: str) -> None:
        """Erase a worker, their absences and wishes."""
        with writing(self._engine) as connection:
            forget_wishes(connection, worker)
            connection.execute(delete(schema.ABSENCES).where(schema.ABSENCES.c.worker == worker))
            forget_owner(connection, worker)
            connection.execute(delete(schema.WORKERS).where(schema.WORKERS.c.id == worker))

    def erase_team(self, team: str) -> None:
        """Erase a team; its visits stay."""
        with writing(self._engine) as connection:
            forget_owner(connection, team)
            connection.execute(delete(schema.TEAMS).where(schema.TEAMS.c.id == team))

    def erase_base(self, base: str) -> None:
        """Erase a base that no team starts from."""
        with writing(self._engine) as connection:
            connection.execute(delete(schema.BASES).where(schema.BASES.c.id == base))

    # What units said of themselves

    def unit_statuses(self, municipality: str | None = None) -> tuple[UnitStatus, ...]:
        """Return what units said of themselves."""
        table = schema.UNIT_STATUS
        query = select(table).order_by(table.c.unit)
        if municipality is not None:
            query = query.where(table.c.municipality == municipality)
        with self._engine.connect() as connection:
            return tuple(
                UnitStatus(
                    unit=row["unit"],
                    municipality=row["municipality"],
                    status=MappingStatus(row["status"]),
                    at=row["at"],
                )
                for row in connection.execute(query).mappings()
            )

    def set_unit_status(self, status: UnitStatus, *, synthetic: bool = False) -> None:
        """Keep what a unit says of itself."""
        table = schema.UNIT_STATUS
        with writing(self._engine) as connection:
            connection.execute(delete(table).where(table.c.unit == status.unit))
            row = {**asdict(status), "status": str(status.status), "synthetic": synthetic}
            connection.execute(table.insert(), row)

    # Plans

    def save_plan(self, plan: Plan) -> int:
        """Keep a plan as the next version of its id; return the version.

        The same plan again is the version it was: the same inputs and seed give
        the same file, however often they are asked for.
        """
        table = schema.PLANS
        with writing(self._engine) as connection:
            known = connection.scalars(select(table.c.content).where(table.c.id == plan.id))
            versions, wanted = [plan_from_json(text) for text in known], content_of(plan)
            for one in versions:
                if content_of(one) == wanted:
                    if one.status is PlanStatus.UNDONE:
                        rewrite(connection, as_draft(one))
                    return one.version
            newest = max((one.version for one in versions), default=0)
            kept = replace(plan, version=newest + 1)
            row = {
                "id": kept.id,
                "version": kept.version,
                "municipality": kept.municipality or "",
                "week": str(kept.week),
                "status": str(kept.status),
                "synthetic": kept.marks.synthetic,
                "content": plan_to_json(kept),
                "made_at": datetime.now(UTC),
            }
            connection.execute(table.insert(), row)
        return kept.version

    def plans(self, municipality: str, week: Week | None = None) -> tuple[Plan, ...]:
        """Return the kept plans of a municipality, of one week where given, the oldest first."""
        table = schema.PLANS
        query = (
            select(table.c.content)
            .where(table.c.municipality == municipality)
            .order_by(table.c.week, table.c.version)
        )
        if week is not None:
            query = query.where(table.c.week == str(week))
        with self._engine.connect() as connection:
            return tuple(plan_from_json(text) for text in connection.scalars(query))

    def approve_plan(self, plan: Plan, *, by: str, at: datetime) -> Plan:
        """Approve one version; any other approved version of the week is a draft again.

        Raises
        ------
        AccessDeniedError
            If the plan stands on illustrative streets: it can be tried, not used.
        ContractError
            If this version was never kept.
        """
        if plan.marks.illustrative_streets:
            raise AccessDeniedError(Message("access.illustrative_plan"))
        table = schema.PLANS
        with writing(self._engine) as connection:
            for other in connection.execute(
                select(table).where(table.c.id == plan.id, table.c.approved_by != "")
            ).mappings():
                rewrite(connection, as_draft(plan_from_json(other["content"])))
            approved = replace(plan, status=PlanStatus.APPROVED, approved_by=by, approved_at=at)
            rewrite(connection, approved)
        return approved

    # Settings

    def setting(self, key: str) -> str | None:
        """Return a setting, or `None`."""
        with self._engine.connect() as connection:
            return connection.scalar(
                select(schema.SETTINGS.c.value).where(schema.SETTINGS.c.key == key)
            )

    def set_setting(self, key: str, value: str) -> None:
        """Keep a setting."""
        table = schema.SETTINGS
        with writing(self._engine) as connection:
            connection.execute(delete(table).where(table.c.key == key))
            connection.execute(table.insert(), {"key": key, "value": value})

    # What is invented

    def add_demo(self, demo: Demo) -> bool:
        """Write the invented data as one transaction; return whether the store was still empty."""
        with writing(self._engine) as connection:
            empty = invented.is_empty(connection)
            if empty:
                invented.add_demo(connection, demo)
        return empty

    def is_empty(self) -> bool:
        """Say whether nothing at all is known: no place, no case, no visit, nobody who works."""
        with self._engine.connect() as connection:
            return invented.is_empty(connection)

    def all_synthetic(self) -> bool:
        """Say whether there is data and not one row of it is real."""
        with self._engine.connect() as connection:
            return invented.all_synthetic(connection)

    def holds_demo(self) -> bool:
        """Say whether there is invented data that would have to go before real data comes."""
        with self._engine.connect() as connection:
            return invented.is_there(connection)

    def clear_synthetic(self) -> None:
        """Erase every invented row that nothing real stands on, and the plans made from them."""
        with writing(self._engine) as connection:
            invented.clear(connection)
