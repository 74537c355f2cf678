"""Why a place is not in a plan: the rule that keeps it out, or what would have to give way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from data.changes import Change
from data.errors import HouseError
from data.messages import Message, Param
from data.nouns import TIRANE, Plan, RouteStop
from patrol.revise import prize_of, revise
from patrol.revise_gaps import DayRules
from patrol.revise_ground import ReviseGround

__all__ = ["Instead", "why_not"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """What it would take to put a place into a plan.

    Parameters
    ----------
    rule
        The rule that keeps it out whatever gives way, or `None`.
    plan
        The plan with it, or `None`.
    visit
        When it would be visited.
    gives_way
        Names of the places that would lose a visit.
    loses
        Share of the plan's worth that would go, besides what the place brings, 0 to 1.
    """

    rule: Message | None = None
    plan: Plan | None = None
    visit: RouteStop | None = None
    gives_way: tuple[str, ...] = ()
    loses: float = 0.0

    @property
    def told(self) -> tuple[Message, ...]:
        """Return it as sentences."""
        if self.rule is not None or self.visit is None:
            return () if self.rule is None else (self.rule,)
        at = self.visit.arrive.astimezone(TIRANE)
        there = Message("why_not.fits", {"day": at.date(), "at": at.time()})
        if not self.gives_way:
            return (there, Message("why_not.free"))
        names: dict[str, Param] = {
            "places": ", ".join(self.gives_way),
            "n": len(self.gives_way),
        }
        percent = max(round(100 * self.loses, 1), 0.0)
        return (
            there,
            Message("why_not.gives_way", names),
            Message("why_not.price", {"percent": percent}),
        )


def why_not(
    plan: Plan,
    asked: Change,
    ground: ReviseGround,
    *,
    now: datetime,
    rules: DayRules | None = None,
) -> Instead:
    """Return why a place is not in a plan: found by putting it in and looking at what gives way.

    Parameters
    ----------
    asked
        The change that would put it in.
    """
    stop = asked.stop
    try:
        found = revise(plan, [asked], ground, now=now, rules=rules)
    except HouseError as fault:
        left = next((one for one in plan.left_out if one.stop == stop), None)
        is_rule = left is not None and left.candidate is None
        return Instead(rule=left.reason if left is not None and is_rule else fault.message)
    before, after = (_visits(one) for one in (plan, found))
    visit = next(met for route in found.routes for met in route.stops if met.stop.id == stop)
    gone = before - after
    names = {m.stop.id: m.stop.name for r in plan.routes for m in r.stops}
    worth = prize_of(plan)
    return Instead(
        plan=found,
        visit=visit,
        gives_way=tuple(sorted(names[one] for one in gone)),
        loses=(worth - prize_of(found) + visit.stop.prize) / worth if worth else 0.0,
    )


def _visits(plan: Plan) -> Counter[str]:
    return Counter(met.stop.id for route in plan.routes for met in route.stops)
