"""What the compiled search works on, as arrays, and how its functions are compiled.

numba keeps what it compiled beside a function's file and looks whether that file
has changed, not the files of the functions that it calls. So what Python calls
(`entry`) is kept under a name that hangs on the text of all of them; the rest
(`inner`) is compiled into it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

__all__ = ["INLINED", "LATE", "NOBODY", "Given", "Plan", "Work", "entry", "inlined", "inner"]

#: No moment and no cost is later or higher.
LATE = 1 << 60
#: The round of a stop that nobody visits.
NOBODY = -1

#: Nothing is allocated in the search, so nobody has to count who holds an array: counting would
#: take most of the time, as every call hands on dozens of them.
_UNCOUNTED: dict[str, Any] = {"_nrt": False}

#: How a short function is compiled into the loops that call it.
INLINED: Any = {"forceinline": True, **_UNCOUNTED}

F = TypeVar("F", bound=Callable[..., object])


def _text() -> str:
    files = sorted(Path(__file__).parent.glob("ruin_*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def inner(function: F) -> F:
    """Compile a function that only compiled ones call."""
    return cast("F", numba.njit(**_UNCOUNTED)(function))


def inlined(function: F) -> F:
    """Compile a short function into the loops that call it: a call costs more than it does."""
    return cast("F", numba.njit(**INLINED)(function))


def entry(function: F) -> F:
    """Compile a function that Python calls, or load what was compiled from the same text."""
    function.__qualname__ = f"{function.__name__}_{_text()}"
    try:
        return cast("F", numba.njit(cache=True, **_UNCOUNTED)(function))
    except RuntimeError:  # nowhere to keep what was compiled: it is compiled at each start
        return cast("F", numba.njit(**_UNCOUNTED)(function))


class Given(NamedTuple):
    """A problem as arrays. Points are the stops, then start and end of each round.

    Parameters
    ----------
    ways
        Ticks, shape (ways of moving, points, points).
    near
        Stops by distance from each stop, shape (stops, stops).
    opens, closes
        Windows of each stop by opening, shape (stops, windows).
    low, high
        The first window of a stop that a round could serve and the one after the last, shape
        (stops, rounds).
    first, last
        When the first of them opens and the last one closes, shape (stops, rounds).
    least
        Ticks that a visit takes a round at least: service, and ways from and to the nearest points,
        shape (stops, ways of moving).
    able, n_able
        The rounds that could serve a stop, shape (stops, rounds), and how many they are.
    prize
        What it is worth; a required stop more than all others together.
    mates, gaps
        Other stops of its group, shape (stops, mates); none: -1, after all. And the days that
        lie between at least.
    orders
        Stops in the orders in which they may be put in, required ones first.
    matrix, begins, ends, day, most
        How a round moves, when it begins and ends, its day from 0, its stops at most, shape
        (rounds,).
    pause
        Ticks of a round's break, none: 0, and the span in which it begins, shape (rounds, 3).
    waits
        Spans in which no way of a round is under way, in order, shape (rounds, most, 2); those
        that it does not have lie after all moments. `None` where no round waits.
    """

    ways: NDArray[np.int32]
    near: NDArray[np.int32]
    service: NDArray[np.int64]
    opens: NDArray[np.int64]
    closes: NDArray[np.int64]
    low: NDArray[np.int32]
    high: NDArray[np.int32]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    least: NDArray[np.int64]
    able: NDArray[np.int32]
    n_able: NDArray[np.int64]
    prize: NDArray[np.float64]
    mates: NDArray[np.int32]
    gaps: NDArray[np.int32]
    orders: NDArray[np.int64]
    matrix: NDArray[np.int64]
    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    day: NDArray[np.int64]
    most: NDArray[np.int64]
    pause: NDArray[np.int64]
    waits: NDArray[np.int64] | None
    n_required: int


class Plan(NamedTuple):
    """Rounds under way.

    Parameters
    ----------
    route, size
        Points of each round from start to end, shape (rounds, most stops + 2), and its stops.
    leave, latest
        When each point is left (the end: reached) with the break over, and how late it may be
        reached with the break over; as `route`. A round without a break has it over.
    eager, patient
        The same with the break still to come; only for rounds with one.
    room
        Ticks between leaving a point and having to be at the next one, at most, shape (rounds,).
    ticks
        Under way, shape (rounds,).
    version
        A number that only the same route of a round has.
    owner
        The round of each stop.
    worth
        The prizes collected, and the ticks under way.
    """

    route: NDArray[np.int32]
    size: NDArray[np.int64]
    leave: NDArray[np.int64]
    latest: NDArray[np.int64]
    eager: NDArray[np.int64]
    patient: NDArray[np.int64]
    room: NDArray[np.int64]
    ticks: NDArray[np.int64]
    version: NDArray[np.int64]
    owner: NDArray[np.int64]
    worth: NDArray[np.float64]


class Work(NamedTuple):
    """Room to work in.

    Parameters
    ----------
    chance
        The state of chance.
    counted
        The newest version of a round, and the newest look at the days of a group.
    marked
        Stops to take out.
    changed, stale
        Rounds in which the plan on trial differs from the present one, and the best one does.
    full
        The version of a round in which there was no room for a stop, shape (stops, rounds).
    banned
        The last look that found a day too near a visit of the group, shape (days,).
    waiting, round, place, value
        A list of stops, and their best places.
    """

    chance: NDArray[np.uint64]
    counted: NDArray[np.int64]
    marked: NDArray[np.bool_]
    changed: NDArray[np.bool_]
    stale: NDArray[np.bool_]
    full: NDArray[np.int64]
    banned: NDArray[np.int64]
    waiting: NDArray[np.int64]
    round: NDArray[np.int64]
    place: NDArray[np.int64]
    value: NDArray[np.float64]
