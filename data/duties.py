"""What people of a crew wish for, and what they do besides rounds: nouns, frozen as all are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from data.vocabulary import DutyKind, Wants

__all__ = ["MOST_WEIGHT", "Duty", "Wish"]

MOST_WEIGHT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A day that somebody would like to have off or to work; a roster may give it up.

    Parameters
    ----------
    team
        With which team they would like to go, of a wish to work; with any where empty.
    weight
        1 to 3: how much it means beside the other wishes.
    """

    worker: str
    day: date
    wants: Wants = Wants.OFF
    team: str = ""
    weight: int = 1

    def __post_init__(self) -> None:
        """Refuse a weight that would drown all other wishes."""
        if not 1 <= self.weight <= MOST_WEIGHT:
            msg = f"a wish weighs 1 to {MOST_WEIGHT}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Work without a round: hours of casework, or a day on call for the helpline."""

    id: str
    kind: DutyKind
    start: datetime
    end: datetime
    workers: tuple[str, ...] = ()
