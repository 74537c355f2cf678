"""What a coordinator changed in a plan by hand, as values that are kept with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from data.vocabulary import ChangeKind, PlaceKind

__all__ = ["Change", "Spot"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place as somebody names it who wants it in the plan."""

    place_id: str
    name: str
    kind: PlaceKind
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that was changed; which fields it needs hangs on its kind.

    Parameters
    ----------
    shift, stop
        The visit it is about: a place's stop in the round of a shift.
    to_shift
        Whose round a stop moves or is added to; empty: where it fits best.
    order
        A round's stops in the order that was asked for.
    at
        When a visit is to begin, of a lock where a person said so; of what happened today,
        since when it is known.
    spot
        The place to be added, where the plan does not know it yet.
    other
        The stop at the other end of a road that is closed.
    worker, until
        Who is ill, and the last day of it.
    """

    kind: ChangeKind
    shift: str = ""
    stop: str = ""
    to_shift: str = ""
    order: tuple[str, ...] = ()
    at: datetime | None = None
    spot: Spot | None = None
    other: str = ""
    worker: str = ""
    until: date | None = None
