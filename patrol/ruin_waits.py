"""When a way is over where a round waits, compiled: into nothing where no round waits.

Looking for waits that are none would take the search as long as everything else it
does. So there are two searches, told apart by the type of the waits: those of
`Given` are an array, or `None`. The three functions themselves are names and never run:
numba puts in what the `overload` of each returns for that type.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import types
from numba.extending import overload
from numpy.typing import NDArray

from patrol.ruin_state import INLINED, Given

__all__ = ["arrive", "has_waits", "leave_by"]


class _Waiting(NamedTuple):
    """What a search with waits sees of `Given`."""

    waits: NDArray[np.int64]


def arrive(d: Given, r: int, at: int, way: int) -> int:
    """Return when a way is over for who could begin it at a moment."""
    raise NotImplementedError


def leave_by(d: Given, r: int, limit: int, way: int) -> int:
    """Return how late a way may begin for it to be over by a limit."""
    raise NotImplementedError


def has_waits(d: Given) -> bool:
    """Say whether any round waits."""
    raise NotImplementedError


def _are_none(d: types.NamedTuple) -> bool:
    return isinstance(d.types[d.fields.index("waits")], types.NoneType)


@overload(arrive, jit_options=INLINED, strict=False)
def _arrive(
    d: types.NamedTuple, r: types.Type, at: types.Type, way: types.Type
) -> Callable[..., int]:
    del r, at, way
    if _are_none(d):
        return lambda d, r, at, way: at + way  # noqa: ARG005 - numba looks at the names

    def after_waits(d: _Waiting, r: int, at: int, way: int) -> int:
        for k in range(d.waits.shape[1]):
            if way > 0 and at < d.waits[r, k, 1] and at + way > d.waits[r, k, 0]:
                at = d.waits[r, k, 1]
        return at + way

    return after_waits


@overload(leave_by, jit_options=INLINED, strict=False)
def _leave_by(
    d: types.NamedTuple, r: types.Type, limit: types.Type, way: types.Type
) -> Callable[..., int]:
    del r, limit, way
    if _are_none(d):
        return lambda d, r, limit, way: limit - way  # noqa: ARG005 - as above

    def before_waits(d: _Waiting, r: int, limit: int, way: int) -> int:
        for k in range(d.waits.shape[1] - 1, -1, -1):
            if way > 0 and limit > d.waits[r, k, 0] and limit - way < d.waits[r, k, 1]:
                limit = d.waits[r, k, 0]
        return limit - way

    return before_waits


@overload(has_waits, jit_options=INLINED, strict=False)
def _has_waits(d: types.NamedTuple) -> Callable[..., bool]:
    found = not _are_none(d)
    return lambda d: found  # noqa: ARG005 - as above
