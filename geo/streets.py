"""A street network as one mode of travel sees it: arcs with whole milliseconds.

Whole numbers make every engine agree to the last digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from data.streetnet import ROAD_CLASSES, RoadClass, StreetNetwork
from data.vocabulary import TravelMode

__all__ = ["DRIVE_KPH", "WALK_KPH", "Arcs", "arcs_of"]

#: Km/h that a car really makes, stops and bends included; a signed limit may lower it.
DRIVE_KPH = MappingProxyType(
    {
        RoadClass.MOTORWAY: 95.0,
        RoadClass.TRUNK: 75.0,
        RoadClass.PRIMARY: 55.0,
        RoadClass.SECONDARY: 45.0,
        RoadClass.TERTIARY: 38.0,
        RoadClass.UNCLASSIFIED: 30.0,
        RoadClass.RESIDENTIAL: 22.0,
        RoadClass.LIVING_STREET: 10.0,
        RoadClass.SERVICE: 15.0,
        RoadClass.TRACK: 12.0,
        RoadClass.PEDESTRIAN: 8.0,
        RoadClass.PATH: 8.0,
        RoadClass.STEPS: 8.0,
    }
)
WALK_KPH = 4.5
STEPS_KPH = 2.0
#: Smaller pieces of the network are not stood on: a car park, a path that joins no street.
MIN_PIECE_NODES = 12
MIN_PIECE_SHARE = 0.02
MS_PER_HOUR_M = 3600.0  # milliseconds for a metre at 1 km/h: 3.6 s


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arcs:
    """Directed arcs of one mode.

    Parameters
    ----------
    tail, head, weight_ms, edge
        Of each arc, shape (a,); `edge` is its position in the network.
    forward_ms, backward_ms
        Of each edge of the network, shape (m,): from tail to head and back; -1 where closed.
    usable
        Edges a stop may stand at, shape (m,).
    """

    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    weight_ms: NDArray[np.int64]
    edge: NDArray[np.int64]
    forward_ms: NDArray[np.int64]
    backward_ms: NDArray[np.int64]
    usable: NDArray[np.bool_]


def arcs_of(network: StreetNetwork, mode: TravelMode) -> Arcs:
    """Return the arcs of a mode; one-ways bind cars only."""
    cost = np.maximum(np.rint(network.length_m * MS_PER_HOUR_M / _kph(network, mode)), 1)
    cost = cost.astype(np.int64)
    if mode is TravelMode.WALK:
        forward = backward = network.foot
    else:
        forward = network.car & (network.oneway >= 0)
        backward = network.car & (network.oneway <= 0)
    ahead, back = np.flatnonzero(forward), np.flatnonzero(backward)
    edge = np.concatenate([ahead, back])
    tail = np.concatenate([network.tail[ahead], network.head[back]])
    head = np.concatenate([network.head[ahead], network.tail[back]])
    return Arcs(
        tail=tail,
        head=head,
        weight_ms=cost[edge],
        edge=edge,
        forward_ms=np.where(forward, cost, -1),
        backward_ms=np.where(backward, cost, -1),
        usable=_usable(network, tail, head, forward | backward),
    )


def _kph(network: StreetNetwork, mode: TravelMode) -> NDArray[np.float64]:
    if mode is TravelMode.WALK:
        steps = network.road_class == ROAD_CLASSES.index(RoadClass.STEPS)
        return np.where(steps, STEPS_KPH, WALK_KPH)
    usual = np.array([DRIVE_KPH[c] for c in ROAD_CLASSES])[network.road_class]
    signed = network.maxspeed_kph.astype(np.float64)
    return np.where(signed > 0, np.minimum(usual, signed), usual)


def _usable(
    network: StreetNetwork,
    tail: NDArray[np.int64],
    head: NDArray[np.int64],
    allowed: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Flag the edges from which one can leave and to which one can come back."""
    if not len(tail):
        return np.zeros(network.n_edges, dtype=np.bool_)
    graph = csr_matrix(
        (np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(network.n_nodes,) * 2
    )
    _, piece = connected_components(graph, directed=True, connection="strong")
    sizes = np.bincount(piece)
    least = max(MIN_PIECE_NODES, MIN_PIECE_SHARE * network.n_nodes)
    least = min(least, sizes.max())
    large = sizes[piece] >= least
    return allowed & large[network.tail] & large[network.head]
