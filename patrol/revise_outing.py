"""A round of a draft as its end is counted, whoever is met."""

from __future__ import annotations

from itertools import pairwise

from data.nouns import Shift
from patrol.revise_draft import Draft
from patrol.revise_gaps import DayRules
from patrol.revise_ground import Travel
from patrol.round_ends import Outing, pause_in

__all__ = ["outing_of"]


def outing_of(draft: Draft, shift: Shift, travel: Travel, rules: DayRules) -> Outing:
    """Return a round of a draft as it stands."""
    visits = draft.visits[shift.id]
    there = [shift.base, *(met.stop.id for met in visits), rules.home_of(shift)]
    ways = tuple(travel.between(shift.mode, a, b) for a, b in pairwise(there))
    waits = travel.limits.spans(shift.id)
    return Outing(
        shift=shift,
        visits=visits,
        ways_s=ways,
        held=frozenset(stop for own, stop in draft.appointed if own == shift.id),
        settings=rules.routes,
        variety=rules.variety,
        pause=pause_in(shift, visits, ways, rules.routes.pause_s(shift), waits),
        waits=waits,
        now=draft.now,
    )
