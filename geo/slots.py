"""Eight slots of the week: weekday or weekend, by morning, afternoon, evening and night.

A night belongs to the day it begins on: two o'clock on Saturday is still
Friday's night, as a team that goes out on Friday evening would say it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.nouns import TIRANE, TimeWindow

__all__ = [
    "HOURS",
    "PARTS",
    "SLOTS",
    "SLOT_IDS",
    "SLOT_OF_HOUR",
    "Slot",
    "hour_pieces",
    "hours_of_week",
    "slots_of",
    "windows",
]

#: Hours of the week, the first from midnight on Monday.
HOURS = 168

#: Part of the day → first hour, hour after the last.
PARTS = {"morning": (6, 12), "afternoon": (12, 17), "evening": (17, 22), "night": (22, 6)}
FRIDAY = 4
#: The day of the slots begins with the morning, not at midnight.
_DAWN = PARTS["morning"][0]
_HOUR_NS = 3_600_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One slot of the week."""

    id: str
    weekend: bool
    part: str


SLOTS = tuple(
    Slot(id=f"{'weekend' if weekend else 'weekday'}-{part}", weekend=weekend, part=part)
    for weekend in (False, True)
    for part in PARTS
)
SLOT_IDS = tuple(slot.id for slot in SLOTS)


def _part_of(hour: int) -> str:
    return next(p for p, (first, end) in PARTS.items() if first <= hour < end or p == "night")


_PART_INDEX = np.array([list(PARTS).index(_part_of(hour)) for hour in range(24)])
#: Position in `SLOT_IDS` of each hour of the week: a week's nights belong to the days they begin.
SLOT_OF_HOUR = np.array(
    [4 * int((h - _DAWN) % HOURS // 24 > FRIDAY) + _PART_INDEX[h % 24] for h in range(HOURS)]
)


def hours_of_week(moments: pd.Series) -> NDArray[np.int64]:
    """Return the hour of the week in Tirana of each aware moment, 0 to 167, shape (n,)."""
    local = moments.dt.tz_convert("Europe/Tirane").dt
    return np.asarray(24 * local.day_of_week.to_numpy() + local.hour.to_numpy(), dtype=np.int64)


def slots_of(moments: pd.Series) -> NDArray[np.int64]:
    """Return the position in `SLOT_IDS` of each aware moment, shape (n,)."""
    return SLOT_OF_HOUR[hours_of_week(moments)]


def hour_pieces(
    started: pd.Series, ended: pd.Series
) -> tuple[NDArray[np.int64], pd.Series, NDArray[np.float64]]:
    """Cut spans of time at full hours of the clock.

    Durations are true ones, also in the nights when the clock is changed.

    Returns
    -------
    owner
        The position of the span that each piece is of.
    begin
        The full hour in which each piece lies, an aware moment.
    length
        Hours.
    """
    n = len(started)
    if not n:
        return np.empty(0, np.int64), started, np.empty(0)
    start, end = (_ns(column) for column in (started, ended))
    first = start // _HOUR_NS
    pieces = np.maximum(-(-end // _HOUR_NS) - first, 1)
    owner = np.repeat(np.arange(n), pieces)
    nth = np.arange(len(owner)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    begin = (first[owner] + nth) * _HOUR_NS
    inside = np.minimum(begin + _HOUR_NS, end[owner]) - np.maximum(begin, start[owner])
    return owner, pd.Series(pd.to_datetime(begin, utc=True)), np.maximum(inside, 0) / _HOUR_NS


def _ns(column: pd.Series) -> NDArray[np.int64]:
    return (
        column.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy("datetime64[ns]").astype("int64")
    )


def windows(slot_ids: Iterable[str], day: date) -> tuple[TimeWindow, ...]:
    """Return when the slots are open on a day, by opening time; the night runs past midnight."""
    wanted = set(slot_ids)
    weekend = day.weekday() > FRIDAY
    found = [
        _window(slot.part, day) for slot in SLOTS if slot.id in wanted and slot.weekend == weekend
    ]
    return tuple(sorted(found, key=lambda window: window.opens))


def _window(part: str, day: date) -> TimeWindow:
    first, end = PARTS[part]
    opens = datetime.combine(day, time(first), TIRANE)
    last = day + timedelta(days=1) if end < first else day
    closes = datetime.combine(last, time(end), TIRANE)
    return TimeWindow(opens=opens, closes=closes.astimezone(UTC).astimezone(TIRANE))
