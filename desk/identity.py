"""Who somebody is: signing in, the session behind a cookie, and the role in use.

The browser holds a random token that only the server can read back; everything
else, the role in use included, is kept here and asked for anew at every run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from data.access import Purpose
from data.errors import AccessDeniedError
from data.messages import Message
from data.nouns import Viewer
from data.store.accounts import Account, Grant
from data.vocabulary import Role
from desk.wiring import House

__all__ = [
    "ADMINISTRATOR",
    "DEMO",
    "Person",
    "by_name",
    "demo_is_open",
    "demo_ticket",
    "end_session",
    "first_link",
    "is_demo",
    "operator",
    "person_of",
    "roles_of",
    "set_password",
    "sign_in",
    "start_session",
    "switch_role",
    "viewer_named",
    "viewer_of",
]

#: Who the demo's sessions belong to. No account can have this login: it holds a space.
DEMO: Final = "demo account"
#: The login of the account that the first start makes.
ADMINISTRATOR: Final = "administrator"
#: The role a person with several starts in, and which one the terminal gives them.
_FIRST: Final = (Role.COORDINATOR, Role.FIELD, Role.AGENCY, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A signed-in person in the role in use, and the other roles they may switch to."""

    viewer: Viewer
    roles: tuple[Role, ...]


def operator(role: Role = Role.COORDINATOR) -> Viewer:
    """Return the administrator of the machine, who acts in a role at the terminal."""
    return Viewer(account="machine", name="machine", role=role, is_operator=True)


def is_demo(viewer: Viewer) -> bool:
    """Say whether a viewer is one of the demo's, who has no account."""
    return viewer.account == DEMO


def by_name(viewer: Viewer) -> str:
    """Return the name under which somebody approves a plan or makes a version of it."""
    return "Demo" if is_demo(viewer) else viewer.name or viewer.account


def viewer_named(house: House, login: str, role: Role | None = None) -> Viewer:
    """Return the viewer of an account for the terminal, in a role or the first it holds.

    Raises
    ------
    AccessDeniedError
        If there is no open account of that name, or it does not hold the role.
    """
    account = house.store.accounts.find(login)
    held = () if account is None else _roles(account)
    if account is None or not held or (role is not None and role not in held):
        raise AccessDeniedError(Message("identity.no_account"))
    return _viewer(account, role or held[0])


def sign_in(house: House, login: str, password: str) -> str:
    """Return a ticket for a minute, to be exchanged for a session.

    Raises
    ------
    AccessDeniedError
        If login and password do not belong together, the account rests, or has no role.
    """
    accounts = house.store.accounts
    try:
        account = accounts.verify(login, password)
    except AccessDeniedError:
        # A wrong login may be a password in the wrong field: only one we know is kept.
        known = accounts.find(login)
        nobody = Viewer(account=known.login if known else "", name="", role=Role.FIELD)
        house.audit(nobody, "sign_in.failed", purpose=Purpose.SIGN_IN)
        raise
    held = _roles(account)
    if not held:
        raise AccessDeniedError(Message("identity.no_role"))
    house.audit(_viewer(account, held[0]), "sign_in", purpose=Purpose.SIGN_IN)
    return accounts.ticket(account.login, Grant(role=held[0]))


def demo_is_open(house: House) -> bool:
    """Say whether the demo's one-click roles exist: only while every row is invented."""
    return house.store.all_synthetic()


def demo_ticket(house: House, role: Role, municipality: str = "") -> str:
    """Return a ticket for one of the demo's roles; the field gets the municipality's first team.

    Raises
    ------
    AccessDeniedError
        As soon as one row is not invented.
    """
    if not demo_is_open(house):
        raise AccessDeniedError(Message("identity.demo_closed"))
    team = ""
    if role is Role.FIELD:
        team = next((t.id for t in house.store.teams(municipality)), "")
    grant = Grant(role=role, municipality=municipality, team=team)
    house.audit(_demo_viewer(grant), "sign_in.demo", purpose=Purpose.SIGN_IN, scope=municipality)
    return house.store.accounts.ticket(DEMO, grant)


def set_password(house: House, link: str, password: str) -> str:
    """Set the password a one-time link is for; return a ticket, so that one goes straight in.

    Raises
    ------
    AccessDeniedError
        If the link was used or is too old.
    ContractError
        If the password is too short.
    """
    login = house.store.accounts.set_password(link, password)
    return sign_in(house, login, password)


def start_session(house: House, ticket: str) -> str | None:
    """Exchange a ticket for a session's token, or `None` if it is used or too old."""
    return house.store.accounts.start_session(ticket)


def end_session(house: House, token: str) -> None:
    """End a session."""
    viewer = viewer_of(house, token)
    if viewer is not None:
        house.audit(viewer, "sign_out", purpose=Purpose.SIGN_IN)
    house.store.accounts.end_session(token)


def viewer_of(house: House, token: str) -> Viewer | None:
    """Return who a session's token belongs to, in the role in use, or `None`."""
    person = person_of(house, token)
    return None if person is None else person.viewer


def roles_of(house: House, token: str) -> tuple[Role, ...]:
    """Return the roles a session may switch between, the one in use among them."""
    person = person_of(house, token)
    return () if person is None else person.roles


def person_of(house: House, token: str) -> Person | None:
    """Return the person of a session's token, or `None` if it ended or its right did."""
    if not token:
        return None
    session = house.store.accounts.session(token)
    if session is None:
        return None
    if session.login == DEMO:
        if not demo_is_open(house):
            return None
        return Person(viewer=_demo_viewer(session.grant), roles=(session.grant.role,))
    account = house.store.accounts.find(session.login)
    if account is None or session.grant.role not in _roles(account):
        return None
    return Person(viewer=_viewer(account, session.grant.role), roles=_roles(account))


def switch_role(house: House, token: str, role: Role) -> Viewer:
    """Put a session into another role of the same person; the audit says so.

    Raises
    ------
    AccessDeniedError
        If the session ended or the person does not hold the role.
    """
    person = person_of(house, token)
    if person is None or role not in person.roles:
        raise AccessDeniedError(Message("identity.no_role"))
    house.store.accounts.switch(token, Grant(role=role))
    viewer = viewer_of(house, token) or person.viewer
    house.audit(viewer, "role.switch", purpose=Purpose.SIGN_IN)
    return viewer


def first_link(house: House) -> str | None:
    """Return a one-time token for the first administrator while nobody has a password yet."""
    known = house.store.accounts.listed()
    if any(account.has_password for account in known):
        return None
    house.audit(operator(Role.ADMINISTRATOR), "account.first", purpose=Purpose.SETTINGS)
    grants = [Grant(role=Role.ADMINISTRATOR)]
    return house.store.accounts.invite(ADMINISTRATOR, "", grants)


def _roles(account: Account) -> tuple[Role, ...]:
    held = {grant.role for grant in account.grants}
    return tuple(role for role in _FIRST if role in held)


def _viewer(account: Account, role: Role) -> Viewer:
    own = [grant for grant in account.grants if grant.role is role]
    return Viewer(
        account=account.login,
        name=account.name or account.login,
        role=role,
        municipalities=frozenset(g.municipality for g in own if g.municipality),
        teams=frozenset(g.team for g in own if g.team),
    )


def _demo_viewer(grant: Grant) -> Viewer:
    return Viewer(
        account=DEMO,
        name="",
        role=grant.role,
        municipalities=frozenset({grant.municipality} - {""}),
        teams=frozenset({grant.team} - {""}),
    )
