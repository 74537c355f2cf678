"""When: the course of the week by kind of place, and of the year by coast and inland.

At equal effort: everything that was found is set against what the hours of presence would have
found had all hours and months been alike; what is left is the course. With it,
hours kept at a bad time count less than hours kept at a good one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from data.vocabulary import PlaceKind
from geo.cycle import Events, group_courses, learn_course, month_kernels, week_kernels
from geo.effort import MONTHS, Ledger
from geo.pooling import pool
from geo.slots import HOURS, SLOT_IDS, SLOT_OF_HOUR

__all__ = [
    "SIDES",
    "UNWRITTEN",
    "USUAL_PER_HOUR",
    "Exposure",
    "Times",
    "exposure_of",
    "learn_times",
    "level_of",
    "own_rates",
    "side_of",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: The year is learned apart for these.
SIDES = ("inland", "coast")
#: As near as this to a beach or promenade is on the coast.
_COAST_M = 1_000.0
_ROUNDS = 8
#: Share of the presence that nobody wrote down.
UNWRITTEN = 0.03
_HOUR_SHARE = np.bincount(SLOT_OF_HOUR, minlength=len(SLOT_IDS)) / HOURS
#: A case in fifty hours: what a rate begins from where no team was ever out.
USUAL_PER_HOUR = 0.02


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Times:
    """The courses, and how much others see.

    Parameters
    ----------
    kind_of
        The position of each place's kind in `week`, shape (places,).
    side_of
        0 inland, 1 on the coast, shape (places,).
    week
        Relative rate by kind of place and hour of the week, shape (kinds, 168).
    town_week
        The same of all kinds together, shape (168,).
    kernel
        Smooths the events of a week as the town's were, shape (168, 168).
    year
        Relative rate by side and month, shape (2, 12).
    others_h
        What others' eyes are worth at each place, in hours of a team's presence a week.
    """

    kind_of: Ints
    side_of: Ints
    week: Floats
    town_week: Floats
    kernel: Floats
    year: Floats
    others_h: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exposure:
    """Hours in which a child could have been met, each weighed by its month.

    Parameters
    ----------
    slots
        By place and slot, shape (places, 8).
    whole
        By place, hours of the week weighed by their course as well, shape (places,).
    others
        Share of the whole that is others' eyes and no team's, shape (places,).
    """

    slots: Floats
    whole: Floats
    others: Floats


def side_of(kinds: NDArray[np.object_], xy_m: Floats) -> Ints:
    """Return 1 for places on the coast, near a beach or promenade, and 0 for others."""
    sea = np.isin(kinds, [str(PlaceKind.BEACH), str(PlaceKind.PROMENADE)])
    if not sea.any():
        return np.zeros(len(kinds), dtype=np.int64)
    gap_m, _ = cKDTree(xy_m[sea]).query(xy_m)
    return np.asarray(gap_m <= _COAST_M, dtype=np.int64)


def learn_times(ledger: Ledger, kinds: NDArray[np.object_], xy_m: Floats) -> Times:
    """Return the courses of the week and the year.

    Parameters
    ----------
    kinds, xy_m
        Of each place; metres.
    """
    names, kind_of = np.unique(kinds.astype(str), return_inverse=True)
    found = Times(
        kind_of=kind_of.astype(np.int64),
        side_of=side_of(kinds, xy_m),
        week=np.ones((len(names), HOURS)),
        town_week=np.ones(HOURS),
        kernel=np.eye(HOURS),
        year=np.ones((len(SIDES), MONTHS)),
        others_h=_others(ledger, ledger.hours + ledger.unrecorded()),
    )
    rate = own_rates(ledger, exposure_of(ledger, found).whole)
    week = _events(ledger, rate, found, of=found.kind_of, bins=HOURS)
    course = learn_course(week, week_kernels())
    year = _events(ledger, rate, found, of=found.side_of, bins=MONTHS)
    season = learn_course(year, month_kernels())
    by_kind = group_courses(week, course.relative, course.kernel)
    # A rate is one of the hours that teams keep, not of those in which others see.
    usual = ledger.seen_h @ course.relative[ledger.seen_hour] / max(ledger.seen_h.sum(), 1e-9)
    usual = usual if usual > 0 else 1.0
    learned = Times(
        kind_of=found.kind_of,
        side_of=found.side_of,
        week=by_kind / usual,
        town_week=course.relative / usual,
        kernel=course.kernel,
        year=group_courses(year, season.relative, season.kernel),
        others_h=found.others_h,
    )
    own = exposure_of(ledger, learned, others=False).whole
    # They are awake at the hours that teams keep and at all others.
    awake = float(learned.week.mean(axis=1)[found.kind_of].mean()) if ledger.n_places else 1.0
    return replace(learned, others_h=_others(ledger, own) / awake)


def exposure_of(ledger: Ledger, times: Times, *, others: bool = True) -> Exposure:
    """Return the hours in which children could have been met, teams' and others' together."""
    places, slots = ledger.n_places, len(SLOT_IDS)
    side, kind = times.side_of[ledger.seen_place], times.kind_of[ledger.seen_place]
    lasted = ledger.seen_h * times.year[side, ledger.seen_month]
    at = ledger.seen_place * slots + SLOT_OF_HOUR[ledger.seen_hour]
    by_slot = np.bincount(at, lasted, places * slots).reshape(places, slots)
    weighed = lasted * times.week[kind, ledger.seen_hour]
    whole = np.bincount(ledger.seen_place, weighed, places).astype(np.float64)
    # Before the records a place is held to have been visited at its usual hours.
    before = ledger.unrecorded() * _season(times, ledger.before_month)
    usual = by_slot.sum(axis=0) / max(by_slot.sum(), 1e-12)
    own = by_slot / np.maximum(by_slot.sum(axis=1, keepdims=True), 1e-12)
    seen = ledger.hours > 0
    by_slot = by_slot + before[:, None] * np.where(seen[:, None], own, usual)
    at_usual = whole / np.maximum(np.bincount(ledger.seen_place, lasted, places), 1e-12)
    whole = whole + before * np.where(seen, at_usual, 1.0)
    share = np.zeros(places)
    if others:
        eyes = times.others_h * ledger.reported_month.sum() * _season(times, ledger.reported_month)
        by_slot = by_slot + eyes[:, None] * _HOUR_SHARE
        eyes = eyes * times.week.mean(axis=1)[times.kind_of]
        whole = whole + eyes
        share = eyes / np.maximum(whole, 1e-12)
    return Exposure(slots=by_slot, whole=whole, others=share)


def _season(times: Times, weeks: Floats) -> Floats:
    """Return the mean of the year's course over weeks by month, at each place."""
    if not weeks.sum():
        return np.ones(len(times.side_of))
    return np.asarray((times.year @ weeks / weeks.sum())[times.side_of])


def own_rates(ledger: Ledger, exposure: Floats) -> Floats:
    """Return the rate of each place, drawn to the mean of all and not to any neighbour."""
    found = ledger.found
    mean = level_of(found.sum(), exposure.sum())
    return pool(found, exposure, np.full((len(found), 1), mean)).mean


def level_of(found: float, exposure: float) -> float:
    """Return cases an hour of all together; half a case where nobody was found."""
    return max(found, 0.5) / exposure if exposure > 0 else USUAL_PER_HOUR


def _others(ledger: Ledger, own: Floats) -> float:
    """Return the hours of presence a week that others' eyes are worth at each place.

    As many reports are expected as came, and places where teams look are not taken
    for the usual ones: the rates of all places say how much the others see.
    """
    weeks, reported = ledger.reported_month.sum(), ledger.reported
    if not weeks or not reported or not ledger.n_places:
        return 0.0
    finds = ledger.found.sum() - reported
    begun = reported / (ledger.n_places * level_of(finds, own.sum()))
    eyes = begun
    for _ in range(_ROUNDS):
        rate = own_rates(ledger, own + eyes)
        eyes = float(np.clip(reported / rate.sum(), begun / 4.0, begun * 4.0))
    return eyes / weeks


def _events(ledger: Ledger, rate: Floats, times: Times, *, of: Ints, bins: int) -> Events:
    """Return what was found by group and bin, and what equal hours would have found."""
    weekly = bins == HOURS
    groups = len(times.week) if weekly else len(SIDES)
    seen_bin = ledger.seen_hour if weekly else ledger.seen_month
    # The unrecorded hours lie like the recorded ones in the week; in the year they have months.
    lasted = ledger.seen_h * rate[ledger.seen_place]
    own, before = ledger.hours, ledger.unrecorded()
    if weekly:
        lasted = lasted * (1.0 + before / np.maximum(own, 1e-12))[ledger.seen_place]
    expected = np.zeros((groups, bins))
    np.add.at(expected, (of[ledger.seen_place], seen_bin), lasted)
    by_group = np.bincount(of, rate, groups)
    eyes = times.others_h * ledger.reported_month
    expected += by_group[:, None] * (np.full(bins, eyes.sum() / bins) if weekly else eyes)
    if not weekly and ledger.before_month.sum():
        old = np.bincount(of, rate * before, groups)
        expected += old[:, None] * ledger.before_month / ledger.before_month.sum()
    # Some presence is never written down, and can have been at any time.
    expected = (1.0 - UNWRITTEN) * expected + UNWRITTEN * expected.mean(axis=1, keepdims=True)
    return Events(
        group=of[ledger.case_place],
        bin=ledger.case_hour if weekly else ledger.case_month,
        share=ledger.case_meeting,
        sure=ledger.case_timed if weekly else np.ones(len(ledger.case_place), dtype=bool),
        expected=expected,
    )
