"""Why a place is a stop: the one sentence that weighs most."""

from __future__ import annotations

import math
from dataclasses import dataclass

from data.messages import Message
from data.vocabulary import VisitPurpose
from patrol.inhabited import INHABITED
from patrol.needs import VisitNeed
from patrol.season import Effect

__all__ = ["Known", "reason_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of one place.

    Parameters
    ----------
    is_due
        Its interval is over by the end of the week.
    """

    rate: float
    need: VisitNeed
    effect: Effect
    slots: tuple[str, ...]
    days_since: float
    n_cases: int
    hours: float
    is_hotspot: bool
    is_explored: bool
    is_due: bool


def reason_of(known: Known, overdue: float, place_id: str, *, must: bool) -> Message:
    """Return the one sentence that weighs most; `data.access` keeps evidence from the field."""
    if must:
        return Message("stop.promised")
    if known.is_hotspot:
        return _risk_reason(known)
    return _other_reason(known, overdue, place_id)


def _other_reason(known: Known, overdue: float, place_id: str) -> Message:
    """Return why one goes where nothing stands out: drives first, then what is late."""
    effect, is_area = known.effect, place_id.startswith(INHABITED)
    if effect.purpose is not VisitPurpose.IDENTIFICATION:
        return Message("stop.purpose", {"purpose": f"@word.purpose.{effect.purpose}"})
    if known.is_explored and not (is_area and known.is_due):
        return Message("stop.inhabited" if is_area else "stop.exploration")
    if overdue >= 1 and not is_area:
        return Message("stop.overdue", {"n": math.floor(overdue)})
    if effect.because is not None:
        return Message("stop.calendar", {"kind": f"@word.calendar.{effect.because}"})
    return _turn_reason(known, is_area=is_area)


def _turn_reason(known: Known, *, is_area: bool) -> Message:
    """Return whose turn it is: of the coast in its season, of what is due, or simply the next."""
    if known.effect.strength:
        return Message("stop.season")
    if known.is_due:
        interval = {"n": math.floor(known.need.interval_days)}
        return Message("stop.inhabited_due" if is_area else "stop.due", interval)
    # Its hours are those of its kind, and nobody claims to have seen more.
    return Message("stop.usual")


def _risk_reason(known: Known) -> Message:
    """Return the evidence of a place at risk; where a person knows of it, no case is made up."""
    slot = f"@word.slot.{known.slots[0]}"
    if not known.n_cases:
        return Message("stop.confirmed_hotspot", {"slot": slot})
    params = {"n": known.n_cases, "hours": round(known.hours, 1)}
    return Message("stop.evidence_hotspot", {**params, "slot": slot})
