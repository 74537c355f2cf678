"""A smooth, repeating course (of the week, of the year) at equal effort, its smoothness learned.

What was found in each bin of the cycle is compared with what would have been
found had every bin been alike, given who was there when. Both are smoothed by
several kernels; each event says how well the others, smoothed so, foretell its
bin, and the kernels are weighted by that. A group (a kind of place, the coast, one
place) is drawn towards the course of all as far as it has few events of its own.

References
----------
Brunsdon and Corcoran (2006), Computers, Environment and Urban Systems 30: circular
statistics of the hours of events.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.mixture import mixture_weights
from geo.slots import HOURS, PARTS

__all__ = ["Course", "Events", "group_courses", "learn_course", "month_kernels", "week_kernels"]

Floats = NDArray[np.float64]

#: Strength of the prior under which every kernel, and no course at all, are equally likely.
_PSEUDO_EVENTS = 6.0
_ITERATIONS = 100
#: Events, evenly spread, that every smoothed course is weighed against.
_EVEN = 24.0
#: Events of the common course that a group's own are weighed against; without end: no own course.
_DRAWN = (2.0, 6.0, 20.0, 60.0)
_DAY = 24
_HOUR_WIDTHS = (1.0, 2.0, 4.0)
_MONTH_WIDTHS = (0.7, 1.5)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Events:
    """What was found in each bin of the cycle, and what would have been, were all bins alike.

    Parameters
    ----------
    group, bin, share
        Of each event or part of one: its group, bin, and how much of an event it is; a
        meeting of many is told by all who were met, each with a share.
    sure
        Events whose bin is known; only they judge.
    expected
        Events that each group's effort would have found in each bin, shape (groups, bins).
    """

    group: NDArray[np.int64]
    bin: NDArray[np.int64]
    share: Floats
    sure: NDArray[np.bool_]
    expected: Floats

    def counts(self) -> Floats:
        """Return the events by group and bin, shape (groups, bins)."""
        found = np.zeros_like(self.expected)
        np.add.at(found, (self.group, self.bin), self.share)
        return found

    def judges(self) -> Floats:
        """Return the events whose bin is known, by group and bin, shape (groups, bins)."""
        found = np.zeros_like(self.expected)
        sure = self.sure
        np.add.at(found, (self.group[sure], self.bin[sure]), self.share[sure])
        return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Course:
    """How often against the mean of all effort, shape (bins,), and the kernel that smoothed it."""

    relative: Floats
    kernel: Floats


@functools.cache
def week_kernels() -> tuple[Floats, ...]:
    """Return the ways to smooth 168 hours, shape (168, 168) each, every row summing to one.

    Days are taken together (all, those of work and those of rest, each for itself)
    and hours near each other; a night is part of the day it begins on.
    """
    hour = np.arange(HOURS)
    day = (hour - PARTS["morning"][0]) % HOURS // _DAY
    rest = day >= 5  # noqa: PLR2004 - Saturday and Sunday
    same_hour = hour[:, None] % _DAY == hour[None, :] % _DAY
    pools = (
        same_hour,
        same_hour & (rest[:, None] == rest[None, :]),
        same_hour & (day[:, None] == day[None, :]),
    )
    found = []
    for pool in pools:
        together = pool / pool.sum(axis=1, keepdims=True)
        found += [together @ _ring(HOURS, width) for width in _HOUR_WIDTHS]
    return tuple(found)


@functools.cache
def month_kernels() -> tuple[Floats, ...]:
    """Return the ways to smooth twelve months, shape (12, 12) each."""
    return tuple(_ring(12, width) for width in _MONTH_WIDTHS)


def _ring(n: int, width: float) -> Floats:
    """Return a Gaussian on a ring of n bins, each row summing to one."""
    apart = np.abs(np.arange(n)[:, None] - np.arange(n)[None, :])
    apart = np.minimum(apart, n - apart)
    near = np.exp(-0.5 * (apart / width) ** 2)
    return np.asarray(near / near.sum(axis=1, keepdims=True))


def learn_course(events: Events, kernels: tuple[Floats, ...]) -> Course:
    """Return the course that all groups have in common."""
    counts, expected = events.counts().sum(axis=0), events.expected.sum(axis=0)
    bins = len(expected)
    if not counts.sum() or not expected.sum():
        return Course(relative=np.ones(bins), kernel=np.eye(bins))
    expected = expected * counts.sum() / expected.sum()
    even = _EVEN / bins
    judges = events.judges().sum(axis=0)
    at = np.flatnonzero(judges)
    curves, foretold = [np.ones(bins)], [np.ones(len(at))]
    for kernel in kernels:
        found, due = kernel @ counts + even, kernel @ expected + even
        level = _level(found / due, expected)
        curves.append(found / due / level)
        foretold.append((found[at] - kernel[at, at]) / due[at] / level)
    weights = _weights(np.column_stack(foretold), judges[at])
    relative = weights @ np.vstack(curves)
    smoother = sum(w * k for w, k in zip(weights[1:], kernels, strict=True))
    whole = max(1.0 - weights[0], 1e-9)
    return Course(relative=relative / _level(relative, expected), kernel=smoother / whole)


def group_courses(events: Events, parent: Floats, kernel: Floats) -> Floats:
    """Return the course of each group, drawn towards its parent's; shape (groups, bins).

    Parameters
    ----------
    parent
        The course that each group is drawn to, shape (groups, bins) or (bins,).
    kernel
        Smooths a group's own events, shape (bins, bins).
    """
    parent = np.broadcast_to(parent, events.expected.shape)
    counts, bins = events.counts(), events.expected.shape[1]
    due = np.maximum((events.expected * parent).sum(axis=1, keepdims=True), 1e-9)
    expected = events.expected * counts.sum(axis=1, keepdims=True) / due
    found, alike = counts @ kernel.T, expected @ kernel.T
    judges = events.judges()
    group, at = np.nonzero(judges)
    usual = _levels(parent, expected)
    curves, foretold = [parent], [parent[group, at] / usual[group]]
    for drawn in _DRAWN:
        weight = drawn / bins
        curve = (found + weight * parent) / (alike + weight)
        without = found[group, at] - kernel[at, at] + weight * parent[group, at]
        level = _levels(curve, expected)
        # A group that is out at the best hours only stays at the level of those hours.
        curves.append(curve * (usual / level)[:, None])
        foretold.append(without / (alike[group, at] + weight) / level[group])
    weights = _weights(np.column_stack(foretold), judges[group, at])
    return np.asarray(sum(w * curve for w, curve in zip(weights, curves, strict=True)))


def _levels(curves: Floats, expected: Floats) -> Floats:
    """Return the mean of each group's curve over its effort, shape (groups,); one without any."""
    whole = expected.sum(axis=1)
    found = (curves * expected).sum(axis=1) / np.maximum(whole, 1e-12)
    return np.where((whole > 0) & (found > 0), found, 1.0)


def _level(curve: Floats, expected: Floats) -> float:
    """Return the mean of a curve over the effort."""
    return float((curve * expected).sum() / expected.sum())


def _weights(foretold: Floats, share: Floats) -> Floats:
    """Return the weights under which each event is likeliest."""
    if not share.sum():
        return np.eye(foretold.shape[1])[0]
    likely = np.maximum(foretold, 1e-12)
    return mixture_weights(likely, share, pseudo=_PSEUDO_EVENTS, iterations=_ITERATIONS)
