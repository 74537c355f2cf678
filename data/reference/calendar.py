"""The calendar that the house brings along: public holidays, awareness days, season, school.

All of it can be edited: what people keep under the same id is laid over it.

Sources
-------
Public holidays: the `holidays` package, those that are only estimated (both Eids)
included. Awareness days: 12 April (children in street situation), 12 June (against
child labour), 20 November (rights of the child), as the action plan names them.
Season: June to mid-September. School begins on the second Monday of September and
ends in mid-June; the ministry says the days anew each year.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import holidays

from data.calendar import CalendarEntry
from data.vocabulary import CalendarKind

__all__ = ["holiday_name", "second_monday", "usual_entries"]

#: Yearly entries begin here: no record of the house is older.
_FROM: Final = 2015
_SEPTEMBER, _JUNE = 9, 6
_AWARENESS: Final = {
    "usual-street-children": (4, 12),
    "usual-child-labour": (6, 12),
    "usual-rights": (11, 20),
}
#: What the package writes in Albanian, and what the law and a reader would.
_MEANT: Final = {"Dita Flamurit": "Dita e Flamurit", "e vlerësuar": "datë e pritshme"}
_LANGUAGES: Final = {"sq": "sq", "en": "en_US"}


def usual_entries(years: Iterable[int]) -> tuple[CalendarEntry, ...]:
    """Return what the house brings along for the years, the yearly entries once."""
    found = [*_yearly()]
    for year in sorted(set(years)):
        found += [_holiday(day) for day in sorted(_holidays(year, "sq"))]
        begins = second_monday(year)
        found.append(
            CalendarEntry(
                id=f"usual-school-{year}",
                municipality=None,
                kind=CalendarKind.SCHOOL_YEAR,
                first=begins,
                last=date(year + 1, _JUNE, 15),
            )
        )
    return tuple(found)


def second_monday(year: int) -> date:
    """Return the second Monday of September."""
    first = date(year, _SEPTEMBER, 1)
    return first + timedelta(days=-first.weekday() % 7 + 7)


def holiday_name(day: date, language: str) -> str:
    """Return what a public holiday is called, or an empty text for a day that is none."""
    return str(_holidays(day.year, language).get(day, ""))


@lru_cache(maxsize=32)
def _holidays(year: int, language: str) -> dict[date, str]:
    found = holidays.country_holidays("AL", years=year, language=_LANGUAGES[language])
    return {day: _in_good_albanian(name) for day, name in found.items()}


def _in_good_albanian(name: str) -> str:
    for written, meant in _MEANT.items():
        name = name.replace(written, meant)
    return name


def _holiday(day: date) -> CalendarEntry:
    return CalendarEntry(
        id=f"usual-holiday-{day.isoformat()}",
        municipality=None,
        kind=CalendarKind.PUBLIC_HOLIDAY,
        first=day,
        last=day,
    )


def _yearly() -> tuple[CalendarEntry, ...]:
    season = CalendarEntry(
        id="usual-season",
        municipality=None,
        kind=CalendarKind.SEASON,
        first=date(_FROM, _JUNE, 1),
        last=date(_FROM, _SEPTEMBER, 15),
        yearly=True,
    )
    days = (
        CalendarEntry(
            id=name,
            municipality=None,
            kind=CalendarKind.AWARENESS_DAY,
            first=date(_FROM, month, day),
            last=date(_FROM, month, day),
            yearly=True,
        )
        for name, (month, day) in _AWARENESS.items()
    )
    return (season, *days)
