"""The free time of a shift: between two fixed visits, or a visit and the base.

What is locked, has happened or is under way is fixed. A break that was not taken
yet takes its minutes from one of the pieces.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from data.errors import NoRouteError
from data.messages import Message
from data.nouns import RouteStop, Shift, TimeWindow
from patrol.horizon import RouteSettings
from patrol.plan_settings import plan_settings
from patrol.problem import NO_WAY
from patrol.revise_draft import Draft
from patrol.revise_ground import Travel
from patrol.stops import StopSettings
from patrol.variety import VarietySettings

__all__ = [
    "DayRules",
    "Gap",
    "first_begin",
    "fixed_of",
    "free_time",
    "gaps_of",
    "has_rested",
    "kept_in",
    "time_of",
    "usual_in",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRules:
    """What a day is solved by; the plan that is changed has its own numbers.

    Parameters
    ----------
    iterations
        Budget of the search, of a hundred ruins each.
    safety_stop_s
        Processor seconds after which a search is stopped whatever it has found.
    routes, stops, variety
        How rounds are made, how often places are met, and how they may not be foreseen.
    """

    iterations: int = 100
    safety_stop_s: float = 1.0
    routes: RouteSettings = field(default_factory=RouteSettings)
    stops: StopSettings = field(default_factory=StopSettings)
    variety: VarietySettings = field(default_factory=VarietySettings)

    def of_plan(self, settings: Mapping[str, Any]) -> DayRules:
        """Return the rules with the numbers that a plan was made by."""
        own = plan_settings(settings)
        return replace(self, routes=own.routes, stops=own.stops, variety=own.variety)

    def home_of(self, shift: Shift) -> str:
        """Return the base at which a shift's round ends."""
        return self.routes.end_bases.get(shift.team, shift.base)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Free time of a shift between two fixed visits, or a visit and the base.

    Parameters
    ----------
    opens, closes
        Seconds since 1970.
    home
        Base at which the shift's round ends.
    """

    shift: Shift
    before: RouteStop | None
    after: RouteStop | None
    opens: int
    closes: int
    home: str

    @property
    def origin(self) -> str:
        """Return where it begins."""
        return self.shift.base if self.before is None else self.before.stop.id

    @property
    def destination(self) -> str:
        """Return where it ends."""
        return self.home if self.after is None else self.after.stop.id


def time_of(moment: datetime) -> int:
    """Return a moment as whole seconds since 1970."""
    return math.floor(moment.astimezone(UTC).timestamp())


def fixed_of(draft: Draft, shift: Shift, travel: Travel) -> tuple[RouteStop, ...]:
    """Return the visits that stay as they are: what happened, what is locked, what is under way."""
    found, here, free = [], shift.base, shift.start
    for met in draft.visits[shift.id]:
        depart = time_of(met.arrive) - travel.between(shift.mode, here, met.stop.id)
        under_way = max(depart, time_of(free)) <= time_of(draft.now)
        locked = (shift.id, met.stop.id) in draft.locks
        if met.arrive <= draft.now or locked or (under_way and not draft.divert):
            found.append(met)
        here, free = met.stop.id, met.leave
    return tuple(found)


def gaps_of(draft: Draft, shift: Shift, travel: Travel, rules: DayRules) -> tuple[Gap, ...]:
    """Return the free time of a shift.

    Raises
    ------
    NoRouteError
        If there is no time for the way between two fixed visits.
    """
    if shift.id in draft.ended or shift.end <= draft.now:
        return ()
    fixed = fixed_of(draft, shift, travel)
    found = []
    for before, after in pairwise((None, *fixed, None)):
        if after is not None and after.arrive <= draft.now:
            continue
        free = shift.start if before is None else before.leave
        gap = Gap(
            shift=shift,
            before=before,
            after=after,
            opens=time_of(max(free, draft.now)),
            closes=time_of(shift.end if after is None else after.arrive),
            home=rules.home_of(shift),
        )
        arrives = travel.arrives(shift, gap.origin, gap.destination, gap.opens)
        way = travel.between(shift.mode, gap.origin, gap.destination)
        is_under_way = gap.closes - way <= time_of(draft.now) and time_of(free) + way <= gap.closes
        if arrives <= gap.closes:
            found.append(gap)
        elif not is_under_way:
            raise _clash(draft, gap, way, arrives)
    return tuple(found)


def _clash(draft: Draft, gap: Gap, way: int, arrives: int) -> NoRouteError:
    """Return why two visits cannot both be kept, and what would mend it."""
    before, after = _name(gap.before), _name(gap.after)
    params = {**draft.naming(gap.shift.id), "place": after or before}
    if way >= NO_WAY:
        return NoRouteError(Message("revise.no_way", params))
    short = {"n": math.ceil((arrives - gap.closes) / 60)}
    if not after:
        return NoRouteError(Message("revise.late_home", {**params, **short}))
    if not before:
        return NoRouteError(Message("revise.too_soon", {**params, **short}))
    return NoRouteError(Message("revise.clash", {**params, **short, "lock": before}))


def _name(met: RouteStop | None) -> str:
    return "" if met is None else met.stop.name


def free_time(draft: Draft, shift: Shift, travel: Travel, rules: DayRules) -> list[Gap]:
    """Return the free time of a shift, less that of its break where none was taken yet.

    It is taken from the piece nearest the middle that has room for it beside what the
    plan does there; a team takes it before it goes on to the next fixed visit.
    """
    gaps, pause = list(gaps_of(draft, shift, travel, rules)), rules.routes.pause_s(shift)
    if not gaps or not pause or has_rested(draft, shift, travel, pause):
        return gaps
    middle = (time_of(shift.start) + time_of(shift.end)) / 2

    def rank(i: int) -> tuple[bool, float, int]:
        shorter = replace(gaps[i], closes=gaps[i].closes - pause)
        usual = usual_in(draft, gaps[i])
        keeps = len(kept_in(shorter, usual, travel)) == len(usual)
        return (not keeps, abs((gaps[i].opens + gaps[i].closes) / 2 - middle), i)

    room = [
        i
        for i, gap in enumerate(gaps)
        if travel.arrives(shift, gap.origin, gap.destination, gap.opens) + pause <= gap.closes
    ]
    if not room:
        raise NoRouteError(Message("revise.no_break", draft.naming(shift.id)))
    chosen = min(room, key=rank)
    gaps[chosen] = replace(gaps[chosen], closes=gaps[chosen].closes - pause)
    return gaps


def has_rested(draft: Draft, shift: Shift, travel: Travel, pause: int) -> bool:
    """Say whether a break lies behind the team already."""
    past = [met for met in draft.visits[shift.id] if met.arrive <= draft.now]
    return any(
        time_of(after.arrive)
        - time_of(before.leave)
        - travel.between(shift.mode, before.stop.id, after.stop.id)
        >= pause
        for before, after in pairwise(past)
    )


def usual_in(draft: Draft, gap: Gap) -> list[RouteStop]:
    """Return what the plan does in a gap so far."""
    first = gap.opens if gap.before is None else time_of(gap.before.arrive)
    last = math.inf if gap.after is None else time_of(gap.after.arrive)
    fixed = {one.stop.id for one in (gap.before, gap.after) if one is not None}
    return [
        met
        for met in draft.visits[gap.shift.id]
        if first <= time_of(met.arrive) <= last and met.stop.id not in fixed
    ]


def kept_in(gap: Gap, usual: Sequence[RouteStop], travel: Travel) -> list[str]:
    """Return which of a gap's usual stops still fit, in their order."""
    kept, here, clock = [], gap.origin, gap.opens
    for met in usual:
        begin = first_begin(met.stop.windows, travel.arrives(gap.shift, here, met.stop.id, clock))
        if begin is None:
            continue
        done = begin + round(60 * met.stop.service_min)
        if travel.arrives(gap.shift, met.stop.id, gap.destination, done) <= gap.closes:
            kept.append(met.stop.id)
            here, clock = met.stop.id, done
    return kept


def first_begin(windows: Iterable[TimeWindow], earliest: int) -> int | None:
    """Return when a visit can begin, not before a second; `None` where it is never open again."""
    opened = [w for w in windows if time_of(w.closes) >= earliest]
    return min((max(earliest, time_of(w.opens)) for w in opened), default=None)
