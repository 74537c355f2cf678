"""Calendars from files: tables and other programs' events, and what is refused of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from data.calendar import CalendarEntry
from data.errors import ContractError
from data.readers import read_calendar
from data.vocabulary import CalendarKind, PlaceKind
from layers.calendar_file import calendar_csv, calendar_ics
from tests.builders import DURRES, NOON
from tests.data.test_calendar import MARKET, WINTER

FILES = Path(__file__).resolve().parents[1] / "files"


def read(content: str | bytes, municipality: str | None = DURRES):
    data = content.encode() if isinstance(content, str) else content
    return read_calendar(data, "x", municipality=municipality)


def events(*bodies: str) -> str:
    lines = [f"BEGIN:VEVENT\nUID:{n}\n{body}\nEND:VEVENT" for n, body in enumerate(bodies)]
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x")
    return "\r\n".join([*head, *"\n".join(lines).split("\n"), "END:VCALENDAR", ""])


def test_the_example_file_reads_whole_and_twice_the_same():
    one, two = (
        read_calendar(FILES / "calendar.csv", "calendar.csv", municipality=DURRES) for _ in range(2)
    )

    assert one == two
    assert one.rejected == ()
    market, season = one.entries
    assert (market.kind, market.weekdays, market.start, market.end) == (
        CalendarKind.MARKET,
        (1,),
        time(7),
        time(13),
    )
    assert (market.factor, market.place_kinds) == (1.5, (PlaceKind.MARKET,))
    assert (season.kind, season.yearly, season.first) == (
        CalendarKind.SEASON,
        True,
        date(2027, 5, 15),
    )


def test_a_row_that_breaks_a_rule_is_named_and_the_others_are_taken():
    read_file = read(
        "kind;first;last;factor\nmarket;01.05.2027;02.05.2027;\ncircus;01.05.2027;;\n"
        "market;05.05.2027;01.05.2027;\nmarket;01.06.2027;;9\n;01.06.2027;;\n"
    )

    assert len(read_file.entries) == 1
    assert [(one.row, one.rule.id) for one in read_file.rejected] == [
        (3, "import.rule.word"),
        (4, "calendar.fault.order"),
        (5, "calendar.fault.factor"),
        (6, "import.rule.missing"),
    ]


def test_a_file_without_the_needed_columns_says_which():
    with pytest.raises(ContractError) as fault:
        read("title;kind\nTregu;market\n")

    assert fault.value.message.params["columns"] == "first"


@pytest.mark.parametrize(
    "entry",
    [
        MARKET,
        replace(MARKET, weekdays=(), first=date(2027, 5, 1), last=date(2027, 5, 3)),
        replace(MARKET, start=None, end=None),
        replace(MARKET, start=None, end=None, weekdays=(), last=date(2027, 1, 1)),
        replace(MARKET, start=time(20), end=time(2), weekdays=(4, 5)),
        replace(WINTER, start=None, end=None),
    ],
    ids=["weekly", "daily", "weekly-days", "one-day", "over-midnight", "yearly"],
)
@pytest.mark.parametrize("kind", ["csv", "ics"])
def test_what_is_exported_comes_back(entry: CalendarEntry, kind: str):
    title = lambda one: one.title  # noqa: E731 - the face the writers ask for
    made = (
        calendar_csv([entry], title)
        if kind == "csv"
        else calendar_ics([entry], title, made_at=NOON)
    )

    (back,) = read(made).entries

    # iCalendar has no word for what an entry raises, and begins on the first day that counts.
    kept = ("kind", "title", "last", "yearly", "weekdays", "start", "end")
    kept = (*kept, "first", "factor", "place_kinds") if kind == "csv" else kept
    assert {name: getattr(back, name) for name in kept} == {
        name: getattr(entry, name) for name in kept
    }


def test_events_of_another_program_are_read_in_tiranas_time():
    (entry,) = read(
        events("DTSTART:20270612T080000Z\nDTEND:20270612T100000Z\nSUMMARY:Dita e fushatës")
    ).entries

    assert (entry.kind, entry.first, entry.last) == (
        CalendarKind.OTHER,
        date(2027, 6, 12),
        date(2027, 6, 12),
    )
    assert (entry.start, entry.end) == (time(10), time(12))


@pytest.mark.parametrize(
    "body",
    [
        "SUMMARY:pa ditë",
        "DTSTART;VALUE=DATE:20270612\nRRULE:FREQ=MONTHLY",
        "DTSTART;VALUE=DATE:20270612\nRRULE:FREQ=WEEKLY;BYDAY=MO",
        "DTSTART;VALUE=DATE:20270612\nRRULE:FREQ=YEARLY;INTERVAL=2",
    ],
)
def test_an_event_that_cannot_be_kept_as_it_is_is_refused_and_not_guessed(body: str):
    good = "DTSTART;VALUE=DATE:20270601\nSUMMARY:mirë"

    found = read(events(good, body))

    assert [entry.title for entry in found.entries] == ["mirë"]
    assert [(one.row, one.rule.id) for one in found.rejected] == [(2, "calendar.fault.event")]


@pytest.mark.parametrize(
    "content", ["BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "BEGIN:VCALENDAR\r\nx"]
)
def test_a_calendar_without_events_or_order_says_so(content: str):
    with pytest.raises(ContractError) as fault:
        read(content)

    assert fault.value.message.id in {"calendar.fault.no_events", "calendar.fault.unreadable"}
