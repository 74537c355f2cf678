"""Groups of very many points in the plane: HDBSCAN's hierarchy in n log n, and no point moved.

scikit-learn's search for the tree that joins all points looks at every pair.
Here the tree is found among so few edges as there are near neighbours, and is as
short: with m for the least size of a group, the cheapest edge by mutual reachability
between any set of points and the rest is among

- the edges of a Delaunay triangulation,
- those from a point to its m nearest (itself among them), and
- those between any two of a point's m nearest.

For let that edge join a and b, the shortest of the cheapest. Where it costs more
than it is long, one of the two is among the other's m nearest. Otherwise, where
no point lies in the circle over it, it is in the triangulation. Where a point c
lies there, c is on one side of the cut, and its edge to the other side is shorter
and yet no cheaper, which only the reach of c can be the cause of: it reaches
beyond a and b, and both are among its m nearest.

References
----------
Campello, Moulavi and Sander (2013), PAKDD: HDBSCAN, excess of mass.
Gabriel and Sokal (1969), Systematic Zoology 18 (3): the circle over an edge.
"""

from __future__ import annotations

from itertools import combinations
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree
from scipy.spatial import cKDTree

__all__ = ["join_near", "told_apart"]

#: Metres: cases nearer than this are at one spot; it keeps densities finite.
_SAME_M: Final = 1e-3

Edges = NDArray[np.int64]


def told_apart(
    spots_m: NDArray[np.float64], weight: NDArray[np.int64], *, min_size: int, join_m: float
) -> NDArray[np.int64]:
    """Return the group of each spot, shape (n,), or -1: HDBSCAN's by excess of mass.

    Parameters
    ----------
    spots_m
        Distinct points in the order of their coordinates, shape (n, 2), metres.
    weight
        How many cases lie at each, shape (n,); all together at least `min_size`.
    min_size
        Least number of cases in a group, and how many a point must reach.
    join_m
        Where all cases are one group, those farther than this from it are noise.
    """
    core_m, edges = _candidates(spots_m, weight, min_size)
    tree, far_m = _tree(spots_m, core_m, edges)
    grown = _Growth(weight, min_size)
    ends = np.flatnonzero(np.diff(far_m, append=np.inf)) + 1
    # Loops over plain lists are several times as fast as over arrays.
    pairs = list(zip(*tree.T.tolist(), strict=True))
    first = 0
    for end, far in zip(ends.tolist(), far_m[ends - 1].tolist(), strict=True):
        grown.lay(pairs[first:end], far)
        first = end
    return grown.labels(join_m)


def join_near(
    xy_m: NDArray[np.float64], labels: NDArray[np.int64], join_m: float
) -> NDArray[np.int64]:
    """Return labels in which groups are one whose nearest members are nearer than `join_m`.

    A chain of short steps between two groups is also one of edges of the
    triangulation of their members (it holds the shortest tree), so no others are looked at.
    """
    member = np.flatnonzero(labels >= 0)
    if not len(member):
        return labels
    edges = _triangulation(xy_m[member])
    short = _length(xy_m[member], edges) < join_m
    pairs = labels[member][edges[short]]
    count = int(labels.max()) + 1
    near = coo_array((np.ones(len(pairs), dtype=bool), pairs.T), shape=(count, count))
    _, owner = connected_components(near, directed=False)
    return np.where(labels >= 0, owner[labels], -1).astype(np.int64)


def _candidates(
    spots_m: NDArray[np.float64], weight: NDArray[np.int64], min_size: int
) -> tuple[NDArray[np.float64], Edges]:
    """Return how far each spot reaches for `min_size` cases, and the edges a tree may have."""
    n = len(spots_m)
    k = min(min_size, n)
    _, near = cKDTree(spots_m).query(spots_m, k=[*range(1, k + 1)])
    reached = (weight[near].cumsum(axis=1) >= min_size).argmax(axis=1)
    # Measured like the edges, to the last bit: a reach is the length of one of them.
    core_m = _length(spots_m, np.column_stack([np.arange(n), near[np.arange(n), reached]]))
    pairs = [near[:, [a, b]] for a, b in combinations(range(k), 2)]
    # The first of the nearest is the spot itself: two of them that count it are its own edges.
    edges = np.concatenate([*pairs, _triangulation(spots_m)])
    edges.sort(axis=1)
    keys = np.sort(edges[:, 0].astype(np.int64) * n + edges[:, 1])
    return core_m, np.column_stack(np.divmod(keys[np.diff(keys, prepend=-1) > 0], n))


def _triangulation(xy_m: NDArray[np.float64]) -> Edges:
    """Return the edges of a Delaunay triangulation, shape (edges, 2), and of points at one spot.

    GEOS' is quicker than Qhull's, leaves no near pair out, and of points in one line is a chain.
    """
    xy_m = xy_m - xy_m.mean(axis=0)
    order = np.lexsort((xy_m[:, 1], xy_m[:, 0]))
    made = shapely.delaunay_triangles(shapely.multipoints(xy_m), only_edges=True)
    # As complex numbers points are compared by their first coordinate, then by their second.
    known, ends = (
        np.ascontiguousarray(points).view(np.complex128).ravel()
        for points in (xy_m[order], shapely.get_coordinates(made))
    )
    again = np.flatnonzero(known[1:] == known[:-1])
    edges = np.searchsorted(known, ends).reshape(-1, 2)
    return order[np.concatenate([edges, np.column_stack([again, again + 1])])]


def _length(spots_m: NDArray[np.float64], edges: Edges) -> NDArray[np.float64]:
    step = spots_m[edges[:, 0]] - spots_m[edges[:, 1]]
    return np.hypot(step[:, 0], step[:, 1])


def _tree(
    spots_m: NDArray[np.float64], core_m: NDArray[np.float64], edges: Edges
) -> tuple[Edges, NDArray[np.float64]]:
    """Return the ends and the mutual reachability of the tree's edges, the nearest first."""
    n = len(spots_m)
    long_m = _length(spots_m, edges)
    far_m = np.maximum(long_m, core_m[edges].max(axis=1))
    # Of edges as far the shortest is taken, so that a tree's shape hangs on no order.
    order = np.lexsort((long_m, far_m))
    edges, far_m = edges[order], far_m[order]
    rank = np.arange(1.0, len(edges) + 1.0)
    tree = minimum_spanning_tree(coo_array((rank, edges.T), shape=(n, n)).tocsr())
    kept = np.sort(tree.data).astype(np.int64) - 1
    return edges[kept], far_m[kept]


class _Growth:
    """Groups as they grow and meet while a tree's edges are laid, the nearest first.

    A density is one over a distance. A group begins when as many cases hang
    together as it needs, and ends where it meets another: the two are parts of a
    new one then. Its excess of mass is what its cases were denser than at its end,
    each from where it came in.
    """

    def __init__(self, weight: NDArray[np.int64], min_size: int) -> None:
        n = len(weight)
        self._min_size = min_size
        # Of the spots that hang together one leads; what is kept of them is kept by it.
        self._leader = list(range(n))
        self._size: list[int] = weight.tolist()
        self._group = [-1] * n
        self._loose = [[spot] for spot in range(n)]
        # Of each spot: the group it came into, and at what distance.
        self._owner = [-1] * n
        self._came_m = [0.0] * n
        # Of each group.
        self._mass: list[float] = []
        self._whole: list[int] = []
        self._stands: list[bool] = []
        self._parts_best: list[float] = []
        for spot in np.flatnonzero(weight >= min_size).tolist():
            self._group[spot] = self._begin()
            self._come_in(spot, spot, 0.0)

    def lay(self, pairs: list[tuple[int, int]], far_m: float) -> None:
        """Join what the ends of edges belong to that are all of one length, the shortest first.

        They are laid at one time: no group begins or ends among them that would not
        be there in another order.
        """
        apart = [pair for pair in pairs if not self._take_in(*pair, far_m)]
        for one, _ in pairs:
            leader = self._lead(one)
            if self._group[leader] < 0 and self._size[leader] >= self._min_size:
                self._group[leader] = self._begin()
                self._come_in(leader, leader, far_m)
        if apart:
            self._meet(apart, 1.0 / max(far_m, _SAME_M))

    def _take_in(self, one: int, other: int, far_m: float) -> bool:
        """Join two that are not both groups; return whether they were joined."""
        a, b = self._lead(one), self._lead(other)
        if self._group[a] >= 0 and self._group[b] >= 0:
            return False
        if (self._group[a], self._size[a]) < (self._group[b], self._size[b]):
            a, b = b, a  # a group leads what is none
        if self._group[a] >= 0:
            self._come_in(a, b, far_m)
        else:
            self._loose[a] += self._loose[b]
        self._leader[b] = a
        self._size[a] += self._size[b]
        return True

    def _come_in(self, leader: int, loose: int, far_m: float) -> None:
        """Let the loose spots that one leads come into the group that another leads."""
        group = self._group[leader]
        for spot in self._loose[loose]:
            self._owner[spot], self._came_m[spot] = group, far_m
        self._loose[loose] = []
        self._mass[group] += self._size[loose] / max(far_m, _SAME_M)

    def _meet(self, pairs: list[tuple[int, int]], density: float) -> None:
        """Let groups become parts of a new one where they meet, two or more at once."""
        met: dict[int, list[int]] = {}
        for one, other in pairs:
            a, b = self._lead(one), self._lead(other)
            if self._size[a] < self._size[b]:
                a, b = b, a
            met.setdefault(a, [a]).extend(met.pop(b, [b]))
            self._leader[b] = a
        for leader, parts in met.items():
            whole = self._begin()
            for part in parts:
                group, size = self._group[part], self._size[part]
                self._whole[group] = whole
                self._parts_best[whole] += self._end(group, size, density)
                self._mass[whole] += size * density
            self._size[leader] = sum(self._size[part] for part in parts)
            self._group[leader] = whole

    def labels(self, join_m: float) -> NDArray[np.int64]:
        """Return the group of each spot after the last edge, or -1."""
        last = len(self._mass) - 1
        self._end(last, 0, 0.0)
        top = np.full(last + 1, -1, dtype=np.int64)
        for group in range(last, -1, -1):
            above = top[self._whole[group]] if group < last else -1
            top[group] = above if above >= 0 else group if self._stands[group] else -1
        labels = top[self._owner]
        if self._stands[last]:  # all are one group: it reaches no farther than groups are joined
            labels[np.array(self._came_m) > join_m] = -1
        names = np.unique(labels[labels >= 0])
        return np.where(labels >= 0, np.searchsorted(names, labels), -1)

    def _lead(self, spot: int) -> int:
        leader = self._leader
        while leader[spot] != spot:
            leader[spot] = leader[leader[spot]]
            spot = leader[spot]
        return spot

    def _begin(self) -> int:
        self._mass.append(0.0)
        self._parts_best.append(0.0)
        self._whole.append(-1)
        self._stands.append(True)
        return len(self._mass) - 1

    def _end(self, group: int, size: int, density: float) -> float:
        """Return the most that a group or its parts exceed; it stands if they do not exceed it."""
        excess = self._mass[group] - size * density
        self._stands[group] = excess >= self._parts_best[group]
        return max(excess, self._parts_best[group])
