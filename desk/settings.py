"""Settings a municipality makes for itself."""

from __future__ import annotations

import re
from typing import Final

from data.access import Action, Purpose, require
from data.errors import ContractError
from data.messages import Message
from data.nouns import Viewer
from desk.identity import demo_is_open, is_demo
from desk.wiring import House

__all__ = ["NO_PHONE", "cpu_phone", "phone_number", "set_cpu_phone"]

#: What stands where a telephone is not known yet.
NO_PHONE: Final = "…"
_PHONE: Final = re.compile(r"\+?[\d ()/.\-]{3,24}")


def cpu_phone(house: House, municipality: str | None) -> str:
    """Return the telephone of the municipality's Child Protection Unit, or an ellipsis."""
    if municipality is None:
        return NO_PHONE
    found = house.store.setting(_key(municipality, demo=False))
    if not found and demo_is_open(house):
        found = house.store.setting(_key(municipality, demo=True))
    return found or NO_PHONE


def set_cpu_phone(house: House, viewer: Viewer, municipality: str, phone: str) -> None:
    """Keep the telephone of the municipality's Child Protection Unit; an empty one erases it.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the municipality's teams.
    ContractError
        If it is no telephone number.
    """
    require(viewer, Action.EDIT_TEAMS, municipality)
    number = phone_number(phone)
    house.audit(viewer, "cpu_phone.set", purpose=Purpose.TEAMS, scope=municipality)
    house.store.set_setting(_key(municipality, demo=is_demo(viewer)), number)


def phone_number(text: str) -> str:
    """Return a telephone number without needless blanks; an empty text stays empty.

    Raises
    ------
    ContractError
        If it is none.
    """
    number = " ".join(text.split())
    if number and not (_PHONE.fullmatch(number) and any(sign.isdigit() for sign in number)):
        raise ContractError(Message("crew.phone"))
    return number


def _key(municipality: str, *, demo: bool) -> str:
    """Return the setting's name: a number that was only tried never stands beside real data."""
    return f"cpu_phone.demo.{municipality}" if demo else f"cpu_phone.{municipality}"
