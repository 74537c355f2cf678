"""Who keeps which calendar, what stands after a change, and how it is undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from data.calendar import is_on
from data.errors import AccessDeniedError, ContractError
from data.nouns import Viewer
from data.vocabulary import CalendarKind, Role
from desk import calendar as desk
from desk.calendar import EntryForm
from desk.wiring import House, open_house
from layers.words import Words
from tests.builders import DURRES, places

KRUJE = "AL0302"
EN, SQ = Words("en"), Words("sq")
OWN = Viewer(account="c", name="c", role=Role.COORDINATOR, municipalities=frozenset({DURRES}))
OTHER = replace(OWN, account="k", municipalities=frozenset({KRUJE}))
FIELD = replace(OWN, role=Role.FIELD, teams=frozenset({"t1"}))
AGENCY = replace(OWN, role=Role.AGENCY, municipalities=frozenset())
ADMINISTRATOR = replace(AGENCY, role=Role.ADMINISTRATOR)
FORM = EntryForm(
    kind=CalendarKind.MARKET,
    title="  Tregu  i madh ",
    first=date(2027, 5, 1),
    last=date(2027, 5, 3),
    start=time(7),
    end=time(13),
)
FILES = Path(__file__).resolve().parents[1] / "files"


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a house with one real place, so that nothing is a demonstration."""
    made = open_house(tmp_path / "home")
    made.store.add({"places": places(1, synthetic=False)})
    return made


def ids(house: House, viewer: Viewer, town: str | None = DURRES) -> set[str]:
    return {entry.id for entry in desk.calendar_of(house, viewer, town, [2027])}


def test_an_entry_is_kept_changed_and_seen_by_who_works_there(house: House):
    change = desk.save_entry(house, OWN, DURRES, FORM)
    desk.save_entry(house, OWN, DURRES, replace(FORM, title="Pazari"), change.id)

    assert change.after is not None
    assert change.after.title == "Tregu i madh"
    (kept,) = house.store.calendar.entries()
    assert (kept.title, kept.municipality) == ("Pazari", DURRES)
    assert change.id in ids(house, OWN) & ids(house, FIELD)
    assert change.id not in ids(house, OTHER, KRUJE) | ids(house, AGENCY, None)


@pytest.mark.parametrize("who", [OTHER, FIELD, AGENCY, ADMINISTRATOR])
def test_nobody_else_changes_a_municipalitys_calendar(house: House, who: Viewer):
    with pytest.raises(AccessDeniedError):
        desk.save_entry(house, who, DURRES, FORM)

    assert house.store.calendar.entries() == ()


@pytest.mark.parametrize("who", [AGENCY, ADMINISTRATOR])
def test_the_countrys_calendar_is_the_agencys_and_the_administrators(house: House, who: Viewer):
    change = desk.save_entry(house, who, None, FORM)

    assert change.id in ids(house, OTHER, KRUJE)
    with pytest.raises(AccessDeniedError):
        desk.save_entry(house, OWN, None, FORM, change.id)
    with pytest.raises(ContractError):
        desk.save_entry(house, OWN, DURRES, FORM, change.id)


def test_what_the_house_brings_is_dropped_and_comes_back_by_undo(house: House):
    holiday = next(
        e
        for e in desk.calendar_of(house, AGENCY, None, [2027])
        if e.kind is CalendarKind.PUBLIC_HOLIDAY and is_on(e, date(2027, 3, 14))
    )

    change = desk.drop_entry(house, AGENCY, None, holiday)
    assert holiday.id not in ids(house, OWN)
    desk.undo(house, AGENCY, None, change)

    assert holiday.id in ids(house, OWN)
    assert house.store.calendar.entries() == ()


def test_an_erased_entry_comes_back_by_undo_unless_somebody_wrote_it_since(house: House):
    kept = desk.save_entry(house, OWN, DURRES, FORM).after
    assert kept is not None
    gone = desk.drop_entry(house, OWN, DURRES, kept)
    desk.undo(house, OWN, DURRES, gone)
    assert house.store.calendar.entries() == (kept,)

    with pytest.raises(ContractError) as fault:
        desk.undo(house, OWN, DURRES, gone)

    assert fault.value.message.id == "calendar.fault.changed_since"


def test_a_municipalitys_own_season_takes_the_place_of_the_countrys(house: House):
    desk.save_entry(
        house,
        OWN,
        DURRES,
        replace(FORM, kind=CalendarKind.SEASON, first=date(2027, 5, 1), last=date(2027, 9, 30)),
    )

    seasons = [
        [e for e in desk.calendar_for(house, town, [2027]) if e.kind is CalendarKind.SEASON]
        for town in (DURRES, KRUJE)
    ]

    assert [[(e.first.month, e.last.month) for e in found] for found in seasons] == [
        [(5, 9)],
        [(6, 9)],
    ]


def test_a_file_is_taken_in_whole_and_twice_is_once(house: House):
    for n_known in (0, 2):
        outcome = desk.import_calendar(house, OWN, DURRES, FILES / "calendar.csv", "calendar.csv")
        assert (outcome.n_valid, outcome.n_known, outcome.rejected) == (2, n_known, ())

    assert len(house.store.calendar.entries()) == 2


def test_a_file_without_a_valid_row_changes_nothing(house: House):
    with pytest.raises(ContractError) as fault:
        desk.import_calendar(house, OWN, DURRES, b"kind;first\ncircus;01.01.2027\n", "x.csv")

    assert fault.value.message.id == "calendar.fault.nothing_valid"
    assert house.store.calendar.entries() == ()


def test_what_leaves_as_files_holds_the_year_and_leaves_its_line_in_the_audit(house: House):
    desk.save_entry(house, OWN, DURRES, FORM)

    made = desk.export_calendar(house, OWN, DURRES, 2027, SQ)

    assert "Tregu i madh" in made["calendar.csv"].decode("utf-8-sig")
    assert "Sezoni në bregdet" in made["calendar.ics"].decode()
    assert house.store.audit.last(1)[0].action == "calendar.export"


def test_holidays_and_awareness_days_are_named_in_the_readers_language(house: House):
    entries = desk.calendar_for(house, None, [2027])
    day = next(e for e in entries if is_on(e, date(2027, 11, 28)) and e.first == e.last)
    rights = next(e for e in entries if e.id == "usual-rights")

    assert desk.title_of(day, EN) == "Flag and Independence Day"
    assert desk.title_of(day, SQ) == "Dita e Flamurit dhe e Pavarësisë"
    assert desk.title_of(rights, SQ) == "Dita e të drejtave të fëmijës"
