"""What a municipality's units said of themselves: all of them, and it is mapped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from data import reference
from data.access import Action, require
from data.nouns import TIRANE, Unit, Viewer
from data.vocabulary import MappingStatus
from desk.wiring import House
from patrol.coverage import CoverageSettings

__all__ = ["Mapping", "UnitSaid", "mapping"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSaid:
    """One unit and what it said last; `fresh` says whether that still counts."""

    unit: Unit
    status: MappingStatus = MappingStatus.UNKNOWN
    at: datetime | None = None
    fresh: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """What all units of a municipality said, by name."""

    units: tuple[UnitSaid, ...]

    @property
    def missing(self) -> tuple[UnitSaid, ...]:
        """Return the units that said nothing within the year."""
        return tuple(one for one in self.units if not one.fresh)

    @property
    def n_said(self) -> int:
        """Return how many units said something within the year."""
        return len(self.units) - len(self.missing)


def mapping(house: House, viewer: Viewer, municipality: str, as_of: datetime) -> Mapping:
    """Return what the units said, as the coverage of the country counts it.

    It says nothing of a child, and stands beside a map whose look the audit
    keeps: it leaves no line of its own.

    Raises
    ------
    AccessDeniedError
        If the viewer may not see the municipality's coverage.
    """
    require(viewer, Action.SEE_COVERAGE, municipality)
    since = as_of - timedelta(days=CoverageSettings().mapped_days)
    said = {status.unit: status for status in house.store.unit_statuses(municipality)}
    found = []
    for unit in sorted(reference.units(municipality), key=lambda one: (one.name, one.id)):
        known = said.get(unit.id)
        if known is None or known.status is MappingStatus.UNKNOWN:
            found.append(UnitSaid(unit=unit))
        else:
            at = known.at.astimezone(TIRANE)
            fresh = since < known.at
            found.append(UnitSaid(unit=unit, status=known.status, at=at, fresh=fresh))
    return Mapping(units=tuple(found))
