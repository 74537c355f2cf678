"""Unpredictable on purpose: who can foresee a round moves the children before it comes.

Two things are done. No place at risk is met too often at the same weekday and hour:
those hours are closed to it (`closed_hours`). And what is sent out is not the best
plan but one near it, found with prizes and hours that were shaken by chance
(`shaken`), as long as it is worth nearly as much: the price is the coordinator's.
What comes of it is counted (`rhythm`).

References
----------
Fang, Stone and Tambe (2015), IJCAI: patrols against poachers who watch them.
Shannon (1948), Bell System Technical Journal 27: entropy.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np

from data.nouns import TIRANE, TimeWindow
from patrol.problem import Problem
from patrol.ways import later

__all__ = [
    "Rhythm",
    "VarietySettings",
    "WeekHour",
    "closed_hours",
    "hours_of",
    "most_in_an_hour",
    "open_hours",
    "rhythm",
    "shaken",
    "week_hour",
]

#: A weekday (0 is Monday) and an hour of the day.
WeekHour = tuple[int, int]

_DAY_S = 86_400.0
#: A window keeps at least this share of its length.
_KEPT = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class VarietySettings:
    """How unpredictable rounds are.

    Parameters
    ----------
    price
        Share of the best plan's prizes that variety may cost; nought: the best plan is sent out.
    most_share
        Share of a place's visits that may lie in the same weekday and hour.
    from_visits
        A place with fewer visits than this, the planned one counted, may be met at any hour.
    past_days
        Visits of so many days before the week count.
    """

    price: float = 0.05
    most_share: float = 1.0 / 3.0
    from_visits: int = 6
    past_days: int = 84


def week_hour(moment: datetime) -> WeekHour:
    """Return the local weekday and hour of a moment."""
    local = moment.astimezone(TIRANE)
    return local.weekday(), local.hour


def hours_of(met: Iterable[datetime]) -> Counter[WeekHour]:
    """Return how many of some visits began in each weekday and hour."""
    return Counter(week_hour(moment) for moment in met)


def most_in_an_hour(visits: int, settings: VarietySettings) -> int:
    """Return how many of so many visits may begin in one weekday and hour.

    That is the set share of them; one may in any hour, and so may all of a few.
    """
    if visits < settings.from_visits:
        return visits
    return max(1, math.floor(settings.most_share * visits + 1e-9))


def closed_hours(met: Mapping[WeekHour, int], settings: VarietySettings) -> frozenset[WeekHour]:
    """Return the hours in which a place may not be met once more: it would be too often.

    Parameters
    ----------
    met
        How often it was met in each weekday and hour, in the days that count.
    """
    most = most_in_an_hour(sum(met.values()) + 1, settings)
    return frozenset(hour for hour, often in met.items() if often + 1 > most)


def open_hours(
    windows: Iterable[TimeWindow], closed: Collection[WeekHour]
) -> tuple[TimeWindow, ...]:
    """Return windows without the hours that are closed."""
    if not closed:
        return tuple(windows)
    found = []
    for window in windows:
        begin = window.opens
        for hour in _full_hours(window):
            if (hour.weekday(), hour.hour) in closed:
                if begin < hour:
                    found.append(TimeWindow(opens=begin, closes=hour - timedelta(seconds=1)))
                begin = later(hour, timedelta(hours=1))
        if begin <= window.closes:
            found.append(TimeWindow(opens=begin, closes=window.closes))
    return tuple(found)


def _full_hours(window: TimeWindow) -> list[datetime]:
    """Return the beginnings of the hours of the clock that a window touches."""
    hour = window.opens.astimezone(TIRANE).replace(minute=0, second=0, microsecond=0)
    hours = []
    while hour <= window.closes:
        hours.append(hour)
        hour = later(hour, timedelta(hours=1))
    return hours


def shaken(problem: Problem, strength: float, rng: np.random.Generator) -> Problem:
    """Return a problem with prizes and windows shaken by chance: its routes keep the true ones.

    What has to be visited keeps its windows, so that it is not lost by chance.

    Parameters
    ----------
    strength
        Spread of the logarithm of prizes; and, up to 1, the share of its free part that a
        window may lose.
    """
    groups = [
        node.group if node.group is not None else str(i) for i, node in enumerate(problem.nodes)
    ]
    names = sorted(set(groups))
    factors = dict(zip(names, np.exp(strength * rng.normal(size=len(names))), strict=True))
    cuts: dict[tuple[str, tuple[int, int]], tuple[int, int]] = {}
    nodes = []
    for name, node in zip(groups, problem.nodes, strict=True):
        own: dict[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]] = {}
        for windows in (node.windows, *node.hours.values()):
            for window in windows:
                if (name, window) not in cuts:
                    cuts[name, window] = _cut(window, min(strength, 1.0), rng)
            shorter = tuple(cuts[name, window] for window in windows)
            own[windows] = windows if node.required else shorter
        prize = max(1, round(node.prize * float(factors[name])))
        hours = {r: own[windows] for r, windows in node.hours.items()}
        nodes.append(replace(node, prize=prize, windows=own[node.windows], hours=hours))
    return replace(problem, nodes=tuple(nodes))


def _cut(window: tuple[int, int], strength: float, rng: np.random.Generator) -> tuple[int, int]:
    """Return a part of a window, wherever in it chance puts it."""
    opens, closes = window
    lost = round(strength * (1.0 - _KEPT) * rng.random() * (closes - opens))
    early = round(lost * rng.random())
    return opens + early, closes - (lost - early)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How regular the visits to a place are.

    Parameters
    ----------
    n_visits, n_hours
        Visits, and in how many different hours of the week they lie.
    most_share
        Share of the visits in the hour with most of them.
    entropy_bits
        Of the hours of the week; nought where all visits lie in one.
    mean_gap_days, longest_gap_days
        Between a visit and the next; none where there is one visit alone.
    """

    n_visits: int
    n_hours: int
    most_share: float
    entropy_bits: float
    mean_gap_days: float | None
    longest_gap_days: float | None


def rhythm(met: Sequence[datetime]) -> Rhythm:
    """Return how regular visits are; there is at least one."""
    counts = Counter(week_hour(moment) for moment in met)
    shares = [often / len(met) for often in counts.values()]
    ordered = sorted(moment.timestamp() for moment in met)
    gaps = [(later - before) / _DAY_S for before, later in pairwise(ordered)]
    return Rhythm(
        n_visits=len(met),
        n_hours=len(counts),
        most_share=max(shares),
        entropy_bits=-sum(share * math.log2(share) for share in shares) + 0.0,
        mean_gap_days=sum(gaps) / len(gaps) if gaps else None,
        longest_gap_days=max(gaps) if gaps else None,
    )
