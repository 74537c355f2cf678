"""Every inhabited area and every place at its interval: what is due in a week, and how urgent.

What falls due in a week comes before every prize, and after what has to be visited:
first the places at risk and those drawn for exploration, or an interval of four weeks
would take the hours that one of a week needs; then all others, the longest late
first. Where nobody was yet there is no day on which a visit falls due: these places
are spread over an interval, as many a week as it takes to see each of them once.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from data.messages import Message
from data.nouns import TIRANE, LeftOut, Route, Stop, Week
from patrol.needs import WEEK_DAYS, VisitNeed

__all__ = ["NEVER", "Turn", "due_in", "intervals_note", "left_in_order", "urgencies"]

#: How long a place waits where nobody was yet.
NEVER = math.inf
#: So many levels of lateness are kept apart, the longest first; what is less late is one.
_LEVELS = 4
#: The best of what comes first has so many points.
_POINTS = 1000
#: What sums of shares may be off by.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What says whose turn it is in a week.

    Parameters
    ----------
    at_risk
        Ids of the places at risk.
    explored
        Places drawn for exploration: where nobody was yet, they are due.
    unreached
        Places that no round can reach: due like others, but they take nobody's turn.
    """

    at_risk: Collection[str] = ()
    explored: Collection[str] = ()
    unreached: Collection[str] = ()


def due_in(
    week: Week, last_visit: pd.Series, needs: Mapping[str, VisitNeed], turn: Turn
) -> dict[str, float]:
    """Return the places whose interval is over by the end of a week, with the days they waited.

    Parameters
    ----------
    last_visit
        Of `patrol.history.place_history`, empty where nobody was yet: there it is `NEVER`.
    needs
        How often each place is needed that may be visited in the week.
    """
    last = last_visit.dropna().dt.tz_convert(TIRANE).dt.date.to_dict()
    waited = {p: (week.days[-1] - last[p]).days if p in last else NEVER for p in sorted(needs)}
    due = {p: days for p, days in waited.items() if needs[p].interval_days <= days < NEVER}
    usual = [p for p in waited if p not in turn.at_risk and p not in turn.unreached]
    new = [p for p in usual if waited[p] == NEVER]
    rhythm = _visits_a_week(needs[p] for p in usual) - sum(p not in turn.at_risk for p in due)
    n = max(math.ceil(rhythm), math.ceil(_visits_a_week(needs[p] for p in new)))
    drawn = [p for p in new if p in turn.explored]
    first = [*drawn, *(p for p in new if p not in turn.explored)][: max(n, len(drawn))]
    alone = [p for p in waited if waited[p] == NEVER and p not in usual]
    return {**due, **dict.fromkeys((*first, *alone), NEVER)}


def _visits_a_week(needs: Iterable[VisitNeed]) -> float:
    return sum(WEEK_DAYS / one.interval_days for one in needs) - _ROUNDING


def urgencies(
    due: Mapping[str, float],
    needs: Mapping[str, VisitNeed],
    first: Mapping[str, float],
    unreached: Collection[str] = (),
) -> dict[str, int]:
    """Return how urgent what is due is, in whole points by place.

    Of the longest late each outweighs all that are less late together, and one that comes
    first all that do not.

    Parameters
    ----------
    due
        Of `due_in`.
    first
        Prizes of those that come before all others: places at risk and explored ones.
    unreached
        Places that no round can reach: however late, they take no other's level.
    """
    late = {
        place: days if days == NEVER else (days - needs[place].interval_days) // WEEK_DAYS
        for place, days in due.items()
        if place not in first and place not in unreached
    }
    step = len(late) + 1
    levels = sorted(set(late.values()), reverse=True)
    points = {level: step ** max(0, _LEVELS - 1 - n) for n, level in enumerate(levels)}
    found = {place: points[level] for place, level in late.items()}
    more, best = 1 + sum(found.values()), max(first.values(), default=0.0) or 1.0
    return {
        **dict.fromkeys(due, 1),
        **found,
        **{p: more * max(1, round(_POINTS * own / best)) for p, own in first.items() if p in due},
    }


def intervals_note(routes: Iterable[Route], left_out: Iterable[LeftOut]) -> tuple[Message, ...]:
    """Say how much of what is due by its interval the rounds reach, if anything is."""
    reached = {met.stop.id for route in routes for met in route.stops if met.stop.urgency}
    left = {one.stop for one in left_out if _is_due(one.candidate)}
    n = len(reached | left)
    if not n:
        return ()
    if not left:
        return (Message("plan.intervals_kept", {"n": n}),)
    numbers = {"n": n, "reached": len(reached), "left": len(left)}
    return (Message("plan.intervals_short", numbers),)


def left_in_order(left_out: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    """Return what is left out: what is due first, the longest waiting before, the rest by name."""

    def order(one: LeftOut) -> tuple[bool, float, str, str]:
        stop = one.candidate
        is_due = _is_due(stop)
        waited = NEVER if stop is None or stop.waited_days is None else stop.waited_days
        return not is_due, -waited if is_due else 0.0, one.name, one.stop

    return tuple(sorted(left_out, key=order))


def _is_due(stop: Stop | None) -> bool:
    return stop is not None and stop.urgency > 0
