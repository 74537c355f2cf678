"""Streets from the internet, through OSMnx, and only when a user asks for it."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from tempfile import TemporaryDirectory

from data.errors import StreetsMissingError
from data.messages import Message
from data.nouns import Area
from data.readers.streets_graphml import network_of_graph
from data.streetnet import StreetNetwork

__all__ = ["fetch_streets"]

logger = logging.getLogger(__name__)

#: Seconds after which a silent server counts as no internet.
PATIENCE_S = 60


def fetch_streets(
    area: Area, progress: Callable[[Message, float], None] | None = None
) -> StreetNetwork:
    """Fetch the streets of an area from OpenStreetMap.

    Raises
    ------
    StreetsMissingError
        If there is no internet, or no street in the area.
    """
    import osmnx as ox  # noqa: PLC0415 - takes a second, and few ever fetch
    import requests  # noqa: PLC0415 - same

    tell = progress or (lambda _message, _fraction: None)
    tell(Message("streets.fetching"), 0.1)
    with TemporaryDirectory() as cache:
        ox.settings.cache_folder = cache
        ox.settings.requests_timeout = PATIENCE_S
        ox.settings.overpass_rate_limit = False  # asking how long to wait takes a minute offline
        try:
            graph = ox.graph_from_polygon(area.boundary, network_type="all", simplify=True)
        except (requests.RequestException, OSError) as fault:
            raise StreetsMissingError(Message("streets.no_internet")) from fault
        except ValueError as fault:
            raise StreetsMissingError(Message("streets.none_in_area")) from fault
    tell(Message("streets.reading"), 0.8)
    network = network_of_graph(graph, source="OpenStreetMap", sha256="")
    content = hashlib.sha256(network.shape_lonlat.tobytes()).hexdigest()
    logger.info("streets fetched: %d edges", network.n_edges)
    return replace(network, as_of=datetime.now(UTC).date(), sha256=content)
