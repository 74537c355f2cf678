"""Signing in: an account, an invitation, the demo; and the routes that set the cookie."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest
from starlette.applications import Starlette

from data.vocabulary import Role
from desk import accounts, identity
from desk.wiring import House
from layers.words import Words
from tests.ui.conftest import DURRES, OpenApp
from ui import session
from ui.routes import ROUTES

PASSWORD = "nje fjali me disa fjale"  # noqa: S105 - opens nothing but a test's own house
HOST = {"host": "localhost:8501"}
OURS = {**HOST, "origin": "http://localhost:8501"}


@dataclass(frozen=True)
class Answer:
    """What a route of ours answered."""

    status: int
    cookies: list[str]
    location: str


def ask(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Answer:
    """Send one request to our routes as a server would."""
    path, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 8501),
    }
    sent: list[dict] = []

    async def receive() -> dict:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict) -> None:
        sent.append(message)

    asyncio.run(Starlette(routes=list(ROUTES))(scope, receive, send))
    fields = [(k.decode(), v.decode()) for k, v in sent[0]["headers"]]
    return Answer(
        status=sent[0]["status"],
        cookies=[value for name, value in fields if name == "set-cookie"],
        location=next((value for name, value in fields if name == "location"), ""),
    )


def account(house: House, *grants: accounts.Grant, login: str = "mira") -> str:
    link = house.store.accounts.invite(login, "Mira", grants)
    house.store.accounts.set_password(link, PASSWORD)
    return login


def token_of(house: House, login: str) -> str:
    return identity.start_session(house, identity.sign_in(house, login, PASSWORD)) or ""


def test_a_ticket_is_exchanged_once_for_a_cookie_no_script_can_read(house: House):
    ticket = identity.demo_ticket(house, Role.AGENCY)

    first = ask("POST", "/session", OURS, ticket.encode())
    second = ask("POST", "/session", OURS, ticket.encode())

    assert first.status == 204
    cookie = next(c for c in first.cookies if c.startswith(session.SESSION_COOKIE))
    assert "httponly" in cookie.lower()
    assert "samesite=strict" in cookie.lower()
    assert ticket not in cookie
    assert second.status == 403


@pytest.mark.parametrize(
    "headers", [HOST, {**HOST, "origin": "https://elsewhere.example"}, {**HOST, "origin": "null"}]
)
@pytest.mark.parametrize("path", ["/session", "/session/end"])
def test_another_site_cannot_begin_or_end_a_session(
    house: House, headers: dict[str, str], path: str
):
    ticket = identity.demo_ticket(house, Role.AGENCY)

    assert ask("POST", path, headers, ticket.encode()).status == 403


def test_a_body_that_is_no_ticket_is_refused(house: House):
    assert house.store
    assert ask("POST", "/session", OURS, b"x" * 100_000).status == 403
    assert ask("POST", "/session", OURS, "ë".encode()).status == 403
    assert ask("POST", "/session", OURS).status == 403


def test_behind_a_proxy_with_tls_the_cookie_is_secure(house: House):
    ticket = identity.demo_ticket(house, Role.AGENCY)

    answer = ask("POST", "/session", {**OURS, "x-forwarded-proto": "https"}, ticket.encode())

    assert any("secure" in cookie.lower() for cookie in answer.cookies)


def test_signing_out_ends_the_session_on_the_server(house: House):
    account(house, accounts.grant("agency"))
    token = token_of(house, "mira")

    answer = ask("POST", "/session/end", {**OURS, "cookie": f"{session.SESSION_COOKIE}={token}"})

    assert answer.status == 204
    assert identity.viewer_of(house, token) is None


def test_an_invitation_leaves_the_address_at_once_and_is_not_used_by_looking(house: House):
    link = identity.first_link(house) or ""

    answer = ask("GET", f"/welcome?link={link}", HOST)
    ask("GET", f"/welcome?link={link}", HOST)

    assert (answer.status, answer.location) == (303, "/")
    assert any("httponly" in c.lower() for c in answer.cookies)
    assert identity.set_password(house, link, PASSWORD)


def test_the_form_hands_a_right_pair_a_ticket(house: House, open_app: OpenApp):
    account(house, accounts.grant("agency"))
    app = open_app(None, "sign_in", language="en")

    app.text_input(key="login").set_value("mira")
    app.text_input(key="password").set_value(PASSWORD)
    app.button(key="enter").click().run()

    assert not app.exception
    assert not app.error
    assert house.store.audit.last(1)[0].action == "sign_in"


def test_a_wrong_pair_is_refused_in_one_sentence_and_audited(house: House, open_app: OpenApp):
    account(house, accounts.grant("agency"))
    app = open_app(None, "sign_in", language="en")

    app.text_input(key="login").set_value("mira")
    app.text_input(key="password").set_value("wrong")
    app.button(key="enter").click().run()

    assert len(app.error) == 1
    assert house.store.audit.last(1)[0].action == "sign_in.failed"
    assert app.button(key=f"demo_coordinator_{DURRES}")


def test_the_demo_roles_disappear_with_the_first_real_row(house: House, open_app: OpenApp):
    token = identity.start_session(house, identity.demo_ticket(house, Role.AGENCY)) or ""
    assert open_app(None, "sign_in").button(key="demo_agency")

    real = house.store.places().head(1).assign(place_id="real", synthetic=False)
    house.store.add({"places": real})

    app = open_app(token=token, language="sq")
    assert app.title[0].value == Words("sq")("app.page.sign_in")
    assert not [b for b in app.button if str(b.key).startswith("demo_")]
    with pytest.raises(PermissionError):
        identity.demo_ticket(house, Role.AGENCY)


def test_somebody_with_several_roles_switches_in_sight_and_in_the_audit(
    house: House, open_app: OpenApp
):
    account(house, accounts.grant("agency"), accounts.grant("administrator"))
    token = token_of(house, "mira")
    app = open_app(token=token, language="en")
    assert list(app.radio(key="role_switch").options) == ["Agency head", "Administrator"]

    app.radio(key="role_switch").set_value(Role.ADMINISTRATOR).run()

    line = house.store.audit.last(1)[0]
    assert (line.action, line.role) == ("role.switch", "administrator")
    # The bridge loads the root anew, as a browser does after a switch.
    assert open_app(token=token, language="en").title[0].value == "Accounts"


def test_a_session_ends_with_the_account_or_the_role(house: House):
    account(house, accounts.grant("agency"))
    token = token_of(house, "mira")
    assert identity.viewer_of(house, token) is not None

    accounts.close(house, identity.operator(Role.ADMINISTRATOR), "mira")

    assert identity.viewer_of(house, token) is None


def test_nobody_switches_into_a_role_they_do_not_hold(house: House):
    account(house, accounts.grant("agency"))

    with pytest.raises(PermissionError):
        identity.switch_role(house, token_of(house, "mira"), Role.COORDINATOR)


def test_the_first_link_is_there_until_somebody_has_a_password(house: House):
    assert identity.first_link(house) is not None

    identity.set_password(house, identity.first_link(house) or "", PASSWORD)

    assert identity.first_link(house) is None


def test_two_different_passwords_are_refused(
    house: House, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
):
    app = open_app(None, "sign_in", language="en")
    link = identity.first_link(house) or ""
    monkeypatch.setattr(session, "link", lambda: link)
    app.run()

    app.text_input(key="new_password").set_value(PASSWORD)
    app.text_input(key="again").set_value(PASSWORD + "!")
    app.button(key="keep").click().run()

    assert [e.value for e in app.error] == [Words("en")("page_sign_in.differ").replace(".", "\\.")]
    assert identity.set_password(house, link, PASSWORD)


def test_the_demo_administrator_makes_no_account_that_would_outlive_it(
    house: House, open_app: OpenApp
):
    app = open_app(Role.ADMINISTRATOR, "accounts", language="en")
    before = len(house.store.accounts.listed())

    app.radio(key="invite_role").set_value(Role.AGENCY).run()
    app.text_input(key="invite_login").set_value("eve")
    app.button(key="invite_go").click().run()

    assert len(app.error) == 1
    assert len(house.store.accounts.listed()) == before


def test_an_administrator_invites_and_sees_the_link_once(house: House, open_app: OpenApp):
    account(house, accounts.grant("administrator"))
    app = open_app(token=token_of(house, "mira"), page="accounts", language="en")

    app.radio(key="invite_role").set_value(Role.COORDINATOR).run()
    app.selectbox(key="invite_municipality").set_value(DURRES).run()
    app.text_input(key="invite_name").set_value("Arta")
    app.text_input(key="invite_login").set_value("arta")
    app.button(key="invite_go").click().run()

    assert not app.error
    assert "/welcome?link=" in app.code[0].value
    found = house.store.accounts.find("arta")
    assert found is not None
    assert found.grants == (accounts.grant("coordinator", DURRES),)
    app.run()
    assert not app.code


def test_the_audit_shows_who_did_what(house: House, open_app: OpenApp):
    account(house, accounts.grant("administrator"))
    app = open_app(token=token_of(house, "mira"), page="accounts", language="en")

    app.button(key="audit_show").click().run()

    assert not app.exception
    assert len(app.table) + len(app.dataframe) == 1
