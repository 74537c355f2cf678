"""What a map stands on: the reference data around an area, and the area's streets."""

from __future__ import annotations

import shapely

from data import reference
from data.nouns import Area
from desk.directory import municipality_names
from desk.ground import ground_of
from desk.wiring import House
from layers.maps.base import GroundFrames

__all__ = ["backdrop"]

#: A picture with more streets than this shows only the larger ones.
_MANY_STREETS = 6000
_LARGER = ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential")
#: Degrees by which streets are drawn straighter than they are: less than a pixel in a town.
_STRAIGHTER_DEG = 0.00002


def backdrop(house: House, area: Area, *, with_streets: bool = True) -> GroundFrames:
    """Return what a base map of an area is drawn from; it is the same for whoever looks."""
    streets = None
    if with_streets:
        network = ground_of(house, area).network
        streets = network.frame()
        if len(streets) > _MANY_STREETS:
            streets = streets[streets["road_class"].isin(_LARGER)]
        straight = shapely.simplify(streets.geometry.to_numpy(), _STRAIGHTER_DEG)
        streets = streets.set_geometry(list(straight), crs=streets.crs)
    return GroundFrames(
        area=area,
        municipalities=reference.municipality_polygons(),
        names=municipality_names(),
        coast=reference.coastline(),
        roads=reference.roads(),
        settlements=reference.settlements(),
        streets=streets,
    )
