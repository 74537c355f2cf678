"""A day's rounds as a timetable to change by hand, and what comes back from it, checked.

What a browser sends is not trusted: a round, a place, a time or an order that the plan
does not have is refused, and nothing is changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final, TypeVar

from data.changes import Change
from data.errors import ContractError
from data.messages import Message
from data.nouns import TIRANE, Plan, RouteStop, Shift
from desk.edits import Row, ahead_of, edits_of, is_locked, open_shifts
from patrol.revise_draft import day_of

__all__ = ["STEP_MIN", "Bar", "Lane", "changes_in", "days_of", "lanes_of"]

Value = TypeVar("Value")

#: A visit that is dragged begins at a multiple of these minutes.
STEP_MIN: Final = 5
_DAY_MIN: Final = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One visit on a lane; times are minutes of the day's clock, after midnight beyond 1440.

    Parameters
    ----------
    way_min
        How long the way to it takes.
    windows
        The hours of the day in which it may begin.
    has_begun
        What has begun cannot be changed any more.
    """

    stop: str
    name: str
    must: bool
    begin: int
    minutes: int
    way_min: int
    windows: tuple[tuple[int, int], ...]
    locked: bool
    has_begun: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One round of the day: its shift, whose it is, and its visits by time.

    Parameters
    ----------
    earliest
        When something can still begin: the shift's start, or the next step from now.
    home_min
        How long the way back from the last visit takes.
    """

    shift: str
    team: str
    begin: int
    end: int
    earliest: int
    pause: tuple[int, int] | None
    home_min: int
    bars: tuple[Bar, ...]


def days_of(plan: Plan, now: datetime) -> tuple[date, ...]:
    """Return the days with a round that is not over."""
    return tuple(sorted({day_of(shift) for shift in open_shifts(plan, now)}))


def lanes_of(plan: Plan, day: date, now: datetime) -> tuple[Lane, ...]:
    """Return the rounds of a day that are not over, by time."""
    return tuple(
        _lane(plan, shift, now) for shift in open_shifts(plan, now) if day_of(shift) == day
    )


def _lane(plan: Plan, shift: Shift, now: datetime) -> Lane:
    day = day_of(shift)
    route = next((one for one in plan.routes if one.shift == shift.id), None)
    begin, end = _minutes(shift.start, day), _minutes(shift.end, day)
    visits = route.stops if route else ()
    ways = [round(leg.travel_s / 60) for leg in route.legs] if route else []
    pause = route.pause if route else None
    return Lane(
        shift=shift.id,
        team=shift.team,
        begin=begin,
        end=end,
        earliest=max(begin, -(-(_minutes(now, day) + 1) // STEP_MIN) * STEP_MIN),
        pause=None if pause is None else (_minutes(pause.opens, day), _minutes(pause.closes, day)),
        home_min=ways[-1] if ways else 0,
        # The last leg leads home.
        bars=tuple(
            _bar(plan, shift, met, way, now) for met, way in zip(visits, ways, strict=False)
        ),
    )


def _bar(plan: Plan, shift: Shift, met: RouteStop, way: int, now: datetime) -> Bar:
    day = day_of(shift)
    until = max(_DAY_MIN, _minutes(shift.end, day))
    hours = [(_minutes(w.opens, day), _minutes(w.closes, day)) for w in met.stop.windows]
    return Bar(
        stop=met.stop.id,
        name=met.stop.name,
        must=met.stop.must,
        begin=_minutes(met.arrive, day),
        minutes=round((met.leave - met.arrive).total_seconds() / 60),
        way_min=way,
        windows=tuple(sorted((a, b) for a, b in hours if a < until and b > 0)),
        locked=is_locked(plan, shift.id, met.stop.id),
        has_begun=met.arrive <= now,
    )


def changes_in(
    plan: Plan, day: date, now: datetime, value: object, *, turn: str
) -> tuple[Change, ...]:
    """Return the changes that a draft of a day's timetable asks for, in the order they are made.

    Parameters
    ----------
    value
        What the browser sent: ``{"turn", "edits": [{"shift", "stop", "to", "at", "locked", "out"}],
        "orders": {shift: [stop, …]}}``; `to` and `at` are empty where the team or the time is
        not asked for, `at` counts minutes of the day's clock, and an order names what stays.
    turn
        Which day of which version is shown: a draft of another one is not taken.

    Raises
    ------
    ContractError
        If it names anything that the plan does not have.
    """
    edits, orders = _parts(value, turn)
    shifts = {shift.id: shift for shift in open_shifts(plan, now)}
    rounds = {
        name: {
            met.stop.id: Row(
                stop=met.stop.id,
                position=number,
                shift=name,
                locked=is_locked(plan, name, met.stop.id),
            )
            for number, met in enumerate(ahead_of(plan, name, now), start=1)
        }
        for name, shift in shifts.items()
        if day_of(shift) == day
    }
    for edit in edits:
        rows = _known(rounds, edit.get("shift"), "revise.unknown_round")
        row = _known(rows, edit.get("stop"), "revise.unknown_visit")
        rows[row.stop] = _edited(row, edit, shifts, day)
    for name, order in orders.items():
        rows = _known(rounds, name, "revise.unknown_round")
        rounds[name] = _ordered(rows, name, order)
    return edits_of(plan, {name: tuple(rows.values()) for name, rows in rounds.items()})


def _parts(value: object, turn: str) -> tuple[list[Mapping[str, object]], Mapping[str, object]]:
    """Return the two parts of what was sent."""
    if not isinstance(value, Mapping) or value.get("turn") != turn:
        raise ContractError(Message("revise.unread"))
    edits, orders = value.get("edits"), value.get("orders")
    if not isinstance(edits, list) or not isinstance(orders, Mapping):
        raise ContractError(Message("revise.unread"))
    if not all(isinstance(edit, Mapping) for edit in edits):
        raise ContractError(Message("revise.unread"))
    return edits, orders


def _known(among: Mapping[str, Value], name: object, fault: str) -> Value:
    """Return what a name stands for."""
    if not isinstance(name, str) or name not in among:
        raise ContractError(Message(fault))
    return among[name]


def _edited(row: Row, edit: Mapping[str, object], shifts: Mapping[str, Shift], day: date) -> Row:
    """Return a row with what was changed on it."""
    locked, out, at = edit.get("locked"), edit.get("out"), edit.get("at")
    if not isinstance(locked, bool) or not isinstance(out, bool):
        raise ContractError(Message("revise.unread"))
    to = row.shift if edit.get("to") is None else edit.get("to")
    shift = _known(shifts, to, "revise.unknown_round")
    begins = None if at is None else _begins(at, shift, day)
    return replace(row, shift=shift.id, locked=locked, out=out, at=begins)


def _begins(at: object, shift: Shift, day: date) -> datetime:
    """Return the moment that a visit is to begin."""
    if not isinstance(at, int) or isinstance(at, bool) or at % STEP_MIN:
        raise ContractError(Message("revise.no_time"))
    begin, end = _minutes(shift.start, day), _minutes(shift.end, day)
    if not begin <= at <= end:
        raise ContractError(Message("revise.no_time"))
    return datetime.combine(day, time(), TIRANE) + timedelta(minutes=at)


def _ordered(rows: Mapping[str, Row], shift: str, order: object) -> dict[str, Row]:
    """Return the rows of a round with the positions that an order gives them."""
    stay = [row.stop for row in rows.values() if not row.out and row.shift == shift]
    if not isinstance(order, Sequence) or sorted(map(str, order)) != sorted(stay):
        raise ContractError(Message("revise.order_other"))
    place = {stop: number for number, stop in enumerate(order, start=1)}
    return {
        stop: replace(row, position=place.get(stop, row.position)) for stop, row in rows.items()
    }


def _minutes(at: datetime, day: date) -> int:
    """Return a time as whole minutes of a day's clock."""
    local = at.astimezone(TIRANE)
    return _DAY_MIN * (local.date() - day).days + 60 * local.hour + local.minute
