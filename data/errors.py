"""The six faults a user or their data can cause, each with a code and a mend.

Messages name the row and the rule and never a value: they reach logs.
A fault of the programmer is a plain ``ValueError`` or ``TypeError`` and is not caught.
"""

from __future__ import annotations

from data.messages import Message

__all__ = [
    "AccessDeniedError",
    "ContractError",
    "CrsError",
    "HouseError",
    "NoRouteError",
    "RosterError",
    "StreetsMissingError",
]


class HouseError(Exception):
    """A fault that a user can mend; `message` says what, where and how.

    Parameters
    ----------
    message
        What happened and what to do, as a value that is put into words at the last step.
    """

    code = "error.house"

    def __init__(self, message: Message) -> None:
        super().__init__(f"{message.id} {dict(message.params)}" if message.params else message.id)
        self.message = message


class ContractError(HouseError, ValueError):
    """A file, form or frame breaks a rule it has to keep."""

    code = "error.contract"


class CrsError(HouseError, ValueError):
    """Coordinates are missing their reference system or use another one than agreed."""

    code = "error.crs"


class AccessDeniedError(HouseError, PermissionError):
    """The viewer has no right to what was asked for."""

    code = "error.access"


class StreetsMissingError(HouseError, LookupError):
    """There are no streets for the area, or they cannot be had."""

    code = "error.streets"


class NoRouteError(HouseError, ValueError):
    """No stop can be reached within any shift."""

    code = "error.route"


class RosterError(HouseError, ValueError):
    """No roster keeps every rule; the message names the rules that cannot be met together."""

    code = "error.roster"
