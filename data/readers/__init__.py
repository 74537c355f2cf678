"""The one registry: which reader reads what. Wired in `desk/wiring.py` and nowhere else."""

from data.readers.areas import read_area
from data.readers.cases import read_cases
from data.readers.reading import Import, Rejection
from data.readers.teams import Teams, read_teams
from data.readers.visits import read_visits

__all__ = [
    "Import",
    "Rejection",
    "Teams",
    "read_area",
    "read_cases",
    "read_teams",
    "read_visits",
]
