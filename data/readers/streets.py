"""Streets of any file the house can read, chosen by its ending."""

from __future__ import annotations

from pathlib import Path

from data.errors import StreetsMissingError
from data.messages import Message
from data.readers.streets_graphml import read_graphml
from data.readers.streets_osm import read_osm
from data.streetnet import StreetNetwork

__all__ = ["STREET_ENDINGS", "read_streets"]

STREET_ENDINGS = (".osm.pbf", ".osm.gz", ".osm", ".pbf", ".graphml")


def read_streets(path: Path) -> StreetNetwork:
    """Return the streets of a file.

    Raises
    ------
    StreetsMissingError
        If the file is missing, of another kind, cannot be read, or holds no street.
    """
    name = path.name.lower()
    if not path.is_file():
        raise StreetsMissingError(Message("streets.no_file"))
    if not name.endswith(STREET_ENDINGS):
        raise StreetsMissingError(Message("streets.other_kind"))
    return read_graphml(path) if name.endswith(".graphml") else read_osm(path)
