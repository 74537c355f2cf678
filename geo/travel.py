"""Travel times between stops on real streets, exact to the millisecond.

A stop stands on the nearest usable street, between two junctions; times run
from there along the edge. Pairs that no street joins are reported, never
invented. Two engines answer for junctions behind one small interface:
customizable contraction hierarchies where their package installs, SciPy's
Dijkstra everywhere.

References
----------
Dibbelt, Strasser and Wagner (2016), Customizable Contraction Hierarchies, ACM
Journal of Experimental Algorithmics 21.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from data.crs import metric_crs_at, to_lonlat, to_metres
from data.errors import NoRouteError
from data.messages import Message
from data.streetnet import StreetNetwork
from data.vocabulary import TravelMode
from geo.streets import WALK_KPH, Arcs, arcs_of

__all__ = ["ENGINES", "MAX_SNAP_M", "Path", "Router", "Snap", "TravelTimes", "prepare"]

#: A place farther from every street than this is not reachable.
MAX_SNAP_M = 500.0
FAR_MS = np.int64(2**60)
#: A share of an edge this small is its end.
AT_JUNCTION = 1e-9
ENGINES = ("hierarchy", "dijkstra")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TravelTimes:
    """Times between stops.

    Parameters
    ----------
    seconds
        From each stop to each, shape (n, n); infinite where there is no way.
    snap_m
        How far each stop is from its street, shape (n,), metres; the walk is in the times.
    unreachable
        Pairs (from, to) without a way.
    """

    seconds: NDArray[np.float64]
    snap_m: NDArray[np.float64]
    unreachable: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Path:
    """The way from one point to another along streets."""

    lonlat: NDArray[np.float64]
    seconds: float
    metres: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snap:
    """Where stops stand: the edge, the share of its length from its tail, and the way there.

    `edge` is -1 for a stop that no street is near.
    """

    edge: NDArray[np.int64]
    share: NDArray[np.float64]
    distance_m: NDArray[np.float64]


class Junctions(Protocol):
    """An engine: times and ways between junctions."""

    def table(self, sources: NDArray[np.int64], targets: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return milliseconds, shape (sources, targets), `FAR_MS` where there is no way."""
        ...

    def way(self, source: int, target: int) -> list[int]:
        """Return the arcs of a fastest way, in order."""
        ...


class _Dijkstra:
    """SciPy's Dijkstra: everywhere, and the oracle of the tests."""

    def __init__(self, arcs: Arcs, n_nodes: int) -> None:
        order = np.lexsort((arcs.weight_ms, arcs.head, arcs.tail))
        pairs = np.column_stack([arcs.tail[order], arcs.head[order]])
        first = np.ones(len(order), dtype=bool)
        first[1:] = (pairs[1:] != pairs[:-1]).any(axis=1)
        best = order[first]  # of parallel arcs the fastest; csr would add them up
        self._arc = {
            (int(t), int(h)): int(a)
            for t, h, a in zip(arcs.tail[best], arcs.head[best], best, strict=True)
        }
        self._graph = csr_matrix(
            (arcs.weight_ms[best].astype(np.float64), (arcs.tail[best], arcs.head[best])),
            shape=(n_nodes, n_nodes),
        )

    def table(self, sources: NDArray[np.int64], targets: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return milliseconds between junctions."""
        starts, back = np.unique(sources, return_inverse=True)
        found = dijkstra(self._graph, indices=starts)[:, targets][back]
        return np.where(np.isfinite(found), found, float(FAR_MS)).astype(np.int64)

    def way(self, source: int, target: int) -> list[int]:
        """Return the arcs of a fastest way."""
        _, before = dijkstra(self._graph, indices=source, return_predecessors=True)
        arcs, node = [], target
        while node != source:
            previous = int(before[node])
            arcs.append(self._arc[previous, node])
            node = previous
        return arcs[::-1]


class _Hierarchy:
    """Customizable contraction hierarchies."""

    def __init__(self, arcs: Arcs, network: StreetNetwork) -> None:
        import pyroutingkit  # noqa: PLC0415 - not everywhere has its wheel

        topology = pyroutingkit.CCHTopology()
        topology.build(
            arcs.tail.astype(np.uint32),
            arcs.head.astype(np.uint32),
            network.lat.astype(np.float32),
            network.lon.astype(np.float32),
            network.n_nodes,
        )
        self._none = int(pyroutingkit.INF_WEIGHT)
        self._metric = pyroutingkit.CCHMetric(topology)
        self._metric.customize(arcs.weight_ms.astype(np.uint32))

    def table(self, sources: NDArray[np.int64], targets: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return milliseconds between junctions."""
        found = self._metric.distances_many_to_many(
            sources.astype(np.uint32), targets.astype(np.uint32)
        ).astype(np.int64)
        return np.where(found >= self._none, FAR_MS, found)

    def way(self, source: int, target: int) -> list[int]:
        """Return the arcs of a fastest way."""
        _, _, arcs = self._metric.query(source, target)
        return [int(arc) for arc in arcs]


def prepare(network: StreetNetwork, mode: TravelMode, *, engine: str | None = None) -> Router:
    """Return a router for one mode.

    Parameters
    ----------
    network
        The streets.
    mode
        Walking or driving; one-ways bind driving only.
    engine
        One of `ENGINES`; by default the hierarchy where its package is installed.
    """
    arcs = arcs_of(network, mode)
    if engine is None:
        engine = ENGINES[importlib.util.find_spec("pyroutingkit") is None]
    if engine not in ENGINES:
        msg = f"an engine is one of {', '.join(ENGINES)}"
        raise ValueError(msg)
    junctions: Junctions
    if engine == "hierarchy" and len(arcs.tail):
        junctions = _Hierarchy(arcs, network)
    else:
        junctions = _Dijkstra(arcs, network.n_nodes)
    return Router(network, arcs, junctions)


class Router:
    """Times and ways between points for one network and one mode."""

    def __init__(self, network: StreetNetwork, arcs: Arcs, junctions: Junctions) -> None:
        self.network = network
        self._arcs = arcs
        self._junctions = junctions
        self._edges = np.flatnonzero(arcs.usable)
        middle = (float(network.lon.mean()), float(network.lat.mean())) if network.n_nodes else ()
        self._crs = metric_crs_at(*middle) if middle else ""
        lines = shapely.transform(
            network.lines()[self._edges], lambda lonlat: to_metres(lonlat, self._crs)
        )
        self._lines = lines
        self._tree = shapely.STRtree(lines)

    def snap(self, lonlat: NDArray[np.float64]) -> Snap:
        """Return where points, shape (n, 2) degrees, stand on usable streets."""
        points = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
        n = len(points)
        edge = np.full(n, -1, dtype=np.int64)
        share, distance = np.zeros(n), np.full(n, np.inf)
        if n == 0 or not len(self._edges):
            return Snap(edge=edge, share=share, distance_m=distance)
        spots = shapely.points(to_metres(points, self._crs))
        found, gaps = self._tree.query_nearest(spots, all_matches=False, return_distance=True)
        distance[found[0]] = gaps
        near = gaps <= MAX_SNAP_M
        who, line = found[0][near], self._lines[found[1][near]]
        edge[who] = self._edges[found[1][near]]
        share[who] = shapely.line_locate_point(line, spots[who], normalized=True)
        return Snap(edge=edge, share=share, distance_m=distance)

    def matrix(self, lonlat: NDArray[np.float64]) -> TravelTimes:
        """Return the times between points, shape (n, 2) degrees."""
        snap = self.snap(lonlat)
        n = len(snap.edge)
        out_nodes, out_ms = self._ends(snap, leaving=True)
        in_nodes, in_ms = self._ends(snap, leaving=False)
        best = np.full((n, n), FAR_MS, dtype=np.int64)
        if n:
            table = self._junctions.table(out_nodes.ravel(), in_nodes.ravel())
            table = table.reshape(2, n, 2, n)
            for i in range(2):
                for j in range(2):
                    through = out_ms[i][:, None] + table[i, :, j, :] + in_ms[j][None, :]
                    best = np.minimum(best, through)
        self._along_one_edge(snap, best)
        walk_ms = np.where(
            snap.edge >= 0, np.rint(snap.distance_m * 3600.0 / WALK_KPH), 0.0
        ).astype(np.int64)
        best = best + walk_ms[:, None] + walk_ms[None, :]
        np.fill_diagonal(best, 0)
        seconds = np.where(best >= FAR_MS, np.inf, best / 1000.0)
        pairs = np.argwhere(~np.isfinite(seconds))
        return TravelTimes(
            seconds=seconds,
            snap_m=snap.distance_m,
            unreachable=tuple((int(i), int(j)) for i, j in pairs),
        )

    def _ends(self, snap: Snap, *, leaving: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return both junctions of each stop's edge and the times to or from them, (2, n)."""
        edge = np.maximum(snap.edge, 0)
        network, arcs = self.network, self._arcs
        ahead, back = arcs.forward_ms[edge], arcs.backward_ms[edge]
        to_head, to_tail = 1.0 - snap.share, snap.share
        if leaving:
            times = ((back, to_tail), (ahead, to_head))
        else:
            times = ((ahead, to_tail), (back, to_head))
        # Who stands at a junction itself may come and go by any of its streets.
        cost = [
            np.where(
                snap.edge < 0,
                FAR_MS,
                np.where(
                    part < AT_JUNCTION,
                    0,
                    np.where(ms < 0, FAR_MS, np.rint(ms * part).astype(np.int64)),
                ),
            )
            for ms, part in times
        ]
        return np.array([network.tail[edge], network.head[edge]]), np.array(cost)

    def _along_one_edge(self, snap: Snap, best: NDArray[np.int64]) -> None:
        """Lower the times of stops that stand on the same edge, in the way it may be used."""
        for edge in np.unique(snap.edge[snap.edge >= 0]):
            here = np.flatnonzero(snap.edge == edge)
            step = snap.share[here][None, :] - snap.share[here][:, None]
            ahead, back = self._arcs.forward_ms[edge], self._arcs.backward_ms[edge]
            direct = np.full(step.shape, FAR_MS, dtype=np.int64)
            if ahead >= 0:
                direct = np.where(step >= 0, np.rint(step * ahead).astype(np.int64), direct)
            if back >= 0:
                along = np.rint(-step * back).astype(np.int64)
                direct = np.where(step <= 0, np.minimum(direct, along), direct)
            best[np.ix_(here, here)] = np.minimum(best[np.ix_(here, here)], direct)

    def path(self, origin: tuple[float, float], destination: tuple[float, float]) -> Path:
        """Return the way between two points, longitude and latitude in degrees.

        Raises
        ------
        NoRouteError
            If no street joins them.
        """
        ends = np.array([origin, destination], dtype=np.float64)
        seconds = float(self.matrix(ends).seconds[0, 1])
        if not np.isfinite(seconds):
            raise NoRouteError(Message("streets.no_way"))
        snap = self.snap(ends)
        pieces = self._direct(snap, seconds) or self._through(snap)
        line = np.concatenate([ends[:1], *pieces, ends[1:]])
        keep = np.ones(len(line), dtype=bool)
        keep[1:] = (line[1:] != line[:-1]).any(axis=1)
        line = line[keep]
        steps = np.diff(to_metres(line, self._crs), axis=0)
        return Path(
            lonlat=line, seconds=seconds, metres=float(np.hypot(steps[:, 0], steps[:, 1]).sum())
        )

    def _direct(self, snap: Snap, seconds: float) -> list[NDArray[np.float64]] | None:
        """Return the piece of the one edge both stand on, if that is the fastest way."""
        if snap.edge[0] != snap.edge[1]:
            return None
        one = np.full((2, 2), FAR_MS, dtype=np.int64)
        self._along_one_edge(snap, one)
        walk = np.rint(snap.distance_m * 3600.0 / WALK_KPH).sum()
        if one[0, 1] >= FAR_MS or abs((one[0, 1] + walk) / 1000.0 - seconds) > 1e-6:  # noqa: PLR2004 - a nanosecond's slack
            return None
        return [self._part(int(snap.edge[0]), snap.share[0], snap.share[1])]

    def edges_between(
        self, origin: tuple[float, float], destination: tuple[float, float]
    ) -> tuple[int, ...]:
        """Return the edges that the way between two points runs along from end to end, in order.

        The two that the points themselves stand on are not among them, and where no street
        joins the points there is none.
        """
        ends = np.array([origin, destination], dtype=np.float64)
        seconds = float(self.matrix(ends).seconds[0, 1])
        snap = self.snap(ends)
        if not np.isfinite(seconds) or self._direct(snap, seconds) is not None:
            return ()
        _, _, arcs = self._junctions_between(snap)
        return tuple(int(self._arcs.edge[arc]) for arc in arcs)

    def _junctions_between(self, snap: Snap) -> tuple[int, int, list[int]]:
        """Return by which ends of their edges two stops are joined, and the arcs between."""
        out_nodes, out_ms = self._ends(snap, leaving=True)
        in_nodes, in_ms = self._ends(snap, leaving=False)
        table = self._junctions.table(out_nodes[:, 0], in_nodes[:, 1])
        total = out_ms[:, 0][:, None] + table + in_ms[:, 1][None, :]
        i, j = (int(k) for k in np.unravel_index(int(total.argmin()), total.shape))
        source, target = int(out_nodes[i, 0]), int(in_nodes[j, 1])
        return i, j, [] if source == target else self._junctions.way(source, target)

    def _through(self, snap: Snap) -> list[NDArray[np.float64]]:
        """Return the pieces of the fastest way through junctions."""
        i, j, arcs = self._junctions_between(snap)
        pieces = [self._part(int(snap.edge[0]), snap.share[0], float(i))]
        for arc in arcs:
            edge = int(self._arcs.edge[arc])
            shape = self.network.shape_of(edge)
            along = self._arcs.tail[arc] == self.network.tail[edge]
            if self.network.tail[edge] == self.network.head[edge]:
                along = True
            pieces.append(shape if along else shape[::-1])
        pieces.append(self._part(int(snap.edge[1]), float(j), snap.share[1]))
        return pieces

    def _part(self, edge: int, start: float, end: float) -> NDArray[np.float64]:
        """Return the points of an edge between two shares of its length."""
        line = shapely.LineString(to_metres(self.network.shape_of(edge), self._crs))
        low, high = sorted((start, end))
        steps = np.hypot(*np.diff(shapely.get_coordinates(line), axis=0).T)
        at = np.concatenate([[0.0], np.cumsum(steps)]) / max(float(steps.sum()), 1e-9)
        inner = self.network.shape_of(edge)[(at > low) & (at < high)]
        first, last = (
            shapely.get_coordinates(shapely.line_interpolate_point(line, s, normalized=True))
            for s in (low, high)
        )
        part = np.concatenate([to_lonlat(first, self._crs), inner, to_lonlat(last, self._crs)])
        return part if start <= end else part[::-1]
