"""Accounts, as the administrator keeps them: listed, invited, given a new link, closed."""

from __future__ import annotations

from data.access import Action, Purpose, require
from data.errors import AccessDeniedError, ContractError
from data.messages import Message
from data.nouns import Viewer
from data.store.accounts import Account, Grant
from data.store.audit import AuditLine
from data.vocabulary import Role
from desk.identity import is_demo
from desk.wiring import House

__all__ = [
    "Account",
    "AuditLine",
    "Grant",
    "audit_tail",
    "close",
    "grant",
    "invite",
    "listed",
    "reset",
]

_NEEDS_MUNICIPALITY = (Role.COORDINATOR, Role.FIELD)


def grant(role: str, municipality: str | None = None, team: str | None = None) -> Grant:
    """Return a role bound to what it needs.

    Raises
    ------
    ContractError
        If there is no such role, or a coordinator or field worker lacks a municipality,
        or a field worker a team.
    """
    try:
        word = Role(role)
    except ValueError as fault:
        raise ContractError(Message("identity.role_unknown")) from fault
    if word in _NEEDS_MUNICIPALITY and not municipality:
        raise ContractError(Message("identity.municipality_needed"))
    if word is Role.FIELD and not team:
        raise ContractError(Message("identity.team_needed"))
    return Grant(
        role=word,
        municipality=municipality or "" if word in _NEEDS_MUNICIPALITY else "",
        team=team or "" if word is Role.FIELD else "",
    )


def listed(house: House, viewer: Viewer) -> tuple[Account, ...]:
    """Return every account by login."""
    require(viewer, Action.ACCOUNTS, None)
    return house.store.accounts.listed()


def invite(house: House, viewer: Viewer, login: str, *grants: Grant, name: str = "") -> str:
    """Make an account or give one another role; return the token of its one-time link.

    Raises
    ------
    AccessDeniedError
        If the viewer is no administrator, or the demo's: an account outlives the demo.
    ContractError
        If the login is not one.
    """
    _may_change(viewer)
    house.audit(viewer, "account.invite", purpose=Purpose.SETTINGS, scope=login.strip().lower())
    return house.store.accounts.invite(login, name.strip(), grants)


def reset(house: House, viewer: Viewer, login: str) -> str:
    """Return the token of a new one-time link; the old password serves until it is used.

    Raises
    ------
    AccessDeniedError
        If the viewer is no administrator, or the demo's.
    ContractError
        If there is no such account.
    """
    _may_change(viewer)
    _known(house, login)
    house.audit(viewer, "account.reset", purpose=Purpose.SETTINGS, scope=login)
    return house.store.accounts.invite(login, "", ())


def close(house: House, viewer: Viewer, login: str) -> None:
    """Close an account and end its sessions; what it did stays in the audit.

    Raises
    ------
    AccessDeniedError
        If the viewer is no administrator, the demo's, or would shut themselves out.
    ContractError
        If there is no such account.
    """
    _may_change(viewer)
    _known(house, login)
    if login == viewer.account:
        raise AccessDeniedError(Message("identity.not_oneself"))
    house.audit(viewer, "account.close", purpose=Purpose.SETTINGS, scope=login)
    house.store.accounts.close(login)


def audit_tail(house: House, viewer: Viewer, n: int = 50) -> tuple[AuditLine, ...]:
    """Return the last lines of the audit, the newest first."""
    require(viewer, Action.SEE_AUDIT, None)
    house.audit(viewer, "audit.see", purpose=Purpose.AUDIT)
    return house.store.audit.last(n)


def _may_change(viewer: Viewer) -> None:
    require(viewer, Action.ACCOUNTS, None)
    if is_demo(viewer):
        raise AccessDeniedError(Message("identity.demo_keeps_none"))


def _known(house: House, login: str) -> None:
    if login not in {account.login for account in house.store.accounts.listed()}:
        raise ContractError(Message("identity.account_unknown"))
