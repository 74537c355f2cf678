"""The demonstration: invented data for the whole country, in an empty store only."""

from __future__ import annotations

from datetime import datetime

from data.access import Action, Purpose, require
from data.nouns import TIRANE, Viewer
from data.synthetic import make_demo
from data.vocabulary import Role
from desk.identity import is_demo, operator
from desk.wiring import House

__all__ = ["DEMO_MUNICIPALITIES", "DEMO_SEED", "clear", "gives_way", "load", "load_if_empty"]

DEMO_SEED = 96
#: These come ready: a port and beach, a mine, a capital.
DEMO_MUNICIPALITIES = ("AL0301", "AL0201", "AL1105")


#: Set when somebody cleared the demo: it does not come back by itself.
_CLEARED = "demo.cleared"


def load_if_empty(house: House) -> bool:
    """Load the demo into an empty store, unless it was cleared; return whether it was loaded."""
    return not house.store.setting(_CLEARED) and load(house)


def load(house: House) -> bool:
    """Load the invented data if the store holds nothing; return whether that was needed.

    While it is made another process may fill the house: then that one did it.
    """
    if not house.store.is_empty():
        return False
    until = datetime.now(TIRANE).date()
    if not house.store.add_demo(make_demo(DEMO_SEED, until)):
        return False
    house.store.set_setting(_CLEARED, "")
    house.audit(operator(Role.ADMINISTRATOR), "demo.load", purpose=Purpose.SETTINGS)
    return True


def gives_way(house: House, viewer: Viewer) -> bool:
    """Say whether the first real record of a viewer takes the demonstration away.

    Real and invented data never stand together, or one is taken for the other.
    """
    return not is_demo(viewer) and house.store.holds_demo()


def clear(house: House, viewer: Viewer) -> None:
    """Erase everything that is invented, for good; what is real stays."""
    require(viewer, Action.SETTINGS, None)
    house.audit(viewer, "demo.clear", purpose=Purpose.SETTINGS)
    house.store.clear_synthetic()
    house.store.set_setting(_CLEARED, "yes")
