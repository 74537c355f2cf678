"""Places at risk: one sentence, a table or cards, and decisions that can be undone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from data.nouns import TIRANE, Viewer
from data.vocabulary import EvidenceKind, HotspotState, PlaceKind, RegisterState, Role
from desk import accounts, identity
from desk import register_actions as act
from desk.identity import DEMO
from desk.register import Register, register_of
from desk.register_actions import RegisterForm
from desk.wiring import House
from layers.words import LANGUAGES, Words
from tests.builders import cases, visits
from tests.ui.conftest import DURRES, NAMES, TEAM, OpenApp
from ui import session
from ui.widgets.text import plain

EN = Words("en")
#: As the demo's coordinator: what is decided stays invented, and the demo open.
COORDINATOR = Viewer(
    account=DEMO, name="", role=Role.COORDINATOR, municipalities=frozenset({DURRES})
)
PASSWORD = "nje fjali me disa fjale"  # noqa: S105 - opens nothing but a test's own house
TOLD = RegisterForm(evidence=EvidenceKind.RESIDENTS)


@pytest.fixture
def known(house: House) -> House:
    """Return the house with cases for which the model proposes p0, and visits to p0 to p2."""
    now = datetime.now(TIRANE)
    when = [now - timedelta(days=2 + i) for i in range(30)]
    found = cases(["p0"] * 26 + ["p1"] * 4, when=when)
    house.store.add({"cases": found, "visits": visits(["p0", "p1", "p2"] * 10, when=when)})
    return house


def register(house: House) -> Register:
    return register_of(house, COORDINATOR, DURRES)


def states(house: House) -> dict[str, HotspotState]:
    return {entry.place_id: entry.state for entry in register(house).entries}


def said(app: AppTest) -> str:
    kinds = (app.markdown, app.success, app.warning, app.error)
    return "\n".join(element.value for kind in kinds for element in kind)


def opened(open_app: OpenApp, place: str | None = None, language: str = "en") -> AppTest:
    app = open_app(Role.COORDINATOR, "hotspots", language=language)
    if place is not None:
        app.selectbox(key=session.HOTSPOT_CHOSEN.name).set_value(place).run()
    assert not app.exception
    return app


def on_a_phone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "is_phone", lambda: True)


# What is said


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_nothing_known_it_says_so_and_how_to_begin(open_app: OpenApp, language: str):
    app = opened(open_app, language=language)

    words = Words(language)
    assert words("page_hotspots.answer_none") in said(app)
    assert words("page_hotspots.empty") in said(app)
    assert app.title[0].value == words("app.page.hotspots")
    assert not app.table


def test_the_answer_counts_what_counts_and_what_waits(known: House, open_app: OpenApp):
    act.confirm(known, COORDINATOR, DURRES, "p3", TOLD)

    app = opened(open_app)

    assert "**2 places count as places at risk.** 1 proposal waits for your decision." in said(app)


def test_the_table_says_of_each_place_what_there_is_to_know(known: House, open_app: OpenApp):
    form = RegisterForm(
        evidence=EvidenceKind.SCHOOL, owner=TEAM.id, slots=("weekend-night", "weekday-evening")
    )
    act.confirm(known, COORDINATOR, DURRES, "p3", form)
    until = EN.day(datetime.now(TIRANE).date() + timedelta(days=90))

    table = opened(open_app).table[0].value

    assert table.columns.tolist()[0] == "Place"
    proposed, confirmed = table.to_numpy().tolist()
    assert proposed[:3] == ["Tregu i ri", "Proposed", "26 cases, 10 hours there"]
    assert confirmed[1:3] == ["Confirmed", "no case yet, nobody has looked"]
    hours = ("weekday-evening", "weekend-night")
    assert confirmed[3].replace("\N{WORD JOINER}", "") == "; ".join(
        EN(f"word.slot.{slot}") for slot in hours
    )
    assert confirmed[4] == "Ekipi 1"
    assert confirmed[5:7] == ["never", until]
    assert confirmed[7] == "cannot be said yet"
    assert confirmed[0] == "Plazhi \\[1\\]\\(x\\)"  # a name from a file is no link


def test_how_sure_the_number_of_visits_is_stands_under_details(known: House, open_app: OpenApp):
    now = datetime.now(TIRANE)
    at = [f"p{place}" for place in range(3) for _ in range(30)]
    when = [now - timedelta(days=6 * (i % 30) + 1) for i in range(90)]
    known.store.add(
        {
            "visits": visits(
                at, when=when, outcome=["seen", "nobody", "nobody"] * 30,
                visit_id=[f"r{i}" for i in range(90)],
            )
        }
    )  # fmt: skip

    app = opened(open_app)

    assert "of 100 visits in this municipality meet somebody" in said(app)
    learned = app.table[1].value
    assert learned.columns.tolist()[0] == "Places"
    assert "more visit" in app.table[0].value.to_numpy()[0][7]


@pytest.mark.usefixtures("known")
def test_too_few_repeats_are_said_in_words(open_app: OpenApp):
    assert "to say how many visits are needed" in said(opened(open_app))


# What is decided


def test_a_proposal_is_confirmed_with_an_owner_and_hours_and_that_is_undone(
    known: House, open_app: OpenApp
):
    app = opened(open_app, "p0")
    key = "hotspot_p0_0"
    app.selectbox(key=f"{key}_evidence").set_value(EvidenceKind.SCHOOL)
    app.selectbox(key=f"{key}_owner").set_value(TEAM.id)
    app.multiselect(key=f"{key}_slots").set_value(["weekend-night"])
    app.button(key="hotspot_confirm").click().run()

    (decided,) = known.store.register.decisions()
    assert (decided.state, decided.evidence) == (RegisterState.CONFIRMED, EvidenceKind.SCHOOL)
    assert (decided.owner, decided.slots) == (TEAM.id, ("weekend-night",))
    assert "Tregu i ri is confirmed until" in said(app)

    app.button(key="hotspot_undo").click().run()

    assert not app.exception
    assert known.store.register.decisions() == ()
    assert plain(EN("page_hotspots.undone")) in said(app)
    assert not [button for button in app.button if button.key == "hotspot_undo"]


def test_a_confirmed_place_is_edited_or_confirmed_again(known: House, open_app: OpenApp):
    act.confirm(known, COORDINATOR, DURRES, "p3", RegisterForm(evidence=EvidenceKind.POLICE))
    before = known.store.register.decisions()[0]

    app = opened(open_app, "p3")
    assert app.selectbox(key="hotspot_p3_0_evidence").value == EvidenceKind.POLICE
    app.selectbox(key="hotspot_p3_0_owner").set_value(TEAM.id)
    app.button(key="hotspot_keep").click().run()

    after = known.store.register.decisions()[0]
    assert (after.owner, after.expires_at) == (TEAM.id, before.expires_at)
    assert app.button(key="hotspot_confirm").label == "Confirm again"


def test_a_proposal_is_refused_after_a_second_question_and_that_is_taken_back(
    known: House, open_app: OpenApp
):
    app = opened(open_app, "p0")
    assert EN("page_hotspots.refuse_ask") in said(app)
    app.button(key="hotspot_refuse").click().run()

    assert states(known)["p0"] is HotspotState.REFUSED
    assert "It does not count until" in said(app)

    app.button(key="hotspot_withdraw").click().run()

    assert not app.exception
    assert states(known)["p0"] is HotspotState.PROPOSED


def test_a_place_is_merged_with_another_and_then_only_taken_back(known: House, open_app: OpenApp):
    act.confirm(known, COORDINATOR, DURRES, "p1", TOLD)
    app = opened(open_app, "p1")
    assert app.button(key="hotspot_merge").disabled
    app.selectbox(key="hotspot_into_p1").set_value("p0").run()
    app.button(key="hotspot_merge").click().run()

    assert not app.exception
    assert states(known) == {"p0": HotspotState.PROPOSED, "p1": HotspotState.MERGED}
    assert "Counted with Tregu i ri since" in said(app)
    assert not [button for button in app.button if button.key == "hotspot_confirm"]

    app.button(key="hotspot_undo").click().run()

    assert states(known)["p1"] is HotspotState.CONFIRMED


def test_a_known_place_is_added_with_no_case_at_all(known: House, open_app: OpenApp):
    app = opened(open_app)
    assert "p0" not in app.selectbox(key="hotspot_known_0_place").options

    app.button(key="hotspot_add_known").click().run()
    assert plain(EN("register.choose_place")) in said(app)
    app.selectbox(key="hotspot_known_0_place").set_value("p3")
    app.button(key="hotspot_add_known").click().run()

    assert states(known)["p3"] is HotspotState.CONFIRMED
    assert "is added and confirmed" in said(app)


def test_a_new_place_is_added_with_the_form_of_every_place(house: House, open_app: OpenApp):
    app = opened(open_app)
    app.radio(key="hotspot_add_which").set_value("new").run()
    app.text_input(key="hotspot_new_0_name").set_value("Rruga e re")
    app.selectbox(key="hotspot_new_0_kind").set_value(PlaceKind.SHOPS)
    app.text_input(key="hotspot_new_0_point").set_value("41.3236, 19.4547")
    app.button(key="hotspot_add_new").click().run()

    assert not app.exception
    (entry,) = register(house).entries
    assert (entry.name, entry.state, entry.n_cases) == ("Rruga e re", "confirmed", 0)
    assert house.store.all_synthetic()


def test_the_first_real_place_takes_the_demonstration_away_after_a_yes(
    house: House, open_app: OpenApp
):
    link = house.store.accounts.invite("mira", "Mira", [accounts.grant("coordinator", DURRES)])
    house.store.accounts.set_password(link, PASSWORD)
    token = identity.start_session(house, identity.sign_in(house, "mira", PASSWORD)) or ""
    app = open_app(page="hotspots", language="en", token=token)
    app.radio(key="hotspot_add_which").set_value("new").run()
    app.text_input(key="hotspot_new_0_name").set_value("Rruga e re")
    app.selectbox(key="hotspot_new_0_kind").set_value(PlaceKind.SHOPS)
    app.text_input(key="hotspot_new_0_point").set_value("41.3236, 19.4547")
    assert app.selectbox(key="hotspot_new_0_owner").options == ["Nobody"]

    app.button(key="hotspot_add_new").click().run()
    assert plain(EN("page_import.demo_agree")) in said(app)
    assert len(house.store.places()) == len(NAMES)

    app.checkbox(key="hotspot_new_0_agreed").check()
    app.button(key="hotspot_add_new").click().run()
    assert not app.exception
    assert house.store.places()["name"].tolist() == ["Rruga e re"]
    assert [one.decided_by for one in house.store.register.decisions()] == ["mira"]


def test_a_fault_of_a_form_is_a_sentence_and_nothing_is_kept(house: House, open_app: OpenApp):
    app = opened(open_app)
    app.radio(key="hotspot_add_which").set_value("new").run()
    app.text_input(key="hotspot_new_0_name").set_value("Rruga e re")
    app.selectbox(key="hotspot_new_0_kind").set_value(PlaceKind.SHOPS)
    app.text_input(key="hotspot_new_0_point").set_value("45.0, 19.4547")
    app.button(key="hotspot_add_new").click().run()

    assert not app.exception
    assert len(app.error) == 1
    assert len(house.store.places(DURRES)) == len(NAMES)


def test_an_undo_that_comes_too_late_is_a_sentence(known: House, open_app: OpenApp):
    app = opened(open_app, "p0")
    app.button(key="hotspot_confirm").click().run()
    act.refuse(known, COORDINATOR, DURRES, "p0", EvidenceKind.TEAM)

    app.button(key="hotspot_undo").click().run()

    assert plain(EN("register.changed_since")) in said(app)
    assert states(known)["p0"] is HotspotState.REFUSED


# On a phone, and for whom


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_phone_each_place_is_a_card_that_opens(
    known: House, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch, language: str
):
    on_a_phone(monkeypatch)
    act.confirm(known, COORDINATOR, DURRES, "p3", TOLD)
    act.merge(known, COORDINATOR, DURRES, "p1", "p0")
    app = opened(open_app, language=language)
    assert not app.table
    assert Words(language)("page_hotspots.state.merged", name="Tregu i ri") in said(app)

    app.button(key="hotspot_open_p3").click().run()
    app.button(key="hotspot_confirm").click().run()
    assert len(app.success) == 1

    app.button(key="hotspot_open_p3").click().run()

    assert not [button for button in app.button if button.key == "hotspot_confirm"]
    assert not app.exception


@pytest.mark.parametrize("role", [Role.FIELD, Role.AGENCY, Role.ADMINISTRATOR])
def test_nobody_else_has_the_page(open_app: OpenApp, role: Role):
    with pytest.raises(ValueError, match="hotspots"):
        open_app(role, "hotspots")


def test_a_look_is_noted_once_and_again_after_a_decision(known: House, open_app: OpenApp):
    app = opened(open_app, "p0")

    def looks() -> int:
        return sum(line.action == "register.see" for line in known.store.audit.last(99))

    assert looks() == 1
    app.button(key="hotspot_confirm").click().run()
    assert looks() == 2


def test_a_place_out_of_its_season_says_until_when_it_sleeps(house: House, open_app: OpenApp):
    month = datetime.now(TIRANE).month
    wakes = (month + 2) % 12 + 1
    house.store.correct("places", "p3", {"awake_from": wakes, "awake_to": wakes})
    act.confirm(house, COORDINATOR, DURRES, "p3", TOLD)

    app = opened(open_app)

    assert EN("page_hotspots.n_asleep", n=1) in said(app)
    asleep = app.table[0].value.to_numpy().tolist()[0]
    assert asleep[1] == EN("page_hotspots.state.asleep", month=f"@word.month.{wakes}")
