"""Accounts, their roles, and the tokens that open them; of every secret only a hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Connection, Engine, delete, func, select, update

from data.errors import AccessDeniedError, ContractError
from data.messages import Message
from data.store.engine import writing
from data.store.schema import ACCOUNTS, GRANTS, TOKENS
from data.vocabulary import Role

__all__ = ["Account", "Accounts", "Grant", "Session"]

MIN_PASSWORD: Final = 12
#: After so many failures in a row an account rests, each time twice as long.
FAILURES_FREE: Final = 4
REST: Final = timedelta(seconds=30)
REST_MOST: Final = timedelta(hours=1)
LINK_LIVES: Final = timedelta(hours=72)
TICKET_LIVES: Final = timedelta(seconds=60)
SESSION_IDLE: Final = timedelta(hours=12)
SESSION_LIVES: Final = timedelta(days=7)
#: A session's last use is written this coarsely: not at every rerun of a page.
SEEN_EVERY: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One role, bound to a municipality and, for the field, to a team."""

    role: Role
    municipality: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person who may sign in."""

    login: str
    name: str
    closed: bool
    has_password: bool
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in browser and the role in use; `demo` sessions belong to no account."""

    login: str
    grant: Grant


def _now() -> datetime:
    return datetime.now(UTC)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class Accounts:
    """The accounts of one store."""

    def __init__(self, engine: Engine, hasher: PasswordHasher | None = None) -> None:
        self._engine = engine
        self._hasher = hasher or PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        """Verifying against this costs the same time when there is no such account."""
        return self._hasher.hash(secrets.token_hex(16))

    def any(self) -> bool:
        """Say whether there is an account at all."""
        with self._engine.connect() as connection:
            return bool(connection.scalar(select(func.count()).select_from(ACCOUNTS)))

    def listed(self) -> tuple[Account, ...]:
        """Return every account by login."""
        with self._engine.connect() as connection:
            logins = connection.scalars(select(ACCOUNTS.c.login).order_by(ACCOUNTS.c.login)).all()
            return tuple(_account(connection, login) for login in logins)

    def find(self, login: str) -> Account | None:
        """Return an open account, or `None`."""
        with self._engine.connect() as connection:
            known = connection.scalar(
                select(ACCOUNTS.c.closed).where(ACCOUNTS.c.login == login.strip().lower())
            )
            return None if known is None or known else _account(connection, login.strip().lower())

    def invite(self, login: str, name: str, grants: Iterable[Grant]) -> str:
        """Make or extend an account; return the one-time token that sets its password.

        Raises
        ------
        ContractError
            If the login is empty or longer than it may be.
        """
        login = login.strip().lower()
        if not (0 < len(login) <= 64 and login.isprintable() and " " not in login):  # noqa: PLR2004 - a column's width
            raise ContractError(Message("account.login_rule"))
        with writing(self._engine) as connection:
            if connection.scalar(select(ACCOUNTS.c.login).where(ACCOUNTS.c.login == login)) is None:
                row = {
                    "login": login,
                    "name": name,
                    "password_hash": "",
                    "closed": False,
                    "made_at": _now(),
                }
                connection.execute(ACCOUNTS.insert(), row)
            _grant(connection, login, grants)
            connection.execute(
                delete(TOKENS).where(TOKENS.c.login == login, TOKENS.c.kind == "link")
            )
            return _token(connection, "link", login, Grant(role=Role.FIELD), LINK_LIVES)

    def set_password(self, token: str, password: str) -> str:
        """Set the password an invitation was for and use the invitation up; return the login.

        Raises
        ------
        AccessDeniedError
            If the invitation is unknown, used or too old.
        ContractError
            If the password is too short.
        """
        if len(password) < MIN_PASSWORD:
            raise ContractError(Message("account.password_short", {"n": MIN_PASSWORD}))
        hashed = self._hasher.hash(password)
        with writing(self._engine) as connection:
            row = _use(connection, token, "link")
            if row is None:
                raise AccessDeniedError(Message("account.link_used"))
            connection.execute(
                update(ACCOUNTS)
                .where(ACCOUNTS.c.login == row.login)
                .values(password_hash=hashed, closed=False, failures=0, locked_until=None)
            )
            connection.execute(
                delete(TOKENS).where(TOKENS.c.login == row.login, TOKENS.c.kind == "session")
            )
            return str(row.login)

    def verify(self, login: str, password: str) -> Account:
        """Return the account whose password this is.

        Raises
        ------
        AccessDeniedError
            In the same words whether the login or the password is wrong; in others
            while the account rests after too many failures.
        """
        login, hashed = login.strip().lower(), self._nobody
        with writing(self._engine) as connection:
            row = connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.login == login)).first()
            rests = row is not None and (row.locked_until or _now()) > _now()
            if row is not None and not rests:
                # Counted before it is looked at: many guesses at once are many guesses.
                _failed(connection, login, row.failures + 1)
        usable = row is not None and bool(row.password_hash) and not row.closed
        right = self._right(row.password_hash if row is not None and usable else hashed, password)
        if rests or not (usable and right):
            raise AccessDeniedError(Message("account.rests" if rests else "account.wrong"))
        with writing(self._engine) as connection:
            connection.execute(
                update(ACCOUNTS)
                .where(ACCOUNTS.c.login == login)
                .values(failures=0, locked_until=None)
            )
            return _account(connection, login)

    def _right(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerifyMismatchError, InvalidHashError):
            return False

    def close(self, login: str) -> None:
        """Close an account and end its sessions; its lines in the audit stay."""
        with writing(self._engine) as connection:
            connection.execute(
                update(ACCOUNTS).where(ACCOUNTS.c.login == login).values(closed=True)
            )
            connection.execute(delete(TOKENS).where(TOKENS.c.login == login))

    def ticket(self, login: str, grant: Grant) -> str:
        """Return a token that lives a minute and is exchanged once for a session."""
        with writing(self._engine) as connection:
            return _token(connection, "ticket", login, grant, TICKET_LIVES)

    def start_session(self, ticket: str) -> str | None:
        """Exchange a ticket for a session's token, or `None` if it is unknown, used or too old."""
        with writing(self._engine) as connection:
            connection.execute(delete(TOKENS).where(TOKENS.c.expires_at < _now()))
            row = _use(connection, ticket, "ticket")
            if row is None:
                return None
            grant = Grant(role=Role(row.role), municipality=row.municipality, team=row.team)
            return _token(connection, "session", str(row.login), grant, SESSION_LIVES)

    def session(self, token: str) -> Session | None:
        """Return the session of a cookie, or `None` if it ended."""
        now = _now()
        one = TOKENS.c.hash == _hashed(token)
        with self._engine.connect() as connection:
            row = connection.execute(select(TOKENS).where(one, TOKENS.c.kind == "session")).first()
        if row is None:
            return None
        if row.expires_at <= now or row.seen_at + SESSION_IDLE < now:
            self.end_session(token)
            return None
        if row.seen_at + SEEN_EVERY < now:
            with writing(self._engine) as connection:
                connection.execute(update(TOKENS).where(one).values(seen_at=now))
        grant = Grant(role=Role(row.role), municipality=row.municipality, team=row.team)
        return Session(login=str(row.login), grant=grant)

    def switch(self, token: str, grant: Grant) -> None:
        """Change the role a session is in; the caller has checked that it may."""
        with writing(self._engine) as connection:
            connection.execute(
                update(TOKENS)
                .where(TOKENS.c.hash == _hashed(token), TOKENS.c.kind == "session")
                .values(role=str(grant.role), municipality=grant.municipality, team=grant.team)
            )

    def end_session(self, token: str) -> None:
        """End a session; an unknown one is ended already."""
        with writing(self._engine) as connection:
            connection.execute(delete(TOKENS).where(TOKENS.c.hash == _hashed(token)))


def _account(connection: Connection, login: str) -> Account:
    row = connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.login == login)).one()
    grants = connection.execute(
        select(GRANTS).where(GRANTS.c.login == login).order_by(GRANTS.c.id)
    ).mappings()
    return Account(
        login=row.login,
        name=row.name,
        closed=row.closed,
        has_password=bool(row.password_hash),
        grants=tuple(
            Grant(role=Role(g["role"]), municipality=g["municipality"], team=g["team"])
            for g in grants
        ),
    )


def _grant(connection: Connection, login: str, grants: Iterable[Grant]) -> None:
    known = set(_account(connection, login).grants)
    for grant in grants:
        if grant not in known:
            row = {
                "login": login,
                "role": str(grant.role),
                "municipality": grant.municipality,
                "team": grant.team,
            }
            connection.execute(GRANTS.insert(), row)


def _failed(connection: Connection, login: str, failures: int) -> None:
    over = failures - FAILURES_FREE
    until = None if over < 0 else _now() + min(REST * 2**over, REST_MOST)
    connection.execute(
        update(ACCOUNTS)
        .where(ACCOUNTS.c.login == login)
        .values(failures=failures, locked_until=until)
    )


def _token(connection: Connection, kind: str, login: str, grant: Grant, lives: timedelta) -> str:
    token = secrets.token_urlsafe(32)
    row = {
        "hash": _hashed(token),
        "kind": kind,
        "login": login,
        "role": str(grant.role),
        "municipality": grant.municipality,
        "team": grant.team,
        "made_at": _now(),
        "seen_at": _now(),
        "expires_at": _now() + lives,
    }
    connection.execute(TOKENS.insert(), row)
    return token


def _use(connection: Connection, token: str, kind: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a row
    """Take a token out and return its row, or `None` if it is unknown or too old."""
    where = (TOKENS.c.hash == _hashed(token), TOKENS.c.kind == kind)
    row = connection.execute(select(TOKENS).where(*where)).first()
    if row is None or connection.execute(delete(TOKENS).where(*where)).rowcount != 1:
        return None
    return row if row.expires_at > _now() else None
