"""A municipality is mapped when every unit said something within twelve months."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from data import reference
from data.errors import AccessDeniedError
from data.nouns import TIRANE, Viewer
from data.store import UnitStatus
from data.vocabulary import MappingStatus, Role
from desk.mapping import Mapping, mapping
from desk.wiring import House, open_house
from tests.builders import DURRES

NOW = datetime(2026, 6, 11, 12, tzinfo=TIRANE)
UNITS = reference.units(DURRES)


def viewer(role: Role, *codes: str) -> Viewer:
    return Viewer(account="a", name="a", role=role, municipalities=frozenset(codes))


OWN = viewer(Role.COORDINATOR, DURRES)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a house that knows nothing."""
    return open_house(tmp_path)


def say(house: House, number: int, status: MappingStatus, *, days_ago: int = 1) -> Mapping:
    said = UnitStatus(
        unit=UNITS[number].id,
        municipality=DURRES,
        status=status,
        at=NOW - timedelta(days=days_ago),
    )
    house.store.set_unit_status(said)
    return mapping(house, OWN, DURRES, NOW)


def test_at_first_every_unit_is_missing(house: House):
    found = mapping(house, OWN, DURRES, NOW)

    assert found.n_said == 0
    assert {one.unit for one in found.missing} == set(UNITS)
    assert [one.unit.name for one in found.units] == sorted(unit.name for unit in UNITS)


@pytest.mark.parametrize("status", [MappingStatus.PLACES_FOUND, MappingStatus.LOOKED_NONE])
def test_places_found_and_looked_none_both_count(house: House, status: MappingStatus):
    assert say(house, 0, status).n_said == 1


@pytest.mark.parametrize(("days", "n"), [(364, 1), (365, 0), (400, 0)])
def test_what_was_said_counts_for_a_year(house: House, days: int, n: int):
    found = say(house, 0, MappingStatus.PLACES_FOUND, days_ago=days)

    assert found.n_said == n
    assert next(one for one in found.units if one.unit == UNITS[0]).at is not None


def test_what_was_taken_back_does_not_count(house: House):
    say(house, 0, MappingStatus.PLACES_FOUND)

    found = say(house, 0, MappingStatus.UNKNOWN)

    assert found.n_said == 0
    assert all(one.at is None for one in found.units)


def test_the_agency_sees_it_of_any_municipality_and_a_neighbour_does_not(house: House):
    say(house, 0, MappingStatus.PLACES_FOUND)

    assert mapping(house, viewer(Role.AGENCY), DURRES, NOW).n_said == 1
    for other in (viewer(Role.COORDINATOR, "AL0302"), viewer(Role.FIELD, DURRES)):
        with pytest.raises(AccessDeniedError):
            mapping(house, other, DURRES, NOW)
