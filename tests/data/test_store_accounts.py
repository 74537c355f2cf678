"""Accounts: of secrets only hashes are kept, guessing is slow, and nothing lives for ever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from data.errors import AccessDeniedError, ContractError
from data.messages import Message
from data.store import Store, accounts
from data.store.accounts import Accounts, Grant
from data.store.schema import METADATA
from data.vocabulary import Role

PASSWORD = "nje fjali me disa fjale"  # noqa: S105 - opens nothing but a test's own store
WRONG, RESTS = Message("account.wrong"), Message("account.rests")
COORDINATOR = Grant(role=Role.COORDINATOR, municipality="AL0301")
FIELD = Grant(role=Role.FIELD, municipality="AL0301", team="t1")
AGENCY = Grant(role=Role.AGENCY)


class Clock:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 7, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return what time it is."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(accounts, "_now", made)
    return made


@pytest.fixture
def people(store: Store) -> Accounts:
    """Return the accounts of a store with a hasher that spends no second of the tests."""
    return Accounts(store._engine, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def mira(people: Accounts, *grants: Grant) -> None:
    people.set_password(people.invite("mira", "Mira", grants or [COORDINATOR]), PASSWORD)


def guess(people: Accounts, password: str = "wrong") -> Message:  # noqa: S107 - wrong on purpose
    with pytest.raises(AccessDeniedError) as fault:
        people.verify("mira", password)
    return fault.value.message


def everything_kept(store: Store) -> str:
    with store._engine.connect() as connection:
        return "\n".join(
            str(row)
            for table in METADATA.sorted_tables
            for row in connection.execute(select(table))
        )


def test_an_invited_person_sets_a_password_once_and_signs_in(people: Accounts):
    assert not people.any()
    link = people.invite("  Mira ", "Mira", [COORDINATOR, AGENCY])
    assert people.any()
    (invited,) = people.listed()
    assert not invited.has_password

    assert people.set_password(link, PASSWORD) == "mira"

    account = people.verify("MIRA", PASSWORD)
    assert account == people.find("mira") == people.listed()[0]
    assert (account.login, account.name, account.closed) == ("mira", "Mira", False)
    assert account.grants == (COORDINATOR, AGENCY)
    with pytest.raises(AccessDeniedError):
        people.set_password(link, PASSWORD)


def test_passwords_are_kept_as_argon2id_with_the_packages_own_strength(store: Store):
    store.accounts.set_password(store.accounts.invite("mira", "", [AGENCY]), PASSWORD)

    with store._engine.connect() as connection:
        kept = connection.scalar(select(accounts.ACCOUNTS.c.password_hash))

    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert store.accounts.verify("mira", PASSWORD).login == "mira"


def test_no_secret_is_in_the_store(store: Store, people: Accounts):
    mira(people)
    link = people.invite("arta", "", [AGENCY])
    ticket = people.ticket("mira", COORDINATOR)
    session = people.start_session(people.ticket("mira", COORDINATOR)) or ""

    kept = everything_kept(store)

    assert "mira" in kept
    assert [secret for secret in (PASSWORD, link, ticket, session) if secret in kept] == []
    assert min(map(len, (link, ticket, session))) >= 43  # 256 bits


@pytest.mark.parametrize("login", ["", "  ", "a b", "x" * 65, "a\nb", "a\x00b"])
def test_a_login_is_a_word(people: Accounts, login: str):
    with pytest.raises(ContractError):
        people.invite(login, "", [AGENCY])

    assert not people.any()


def test_a_short_password_is_refused_and_the_link_stays_good(people: Accounts):
    link = people.invite("mira", "", [AGENCY])

    with pytest.raises(ContractError) as fault:
        people.set_password(link, "elf zeichen")

    assert fault.value.message == Message("account.password_short", {"n": 12})
    assert people.set_password(link, PASSWORD) == "mira"


def test_a_link_is_good_for_three_days_and_a_new_one_replaces_it(people: Accounts, clock: Clock):
    first = people.invite("mira", "", [AGENCY])
    second = people.invite("mira", "", [AGENCY])
    with pytest.raises(AccessDeniedError):
        people.set_password(first, PASSWORD)

    clock.now += timedelta(hours=72, seconds=1)

    with pytest.raises(AccessDeniedError):
        people.set_password(second, PASSWORD)


def test_inviting_somebody_again_adds_a_role_once_and_leaves_the_password(people: Accounts):
    mira(people)

    people.invite("mira", "Somebody else", [COORDINATOR, FIELD])

    account = people.verify("mira", PASSWORD)
    assert (account.name, account.grants) == ("Mira", (COORDINATOR, FIELD))


def test_a_wrong_login_and_a_wrong_password_get_the_same_words(people: Accounts):
    mira(people)
    people.invite("arta", "", [AGENCY])  # has no password yet

    for login, password in (("mira", "wrong"), ("nobody", PASSWORD), ("arta", ""), ("arta", "x")):
        with pytest.raises(AccessDeniedError) as fault:
            people.verify(login, password)
        assert fault.value.message == WRONG


def test_an_unknown_login_costs_the_same_work_as_a_known_one(
    people: Accounts, monkeypatch: pytest.MonkeyPatch
):
    mira(people)
    asked: list[str] = []
    whole = people._right
    monkeypatch.setattr(
        people, "_right", lambda hashed, password: asked.append(hashed) or whole(hashed, password)
    )

    for login in ("mira", "nobody"):
        with pytest.raises(AccessDeniedError):
            people.verify(login, "wrong")

    assert len(asked) == 2
    assert all(hashed.startswith("$argon2id$") for hashed in asked)


def test_after_a_few_failures_an_account_rests_each_time_twice_as_long(
    people: Accounts, clock: Clock
):
    mira(people)
    assert [guess(people) for _ in range(4)] == [WRONG] * 4
    for seconds in (30, 60, 120, 240):
        clock.now += timedelta(seconds=seconds - 1)
        assert guess(people) == RESTS
        assert guess(people, PASSWORD) == RESTS  # the right one neither
        clock.now += timedelta(seconds=1)
        assert guess(people) == WRONG

    clock.now += timedelta(seconds=480)
    assert people.verify("mira", PASSWORD).login == "mira"
    assert [guess(people) for _ in range(4)] == [WRONG] * 4  # counted from none again


def test_an_account_never_rests_for_more_than_an_hour(people: Accounts, clock: Clock):
    mira(people)
    for _ in range(30):
        guess(people)
        clock.now += timedelta(hours=1)

    assert people.verify("mira", PASSWORD).login == "mira"


def test_guessing_with_many_hands_at_once_is_no_faster(people: Accounts):
    mira(people)

    with ThreadPoolExecutor(12) as hands:
        answers = list(hands.map(lambda _: guess(people), range(24)))

    assert answers.count(WRONG) == 4
    assert answers.count(RESTS) == 20


def test_a_new_link_ends_the_rest_and_every_session(people: Accounts, clock: Clock):
    mira(people)
    session = people.start_session(people.ticket("mira", COORDINATOR)) or ""
    for _ in range(4):
        guess(people)
    assert people.session(session) is not None

    people.set_password(people.invite("mira", "", []), PASSWORD + "!")

    assert people.session(session) is None
    assert people.verify("mira", PASSWORD + "!").login == "mira"
    assert clock.now == datetime(2026, 7, 1, 12, tzinfo=UTC)  # no time had to pass


def test_a_closed_account_cannot_sign_in_and_its_sessions_and_links_end(people: Accounts):
    mira(people)
    session = people.start_session(people.ticket("mira", COORDINATOR)) or ""
    ticket, link = people.ticket("mira", COORDINATOR), people.invite("mira", "", [])

    people.close("mira")

    assert guess(people, PASSWORD) == WRONG
    assert people.find("mira") is None
    assert people.session(session) is None
    assert people.start_session(ticket) is None
    with pytest.raises(AccessDeniedError):
        people.set_password(link, PASSWORD)
    assert people.listed()[0].closed


def test_a_ticket_is_exchanged_once_and_within_a_minute(people: Accounts, clock: Clock):
    ticket, late = people.ticket("mira", FIELD), people.ticket("mira", FIELD)

    token = people.start_session(ticket)

    assert token is not None
    assert people.start_session(ticket) is None
    found = people.session(token)
    assert found is not None
    assert (found.login, found.grant) == ("mira", FIELD)
    clock.now += timedelta(seconds=61)
    assert people.start_session(late) is None


def test_of_many_who_show_one_ticket_one_gets_in(people: Accounts):
    ticket = people.ticket("mira", FIELD)

    with ThreadPoolExecutor(8) as hands:
        tokens = list(hands.map(lambda _: people.start_session(ticket), range(16)))

    assert sum(token is not None for token in tokens) == 1


def test_one_kind_of_token_never_serves_as_another(people: Accounts):
    link = people.invite("mira", "", [AGENCY])
    ticket = people.ticket("mira", AGENCY)
    session = people.start_session(people.ticket("mira", AGENCY)) or ""

    assert people.session(ticket) is None
    assert people.session(link) is None
    assert people.start_session(link) is None
    assert people.start_session(session) is None
    for token in (ticket, session):
        with pytest.raises(AccessDeniedError):
            people.set_password(token, PASSWORD)


def test_a_session_that_is_used_lives_a_week_and_one_that_rests_half_a_day(
    people: Accounts, clock: Clock
):
    used = people.start_session(people.ticket("mira", AGENCY)) or ""
    resting = people.start_session(people.ticket("mira", AGENCY)) or ""
    for _ in range(16):
        assert people.session(used) is not None
        clock.now += timedelta(hours=10)
    assert people.session(resting) is None
    assert people.session(used) is not None

    clock.now += timedelta(hours=9)

    assert people.session(used) is None
    assert people.session(used) is None


def test_a_session_is_in_the_role_it_was_switched_to(people: Accounts):
    token = people.start_session(people.ticket("mira", COORDINATOR)) or ""

    people.switch(token, FIELD)

    found = people.session(token)
    assert found is not None
    assert found.grant == FIELD


def test_a_session_that_was_ended_is_over(people: Accounts):
    token = people.start_session(people.ticket("mira", AGENCY)) or ""

    people.end_session(token)
    people.end_session(token)

    assert people.session(token) is None
