"""Travel times on a real extract: how fast, and how far from a reference Dijkstra.

``python -m bench.travel FILE.osm.pbf --stops 200 --seed 1``
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path

import networkx as nx
import numpy as np

from data.streetnet import StreetNetwork
from data.vocabulary import TravelMode
from desk.wiring import read_streets
from geo.streets import arcs_of
from geo.travel import ENGINES, prepare

__all__ = ["main", "reference_seconds"]

PAIRS = 500


def reference_seconds(
    network: StreetNetwork, mode: TravelMode, pairs: list[tuple[int, int]]
) -> list[float]:
    """Return networkx's times between junctions: slow, plain, and nobody's relative of ours."""
    arcs = arcs_of(network, mode)
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(network.n_nodes))
    graph.add_weighted_edges_from(zip(arcs.tail, arcs.head, arcs.weight_ms, strict=True))
    found = {s: nx.single_source_dijkstra_path_length(graph, s) for s in {a for a, _ in pairs}}
    return [found[a].get(b, float("inf")) / 1000.0 for a, b in pairs]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--stops", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mode", choices=list(TravelMode), default=TravelMode.DRIVE)
    parser.add_argument("--engine", choices=ENGINES)
    options = parser.parse_args(arguments)
    network = read_streets(options.file)
    mode = TravelMode(options.mode)

    began = time.perf_counter()
    router = prepare(network, mode, engine=options.engine)
    prepared = time.perf_counter()
    rng = np.random.default_rng(options.seed)
    arcs = arcs_of(network, mode)
    nodes = np.unique(np.concatenate([network.tail[arcs.usable], network.head[arcs.usable]]))
    chosen = rng.choice(nodes, size=options.stops, replace=options.stops > len(nodes))
    lonlat = np.column_stack([network.lon[chosen], network.lat[chosen]])
    at = time.perf_counter()
    times = router.matrix(lonlat)
    done = time.perf_counter()

    index = rng.integers(0, len(chosen), size=(PAIRS, 2))
    pairs = [(int(chosen[a]), int(chosen[b])) for a, b in index]
    truth = reference_seconds(network, mode, pairs)
    ours = [float(times.seconds[a, b]) for a, b in index]
    errors = [0.0 if a == b else abs(a - b) for a, b in zip(ours, truth, strict=True)]
    print(f"{len(times.unreachable)} of {times.seconds.size} pairs have no way")
    print(
        json.dumps(
            {
                "nodes": network.n_nodes,
                "edges": network.n_edges,
                "prepare_s": round(prepared - began, 4),
                "matrix_s": round(done - at, 4),
                "pairs_checked": PAIRS,
                "max_error_s": round(max(errors), 6),
            }
        )
    )


if __name__ == "__main__":
    main()
