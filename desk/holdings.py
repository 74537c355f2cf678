"""What the house holds of a municipality: how much of everything, and whose streets."""

from __future__ import annotations

from dataclasses import dataclass

from data.access import Action, Purpose, require
from data.nouns import Viewer
from desk.ground import StreetsKept, area_of, kept_streets, reaches
from desk.wiring import House

__all__ = ["Holdings", "holdings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """How many of each noun there are, and the streets that reach the municipality, newest last."""

    n_places: int
    n_cases: int
    n_visits: int
    n_teams: int
    streets: tuple[StreetsKept, ...]

    @property
    def is_empty(self) -> bool:
        """Say whether nothing was brought or entered yet; streets alone are nothing."""
        return not (self.n_places or self.n_cases or self.n_visits or self.n_teams)


def holdings(house: House, viewer: Viewer, municipality: str) -> Holdings:
    """Return what the house holds of the viewer's municipality.

    Raises
    ------
    AccessDeniedError
        If the viewer may not import there.
    """
    require(viewer, Action.IMPORT, municipality)
    house.audit(viewer, "holdings.see", purpose=Purpose.IMPORT, scope=municipality)
    store, area = house.store, area_of(municipality)
    return Holdings(
        n_places=len(store.places(municipality)),
        n_cases=len(store.cases(municipality)),
        n_visits=len(store.visits(municipality)),
        n_teams=len(store.teams(municipality)),
        streets=tuple(kept for kept in kept_streets(house) if reaches(kept, area)),
    )
