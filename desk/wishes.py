"""The wishes of a crew: days off and shifts that its people would like, kept by its coordinator."""

from __future__ import annotations

from data.access import Action, Purpose, require
from data.duties import Wish
from data.errors import ContractError
from data.messages import Message
from data.nouns import Viewer
from desk.crew import Crew
from desk.wiring import House

__all__ = ["add_wish", "erase_wish", "wishes_of"]


def wishes_of(house: House, viewer: Viewer, crew: Crew) -> tuple[Wish, ...]:
    """Return the wishes of a crew, by person and day."""
    require(viewer, Action.EDIT_TEAMS, crew.municipality)
    return house.store.wishes.of(crew.municipality)


def add_wish(house: House, viewer: Viewer, crew: Crew, wish: Wish) -> None:
    """Keep what somebody would like of a day, instead of what they said before.

    Raises
    ------
    ContractError
        If the person or the team is none of the crew.
    """
    require(viewer, Action.EDIT_TEAMS, crew.municipality)
    known = {worker.id for worker in crew.workers}
    if wish.worker not in known or wish.team not in {"", *(team.id for team in crew.teams)}:
        raise ContractError(Message("crew.unknown"))
    house.audit(viewer, "wish.add", purpose=Purpose.TEAMS, scope=crew.municipality)
    house.store.wishes.put(wish)


def erase_wish(house: House, viewer: Viewer, crew: Crew, wish: Wish) -> None:
    """Take a wish back."""
    require(viewer, Action.EDIT_TEAMS, crew.municipality)
    house.audit(viewer, "wish.erase", purpose=Purpose.TEAMS, scope=crew.municipality)
    house.store.wishes.erase(wish)
