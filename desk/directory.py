"""Names to choose from: municipalities, and a municipality's teams."""

from __future__ import annotations

from functools import lru_cache

from data import reference
from data.access import Action, require
from data.nouns import Viewer
from desk.wiring import House

__all__ = ["municipality_names", "team_names"]


@lru_cache(maxsize=1)
def municipality_names() -> dict[str, str]:
    """Return the Albanian name of every municipality by its P-code: public reference data."""
    return {one.code: one.name_sq for one in reference.municipalities()}


def team_names(house: House, viewer: Viewer, municipality: str) -> dict[str, str]:
    """Return the names of a municipality's teams by their ids, for binding an account to one."""
    require(viewer, Action.ACCOUNTS, None)
    return {team.id: team.name for team in house.store.teams(municipality)}
