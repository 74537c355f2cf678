"""The nouns of teams that are out: whom to call, signs that all are well, and stops passed by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data.vocabulary import CheckInState, SkipReason

__all__ = ["CheckIn", "Contact", "Skip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to call: a role or person of the municipality, and a telephone."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """A sign of a team that is out, or a call to it: a time and never a place."""

    shift: str
    team: str
    municipality: str
    at: datetime
    state: CheckInState


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """A stop that a team passed by on a shift, and why."""

    shift: str
    team: str
    municipality: str
    place_id: str
    at: datetime
    reason: SkipReason
