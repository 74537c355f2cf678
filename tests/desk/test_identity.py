"""Who somebody is: what a session may do, when it ends, and what the audit keeps of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from argon2 import PasswordHasher

from data.errors import AccessDeniedError, ContractError
from data.messages import Message
from data.nouns import Team, Viewer
from data.store.accounts import Accounts
from data.vocabulary import Role
from desk import accounts, identity
from desk.accounts import Grant, grant
from desk.identity import ADMINISTRATOR, DEMO, operator
from desk.wiring import House, open_house
from tests.builders import DURRES, places
from tests.data.test_store import BASE, TEAM

KRUJE = "AL0302"
PASSWORD = "nje fjali me disa fjale"  # noqa: S105 - opens nothing but a test's own house
BOTH = (Grant(role=Role.FIELD, municipality=DURRES, team="t1"), grant("coordinator", DURRES))
ADMIN = operator(Role.ADMINISTRATOR)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return an empty house whose hasher spends no second of the tests."""
    made = open_house(tmp_path)
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    made.store.accounts = Accounts(made.store._engine, hasher)
    return made


@pytest.fixture
def demo_house(house: House) -> House:
    """Return a house with one invented place and one team."""
    house.store.add({"places": places(1)})
    house.store.put_crew(bases=[BASE], teams=[TEAM], synthetic=True)
    return house


def person(house: House, *grants: Grant, login: str = "mira") -> str:
    """Make an account and return the token of its session."""
    link = house.store.accounts.invite(login, "Mira Ç.", grants)
    return identity.start_session(house, identity.set_password(house, link, PASSWORD)) or ""


def lines(house: House, n: int = 9) -> list[tuple[str, str, str]]:
    return [(line.account, line.role, line.action) for line in house.store.audit.last(n)]


def test_somebody_signs_in_and_the_audit_knows_the_role(house: House):
    token = person(house, *BOTH)

    viewer = identity.viewer_of(house, token)

    assert viewer == Viewer(
        account="mira",
        name="Mira Ç.",
        role=Role.COORDINATOR,
        municipalities=frozenset({DURRES}),
    )
    assert lines(house, 1) == [("mira", "coordinator", "sign_in")]


def test_a_wrong_password_is_kept_with_the_login_and_a_wrong_login_is_not(house: House):
    person(house, *BOTH)
    typed = "my secret password"

    for login in ("mira", typed):
        with pytest.raises(AccessDeniedError):
            identity.sign_in(house, login, "wrong")

    assert lines(house, 2) == [("", "field", "sign_in.failed"), ("mira", "field", "sign_in.failed")]
    assert typed not in str(house.store.audit.last(99))


def test_somebody_without_a_role_does_not_get_in(house: House):
    link = house.store.accounts.invite("mira", "", ())
    with pytest.raises(AccessDeniedError) as fault:
        identity.set_password(house, link, PASSWORD)

    assert fault.value.message == Message("identity.no_role")


def test_a_role_is_switched_in_the_audit_and_brings_its_own_bounds(house: House):
    token = person(house, *BOTH, grant("coordinator", KRUJE))
    assert identity.roles_of(house, token) == (Role.COORDINATOR, Role.FIELD)
    coordinator = identity.viewer_of(house, token)
    assert coordinator is not None
    assert coordinator.municipalities == {DURRES, KRUJE}

    viewer = identity.switch_role(house, token, Role.FIELD)

    assert viewer == identity.viewer_of(house, token)
    assert (viewer.role, viewer.municipalities, viewer.teams) == (Role.FIELD, {DURRES}, {"t1"})
    assert lines(house, 1) == [("mira", "field", "role.switch")]


@pytest.mark.parametrize("role", [Role.AGENCY, Role.ADMINISTRATOR])
def test_a_role_that_somebody_does_not_hold_stays_shut(house: House, role: Role):
    token = person(house, *BOTH)
    before = lines(house)

    with pytest.raises(AccessDeniedError):
        identity.switch_role(house, token, role)

    viewer = identity.viewer_of(house, token)
    assert viewer is not None
    assert viewer.role is Role.COORDINATOR
    assert lines(house) == before


@pytest.mark.parametrize("token", ["", "nonsense"])
def test_without_a_session_there_is_nobody(house: House, token: str):
    assert identity.viewer_of(house, token) is None
    assert identity.roles_of(house, token) == ()
    identity.end_session(house, token)
    assert lines(house) == []
    with pytest.raises(AccessDeniedError):
        identity.switch_role(house, token, Role.AGENCY)


def test_signing_out_ends_the_session_and_leaves_a_line(house: House):
    token = person(house, *BOTH)

    identity.end_session(house, token)

    assert identity.viewer_of(house, token) is None
    assert lines(house, 1) == [("mira", "coordinator", "sign_out")]


def test_a_session_ends_when_its_account_is_closed(house: House):
    token = person(house, *BOTH)

    accounts.close(house, ADMIN, "mira")

    assert identity.viewer_of(house, token) is None


# The terminal


def test_the_terminal_names_an_account_and_gets_its_first_role_or_the_one_asked_for(house: House):
    person(house, *BOTH)

    assert identity.viewer_named(house, "Mira ").role is Role.COORDINATOR
    assert identity.viewer_named(house, "mira", Role.FIELD).teams == {"t1"}
    assert not identity.viewer_named(house, "mira").is_operator
    for login, role in (("mira", Role.AGENCY), ("nobody", None), (DEMO, None), ("", None)):
        with pytest.raises(AccessDeniedError) as fault:
            identity.viewer_named(house, login, role)
        assert fault.value.message == Message("identity.no_account")


# The demo's roles


@pytest.mark.parametrize("role", list(Role))
def test_the_demo_has_every_role_without_an_account(demo_house: House, role: Role):
    token = identity.start_session(demo_house, identity.demo_ticket(demo_house, role, DURRES)) or ""

    viewer = identity.viewer_of(demo_house, token)

    assert viewer is not None
    assert identity.is_demo(viewer)
    assert viewer.role is role
    assert viewer.teams == ({"t1"} if role is Role.FIELD else set())
    assert identity.roles_of(demo_house, token) == (role,)
    assert not demo_house.store.accounts.any()
    assert lines(demo_house, 1) == [(DEMO, str(role), "sign_in.demo")]


def test_an_empty_house_has_no_demo_roles(house: House):
    with pytest.raises(AccessDeniedError) as fault:
        identity.demo_ticket(house, Role.AGENCY)

    assert fault.value.message == Message("identity.demo_closed")


def test_the_first_real_row_ends_the_demos_sessions_at_once(demo_house: House):
    ticket = identity.demo_ticket(demo_house, Role.COORDINATOR, DURRES)
    token = identity.start_session(demo_house, ticket) or ""
    assert identity.viewer_of(demo_house, token) is not None

    real: Team = TEAM
    demo_house.store.put_crew(bases=[BASE], teams=[real])

    assert identity.viewer_of(demo_house, token) is None


def test_no_account_can_be_taken_for_the_demo_or_the_machine(house: House):
    for login in (DEMO, "machine (operator)"):
        with pytest.raises(ContractError):
            accounts.invite(house, ADMIN, login, grant("agency"))


# Accounts


def test_the_first_link_makes_one_administrator_until_somebody_has_a_password(house: House):
    first, second = identity.first_link(house), identity.first_link(house)

    assert second is not None
    with pytest.raises(AccessDeniedError):  # each start prints a new one
        identity.set_password(house, first or "", PASSWORD)
    token = identity.start_session(house, identity.set_password(house, second, PASSWORD)) or ""
    viewer = identity.viewer_of(house, token)
    assert viewer is not None
    assert (viewer.account, viewer.role) == (ADMINISTRATOR, Role.ADMINISTRATOR)
    assert identity.first_link(house) is None
    assert len(house.store.accounts.listed()) == 1


@pytest.mark.parametrize("role", [Role.FIELD, Role.COORDINATOR, Role.AGENCY])
def test_only_an_administrator_keeps_accounts_and_reads_the_audit(house: House, role: Role):
    other = Viewer(account="x", name="x", role=role, municipalities=frozenset({DURRES}))
    person(house, *BOTH)
    before = (house.store.accounts.listed(), lines(house))

    for attempt in (
        lambda: accounts.listed(house, other),
        lambda: accounts.invite(house, other, "eve", grant("agency")),
        lambda: accounts.reset(house, other, "mira"),
        lambda: accounts.close(house, other, "mira"),
        lambda: accounts.audit_tail(house, other),
    ):
        with pytest.raises(AccessDeniedError):
            attempt()

    assert (house.store.accounts.listed(), lines(house)) == before


def test_the_demos_administrator_changes_no_account(demo_house: House):
    ticket = identity.demo_ticket(demo_house, Role.ADMINISTRATOR)
    token = identity.start_session(demo_house, ticket) or ""
    viewer = identity.viewer_of(demo_house, token)
    assert viewer is not None
    person(demo_house, *BOTH)

    for attempt in (
        lambda: accounts.invite(demo_house, viewer, "eve", grant("agency")),
        lambda: accounts.reset(demo_house, viewer, "mira"),
        lambda: accounts.close(demo_house, viewer, "mira"),
    ):
        with pytest.raises(AccessDeniedError) as fault:
            attempt()
        assert fault.value.message == Message("identity.demo_keeps_none")


def test_nobody_shuts_themselves_out(house: House):
    token = person(house, grant("administrator"))
    viewer = identity.viewer_of(house, token)
    assert viewer is not None

    with pytest.raises(AccessDeniedError) as fault:
        accounts.close(house, viewer, "mira")

    assert fault.value.message == Message("identity.not_oneself")
    assert identity.viewer_of(house, token) is not None


def test_an_invitation_a_new_link_and_an_end_leave_their_lines(house: House):
    accounts.invite(house, ADMIN, "Mira", grant("agency"))
    accounts.reset(house, ADMIN, "mira")
    accounts.close(house, ADMIN, "mira")

    kept = [(line.action, line.scope) for line in reversed(house.store.audit.last(9))]
    assert kept == [
        ("account.invite", "mira"),
        ("account.reset", "mira"),
        ("account.close", "mira"),
    ]
    for change in (accounts.reset, accounts.close):
        with pytest.raises(ContractError):
            change(house, ADMIN, "nobody")


@pytest.mark.parametrize(
    ("asked", "made"),
    [
        (("agency", DURRES, "t1"), Grant(role=Role.AGENCY)),
        (("administrator", None, None), Grant(role=Role.ADMINISTRATOR)),
        (("coordinator", DURRES, "t1"), Grant(role=Role.COORDINATOR, municipality=DURRES)),
        (("field", DURRES, "t1"), Grant(role=Role.FIELD, municipality=DURRES, team="t1")),
    ],
)
def test_a_role_is_bound_to_what_it_needs_and_to_nothing_else(
    asked: tuple[str, str | None, str | None], made: Grant
):
    assert grant(*asked) == made
