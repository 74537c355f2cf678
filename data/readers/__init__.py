"""The one registry: which reader reads what. Wired in `desk/wiring.py` and nowhere else."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from data.readers.areas import read_area
from data.readers.calendar import CalendarFile, read_calendar
from data.readers.cases import read_cases
from data.readers.reading import Import, Rejection
from data.readers.teams import Teams, read_teams
from data.readers.visits import read_visits

__all__ = [
    "SUFFIXES",
    "CalendarFile",
    "Import",
    "Rejection",
    "Teams",
    "read_area",
    "read_calendar",
    "read_cases",
    "read_teams",
    "read_visits",
]

#: How the files that each reader reads end, for whoever offers to choose one.
SUFFIXES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "cases": (".csv", ".xlsx"),
        "visits": (".csv", ".xlsx"),
        "teams": (".xlsx", ".csv"),
        "calendar": (".csv", ".xlsx", ".ics"),
        "area": (".geojson", ".json"),
        "streets": (".osm.pbf", ".osm", ".osm.gz", ".graphml"),
    }
)
