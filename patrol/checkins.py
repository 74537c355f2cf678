"""A team that is out says now and then that it is well; for one that does not, somebody is called.

Pure rules over a shift, what was noted of it, and now: nothing here knows where
a team is. A mark at a stop is a sign like any other, so that a team that works
has nothing more to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from data.fieldwork import CheckIn, Contact
from data.nouns import Shift
from data.vocabulary import CheckInState

__all__ = [
    "CheckInSettings",
    "Standing",
    "State",
    "due_times",
    "missed",
    "next_due",
    "standing",
    "whom_to_call",
]

#: What says that a team is well: its own word, or that somebody reached it.
_SIGNS = frozenset({CheckInState.WELL, CheckInState.BACK, CheckInState.REACHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInSettings:
    """The rhythm of a municipality.

    Parameters
    ----------
    every_min
        Minutes between two signs of a team, at most.
    grace_min
        Minutes more before somebody is called.
    chain
        Whom to call when a sign is missed, one after the other.
    """

    every_min: int = 60
    grace_min: int = 15
    chain: tuple[Contact, ...] = ()


class State(StrEnum):
    """How a team that is out stands, the most pressing first."""

    HELP = "help"
    MISSED = "missed"
    DUE = "due"
    WELL = "well"
    BACK = "back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a team stands.

    Parameters
    ----------
    last
        Its last sign, or `None` where it gave none.
    due
        Until when it owes the next one, or `None` once it is back.
    call
        Whom to call next, where somebody has to be called and the chain has one left.
    n_tried
        How many were called in vain since the last sign.
    """

    shift: Shift
    state: State
    last: datetime | None
    due: datetime | None
    call: Contact | None
    n_tried: int


def next_due(
    shift: Shift,
    check_ins: Sequence[CheckIn],
    marks: Iterable[datetime],
    now: datetime,
    settings: CheckInSettings,
) -> datetime | None:
    """Return until when a team owes a sign, `None` once it said that it is back.

    The end of the shift is owed one as well: who is through says so.

    Parameters
    ----------
    marks
        When the team arrived at a stop or marked it; what lies after now does not count.
    """
    known = _known(shift, check_ins, now)
    last = _last_sign(shift, known, marks, now)
    backs = [one.at for one in known if one.state is CheckInState.BACK and one.at >= shift.start]
    if last in backs:
        return None
    begun = shift.start if last is None else max(last, shift.start)
    due = begun + timedelta(minutes=settings.every_min)
    return min(due, shift.end) if begun < shift.end else due


def missed(due: datetime | None, now: datetime, settings: CheckInSettings) -> bool:
    """Say whether a sign that is due is missed: not before the grace is over."""
    return due is not None and now > due + timedelta(minutes=settings.grace_min)


def whom_to_call(settings: CheckInSettings, n_tried: int) -> Contact | None:
    """Return the next of the chain after so many calls in vain, `None` where it has no more."""
    return settings.chain[n_tried] if n_tried < len(settings.chain) else None


def standing(
    shift: Shift,
    check_ins: Sequence[CheckIn],
    marks: Iterable[datetime],
    now: datetime,
    settings: CheckInSettings,
) -> Standing:
    """Return how a team stands now; a call for help stands until somebody reached the team."""
    marks = tuple(marks)
    known = _known(shift, check_ins, now)
    last = _last_sign(shift, known, marks, now)
    due = next_due(shift, check_ins, marks, now, settings)
    help_asked = _help_asked(known)
    if help_asked is not None:
        state = State.HELP
    elif missed(due, now, settings):
        state = State.MISSED
    elif due is None:
        state = State.BACK
    else:
        state = State.DUE if now > due else State.WELL
    since = help_asked or last
    calls = [one.at for one in known if one.state is CheckInState.TRIED]
    tried = [at for at in calls if since is None or at >= since]
    to_call = state in {State.HELP, State.MISSED}
    return Standing(
        shift=shift,
        state=state,
        last=last,
        due=due,
        call=whom_to_call(settings, len(tried)) if to_call else None,
        n_tried=len(tried),
    )


def due_times(shift: Shift, settings: CheckInSettings) -> tuple[datetime, ...]:
    """Return when a shift owes its signs if it gives each at the last moment, for a sheet."""
    found, at = [], shift.start + timedelta(minutes=settings.every_min)
    while at < shift.end:
        found.append(at)
        at += timedelta(minutes=settings.every_min)
    return (*found, shift.end)


def _help_asked(known: Sequence[CheckIn]) -> datetime | None:
    """Return when a team last asked for help that nobody reached it after."""
    asked, reached = (
        max((one.at for one in known if one.state is state), default=None)
        for state in (CheckInState.HELP, CheckInState.REACHED)
    )
    return None if asked is None or (reached is not None and reached >= asked) else asked


def _known(shift: Shift, check_ins: Iterable[CheckIn], now: datetime) -> list[CheckIn]:
    """Return what was noted of a shift until now."""
    return [one for one in check_ins if one.shift == shift.id and one.at <= now]


def _last_sign(
    shift: Shift, known: Iterable[CheckIn], marks: Iterable[datetime], now: datetime
) -> datetime | None:
    said = [one.at for one in known if one.state in _SIGNS]
    return max([*said, *(mark for mark in marks if shift.start <= mark <= now)], default=None)
