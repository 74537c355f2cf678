"""The rounds of one to eight weeks: week after week first, then all of them in one search.

What is planned counts as seen in the weeks after: a place visited in the first
week is worth less in the second, and one that is passed over is worth more from
week to week. What a visit is worth so hangs on the visits before it, which a search
with fixed prizes cannot know. So the weeks are searched one after the other, each
with the true prizes that those before it leave; then all of them together, from
there and with these prizes; and of what both have found the better one by its true
prizes is taken. Nothing is ever worth less than planning from week to week.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from data.nouns import RouteStop, Shift, Week
from data.vocabulary import TravelMode
from geo.travel import Router
from patrol.exploration import Draft
from patrol.horizon import Work
from patrol.outlook import NOTHING, OUT_OF_REACH, Outlook
from patrol.routes import Found, Routes, draw_routes, find_rounds, joined
from patrol.stops import Stops
from patrol.task import PlanTask
from patrol.variety import shaken, week_hour
from patrol.ways import measure_ways
from patrol.why_not import left_out

__all__ = ["Together", "WeekRounds", "plan_weeks"]

#: Iterations of the draft that says how much time at places a week has.
_DRAFT_ITERATIONS = 200
#: As long does a place count as having waited where nobody was yet.
_UNSEEN_DAYS = 365
#: How often all weeks are searched together, each time with the prizes that the last one leaves.
_TOGETHER = 2
#: Share of the time that goes to one week after the other, where there are several.
_ROLLED = 0.5
_SEARCHED = 0.9
#: How strongly rounds are shaken, tried from the strongest on, and by how much shorter each search.
_STRENGTHS = (1.0, 0.6, 0.35, 0.2, 0.1)
_SHORTER = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeekRounds:
    """A week's stops and the rounds that were found for it."""

    stops: Stops
    routes: Routes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Together:
    """The rounds of all weeks, and the share of the best ones' prizes that variety cost."""

    weeks: tuple[WeekRounds, ...]
    cost: float


def plan_weeks(  # noqa: PLR0913 - a task, when and by whom, and the streets
    task: PlanTask,
    weeks: Sequence[Week],
    shifts: Sequence[tuple[Shift, ...]],
    routers: Mapping[TravelMode, Router],
    *,
    seed: int,
    progress: Callable[[float], None],
) -> Together:
    """Return the rounds of weeks that follow one another.

    Parameters
    ----------
    shifts
        By week.
    progress
        Told which share is done.
    """
    look = Outlook.of(task, weeks, shifts, seed=seed)
    known = [one for w in range(len(weeks)) for one in look.stops(w, (), like=NOTHING).stops]
    look = replace(look, ways=measure_ways(known, task.bases, routers))
    best = _one_after_other(look, lambda share: progress(share * _ROLLED))
    for n in range(_TOGETHER if len(weeks) > 1 else 0):
        other = _together(look, best, n)
        if other.keeps_hours:
            best = max(best, other, key=_in_tiers)
        progress(_ROLLED + (_SEARCHED - _ROLLED) * (n + 1) / _TOGETHER)
    sent = _varied(look, best)
    rounds = tuple(
        WeekRounds(
            stops=stops,
            routes=draw_routes(sent.found, work, look.ways, task.bases, routers, look.settings),
        )
        for stops, work in zip(sent.stops, sent.works, strict=True)
    )
    return Together(weeks=rounds, cost=max(0.0, 1.0 - sent.prizes / (best.prizes or 1.0)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Answer:
    """Rounds of all weeks, with the stops as they are worth after the weeks before."""

    stops: tuple[Stops, ...]
    works: tuple[Work, ...]
    found: Found

    @property
    def musts(self) -> int:
        """Return how many stops had to be visited and were."""
        return sum(one.stop.must for own in self.found.met for one in own)

    @property
    def missed(self) -> tuple[int, int]:
        """Return what was due and is not visited in its week, as `missed_in`."""
        n_risky, waits = zip(*map(self.missed_in, range(len(self.works))), strict=True)
        return sum(n_risky), sum(waits)

    @property
    def prizes(self) -> float:
        """Return what all visits are worth."""
        return sum(one.stop.prize for own in self.found.met for one in own)

    def missed_in(self, w: int) -> tuple[int, int]:
        """Return what was due in a week and is not visited in it: at risk, and days waited."""
        work = self.works[w]
        met = [one for _, visits in self.found.of_week(work) for one in visits]
        return _missed(self.stops[w], met)

    @property
    def keeps_hours(self) -> bool:
        """Say whether no place is met in an hour that is closed to it in its week."""
        return all(
            week_hour(one.arrive) not in work.closed.get(one.stop.id, frozenset())
            for work in self.works
            for _, visits in self.found.of_week(work)
            for one in visits
        )

    def worth_until(self, w: int) -> float:
        """Return what the visits are worth up to a week and with it."""
        weeks = (self.found.of_week(work) for work in self.works[: w + 1])
        return sum(one.stop.prize for week in weeks for _, visits in week for one in visits)


def _in_tiers(answer: _Answer) -> tuple[float, ...]:
    """Return what answers are compared by, the first before all that follows."""
    n_risky, waits = answer.missed
    return answer.musts, -n_risky, -waits, answer.prizes


def _missed(stops: Stops, met: Sequence[RouteStop]) -> tuple[int, int]:
    """Return how many places at risk are due and not visited, and the days all such waited."""
    visited = {one.stop.id for one in met}
    left = [stop for stop in stops.stops if stop.urgency and stop.id not in visited]
    waits = (_UNSEEN_DAYS if one.waited_days is None else one.waited_days for one in left)
    return sum(stop.id in stops.at_risk for stop in left), sum(waits)


def _one_after_other(look: Outlook, progress: Callable[[float], None]) -> _Answer:
    """Search each week for itself, after the visits of those before."""
    met: list[RouteStop] = []
    stops, works, founds = [], [], []
    for w in range(len(look.weeks)):
        draft = _draft(look, w, met)
        own = look.stops(w, met, draft=draft)
        work = look.work(w, own, met)
        found = find_rounds([work], look.ways, look.settings, seed=look.seed + w)
        met += [one for visits in found.met for one in visits]
        stops.append(own)
        works.append(work)
        founds.append(found)
        progress((w + 1) / len(look.weeks))
    return _Answer(
        stops=tuple(stops),
        works=tuple(works),
        found=joined(works, founds, look.settings, look.ways),
    )


def _draft(look: Outlook, w: int, met: Sequence[RouteStop]) -> Draft:
    """Return what quick rounds without exploration look like: how much time the week has.

    It hangs on streets, hours and how far apart places lie, which no formula
    knows before; a short search finds nearly as many minutes as a long one.
    """
    plain = replace(look.task.settings.stops, exploration_share=0.0)
    stops = look.stops(w, met, settings=plain)
    quick = replace(look.settings, iterations=min(look.settings.iterations, _DRAFT_ITERATIONS))
    work = look.work(w, stops, met)
    found = find_rounds([work], look.ways, quick, seed=look.seed + w)
    visited = [one.stop for own in found.met for one in own]
    seen = {stop.id for stop in visited}
    without = left_out(work, seen, (), look.ways, quick)
    return Draft(
        minutes=sum(stop.service_min for stop in visited),
        visits=Counter(stop.place_id for stop in visited),
        unreached=frozenset(
            one.place_id for one in (*stops.left_out, *without) if one.reason.id in OUT_OF_REACH
        ),
    )


def _varied(look: Outlook, best: _Answer) -> _Answer:
    """Return rounds that nobody foresees and that cost no more than the price; or the best ones.

    Week after week, each after the varied ones before it, and all in all within the price.
    """
    price = look.task.settings.variety.price
    if price <= 0.0:
        return best
    met: list[RouteStop] = []
    stops, works, founds = [], [], []
    for w, before in enumerate(best.stops):
        own = look.stops(w, met, like=before)
        work = look.work(w, own, met)
        least = (1.0 - price) * best.worth_until(w) - sum(one.stop.prize for one in met)
        before_w = [one for _, visits in best.found.of_week(work) for one in visits]
        n_must = sum(one.stop.must for one in before_w)
        found = _one_varied(look, (own, work), w, (n_must, best.missed_in(w), least))
        met += [one for visits in found.met for one in visits]
        stops.append(own)
        works.append(work)
        founds.append(found)
    found = joined(works, founds, look.settings, look.ways)
    sent = _Answer(stops=tuple(stops), works=tuple(works), found=found)
    is_worth_it = sent.prizes >= (1.0 - price) * best.prizes
    keeps_tiers = sent.musts >= best.musts and sent.missed <= best.missed
    return sent if is_worth_it and keeps_tiers else best


def _one_varied(
    look: Outlook,
    asked: tuple[Stops, Work],
    w: int,
    least: tuple[int, tuple[int, int], float],
) -> Found:
    """Return a week's rounds, shaken as strongly as they are still worth enough in each tier."""
    (stops, work), (n_must, missed, worth) = asked, least
    quick = replace(look.settings, iterations=max(1, look.settings.iterations // _SHORTER))
    for n, strength in enumerate(_STRENGTHS):
        rng = np.random.default_rng((look.seed, w, n))
        found = find_rounds(
            [work],
            look.ways,
            quick,
            seed=int(rng.integers(2**32)),
            shake=partial(shaken, strength=strength, rng=rng),
        )
        met = [one for visits in found.met for one in visits]
        is_worth_it = sum(one.stop.prize for one in met) >= worth
        keeps_tiers = sum(one.stop.must for one in met) >= n_must and _missed(stops, met) <= missed
        if is_worth_it and keeps_tiers:
            return found
    return find_rounds([work], look.ways, look.settings, seed=look.seed + w)


def _together(look: Outlook, before: _Answer, nth: int) -> _Answer:
    """Search all weeks at once, going on from rounds and the prizes that they leave."""
    first = before.works[0].rests_until
    works = [replace(work, rests_until=first) for work in before.works]
    found = find_rounds(
        works,
        look.ways,
        look.settings,
        seed=look.seed + len(look.weeks) * (nth + 1),
        start=before.found.node_routes,
    )
    return _judged(look, before, found)


def _judged(look: Outlook, before: _Answer, found: Found) -> _Answer:
    """Return rounds with the stops and prizes that they leave themselves."""
    met: list[RouteStop] = []
    stops, works = [], []
    for w, made in enumerate(before.stops):
        own = look.stops(w, met, like=made)
        work = look.work(w, own, met)
        stops.append(own)
        works.append(work)
        met += [one for _, visits in found.of_week(work) for one in visits]
    return _Answer(stops=tuple(stops), works=tuple(works), found=found.read_with(works))
