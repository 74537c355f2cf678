"""Import: checked before it is written, said in a sentence, and nothing of anybody else's."""

from __future__ import annotations

import tempfile
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.errors import StreetsMissingError
from data.messages import Message
from data.vocabulary import Role
from desk import accounts, ground, identity
from desk.ground import kept_streets
from desk.templates import example_file
from desk.wiring import House
from layers.words import LANGUAGES, Words
from tests.ui.conftest import DURRES, NAMES, OpenApp

EN = Words("en")
FILES = Path(__file__).resolve().parents[1] / "files"
PASSWORD = "nje fjali me disa fjale"  # noqa: S105 - opens nothing but a test's own house
WAYS = ("files", "streets", "by_hand", "correct")
STREETS = b"""<osm version="0.6">
  <node id="1" lat="41.3236" lon="19.4547"/><node id="2" lat="41.3300" lon="19.4600"/>
  <way id="9"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>
</osm>"""


def example(noun: str) -> bytes:
    return example_file(noun, DURRES, EN)


def real_cases() -> bytes:
    return example("cases").replace(b";yes\r\n", b";no\r\n")


def bring(app: AppTest, content: bytes, noun: str = "cases", name: str = "c.csv") -> AppTest:
    app.radio(key="import_noun").set_value(noun).run()
    found = next(f for f in app.file_uploader if f.key.startswith(f"import_file_{noun}"))
    return found.upload(name, content, "text/csv").run()


def go(app: AppTest, way: str) -> AppTest:
    return app.segmented_control(key="import_way").set_value(way).run()


def said(app: AppTest) -> str:
    texts = [*app.markdown, *app.success, *app.warning]
    return "\n".join(one.value for one in texts).replace("\\", "")


@pytest.fixture
def real(house: House, open_app: OpenApp) -> AppTest:
    """Return the page opened by somebody with an account of their own."""
    link = house.store.accounts.invite("mira", "Mira", [accounts.grant("coordinator", DURRES)])
    house.store.accounts.set_password(link, PASSWORD)
    token = identity.start_session(house, identity.sign_in(house, "mira", PASSWORD)) or ""
    return open_app(page="import", language="en", token=token)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("way", WAYS)
def test_every_way_opens_in_both_languages(open_app: OpenApp, language: str, way: str):
    app = go(open_app(Role.COORDINATOR, "import", language=language), way)

    assert not app.exception
    assert not app.error
    assert Words(language)("page_import.n_places", n=len(NAMES)) in said(app)


@pytest.mark.parametrize("noun", ["cases", "visits", "teams"])
def test_an_example_is_checked_first_and_then_taken(house: House, open_app: OpenApp, noun: str):
    app = bring(open_app(Role.COORDINATOR, "import", language="en"), example(noun), noun)
    assert house.store.cases().empty
    assert house.store.visits().empty
    assert len(house.store.teams()) == 1
    assert "can be taken" in said(app)

    app.button(key="import_take").click().run()

    assert not app.error
    assert len(app.success) == 1
    kept = (house.store.cases(), house.store.visits(), house.store.teams()[1:])
    assert [len(one) for one in kept] == [
        2 * (noun == "cases"),
        2 * (noun == "visits"),
        noun == "teams",
    ]
    assert house.store.all_synthetic()
    assert not any(b.key == "import_take" for b in app.button)


def test_refused_rows_are_listed_with_their_number_and_rule(open_app: OpenApp):
    app = bring(
        open_app(Role.COORDINATOR, "import", language="en"), (FILES / "cases.csv").read_bytes()
    )

    refused = app.table[0].value
    assert refused.iloc[0].tolist() == [
        "6",
        r"The day of identification is not a date like 24\.11\.2026 or 2026\-11\-24\.",
    ]
    assert EN("import.note.identifying_columns", n=1) in said(app)
    assert EN("import.note.without_coordinates", n=1) in said(app)


def test_a_file_that_cannot_be_read_is_a_sentence_and_offers_no_button(open_app: OpenApp):
    app = bring(open_app(Role.COORDINATOR, "import", language="en"), b"\x00\x01\x02")

    assert [e.value.replace("\\", "") for e in app.error] == [EN("import.file.unreadable")]
    assert not any(b.key == "import_take" for b in app.button)


def test_the_demo_account_cannot_bring_in_a_real_row(house: House, open_app: OpenApp):
    app = bring(open_app(Role.COORDINATOR, "import", language="en"), real_cases())

    assert [e.value.replace("\\", "") for e in app.error] == [EN("import.demo_only")]
    assert house.store.cases().empty


def test_the_first_real_file_asks_before_the_demonstration_goes(house: House, real: AppTest):
    app = bring(real, real_cases())
    assert [w.value for w in app.warning] == [EN("page_import.demo_goes")]
    assert app.button(key="import_take").disabled

    app.checkbox[0].check().run()
    app.button(key="import_take").click().run()

    assert EN("import.demo_gone") in said(app)
    assert len(house.store.cases()) == 2
    assert not house.store.places()["synthetic"].any()
    assert house.store.teams() == ()
    assert not identity.demo_is_open(house)


def test_a_changed_file_is_checked_anew(open_app: OpenApp):
    app = bring(open_app(Role.COORDINATOR, "import", language="en"), example("cases"))
    assert "2 of 2 rows" in said(app)

    broken = example("cases").replace(b"recycling", b"zoo")
    app = bring(app, broken)

    assert "1 of 2 rows" in said(app)


def choose(app: AppTest, **values: object) -> None:
    """Fill the fields of the open form by the ends of their keys."""
    fields = [*app.selectbox, *app.text_input, *app.date_input, *app.time_input, *app.number_input]
    for name, value in values.items():
        next(f for f in fields if f.key and f.key.endswith(f"_{name}")).set_value(value)


def test_a_case_entered_by_hand_is_kept_under_a_code_that_is_told(house: House, open_app: OpenApp):
    app = go(open_app(Role.COORDINATOR, "import", language="en"), "by_hand")
    choose(app, place="p1", at_day=date(2026, 6, 2), at_hour=time(17, 40))
    choose(app, sector="street", risk="high", source="patrol", home="AL1105")
    choose(app, referred_day=date(2026, 6, 3))

    app.button(key="enter_keep").click().run()

    assert not app.error
    kept = house.store.cases(DURRES).iloc[0]
    assert kept["case_code"] in said(app)
    assert (kept["place_id"], kept["municipality_home"], kept["hour_known"]) == (
        "p1",
        "AL1105",
        True,
    )
    assert kept["referred_at"].date() == date(2026, 6, 3)
    assert kept["synthetic"]


def test_a_form_that_lacks_something_names_it_and_keeps_what_was_entered(
    house: House, open_app: OpenApp
):
    app = go(open_app(Role.COORDINATOR, "import", language="en"), "by_hand")
    choose(app, place="p1", at_day=date(2026, 6, 2), sector="street")

    app.button(key="enter_keep").click().run()

    rule = EN("import.rule.missing", field="@import.field.risk_degree")
    assert [e.value.replace("\\", "") for e in app.error] == [rule]
    assert house.store.cases().empty
    assert next(s for s in app.selectbox if s.key.endswith("_place")).value == "p1"


def test_a_visit_past_midnight_is_entered_by_hand(house: House, open_app: OpenApp):
    app = go(open_app(Role.COORDINATOR, "import", language="en"), "by_hand")
    app.radio(key="enter_noun").set_value("visits").run()
    choose(app, place="p0", team="team-durres-1", day=date(2026, 6, 2))
    choose(
        app, begun=time(22, 30), ended=time(0, 15), outcome="spoken", n_seen=2, n_not_registered=1
    )

    app.button(key="enter_keep").click().run()

    assert not app.error
    kept = house.store.visits(DURRES).iloc[0]
    assert kept["ended_at"] - kept["started_at"] == timedelta(minutes=105)
    assert (kept["outcome"], kept["team"]) == ("spoken", "team-durres-1")
    assert (kept["n_seen"], kept["n_not_registered"]) == (2, 1)


def test_the_first_real_place_takes_the_demonstration_away_after_a_yes(house: House, real: AppTest):
    app = go(real, "by_hand")
    assert EN("page_import.place_first_demo") in said(app)
    app.radio(key="enter_noun").set_value("places").run()
    choose(app, name="Tregu", kind="market", point="41.3236, 19.4547")

    app.button(key="enter_keep").click().run()
    assert [e.value.replace("\\", "") for e in app.error] == [EN("page_import.demo_agree")]
    assert len(house.store.places()) == len(NAMES)

    app.checkbox[0].check()
    app.button(key="enter_keep").click().run()
    assert not app.error
    assert house.store.places()["name"].tolist() == ["Tregu"]


def kept_case(open_app: OpenApp) -> AppTest:
    app = bring(open_app(Role.COORDINATOR, "import", language="en"), example("cases"))
    app.button(key="import_take").click().run()
    app = go(app, "correct")
    which = next(s for s in app.selectbox if s.key.startswith("correct_cases"))
    return which.set_value("2026-001").run()


def test_a_record_is_corrected_in_the_form_it_was_entered_in(house: House, open_app: OpenApp):
    app = kept_case(open_app)
    before = house.store.cases().set_index("case_code")
    choose(app, risk="low")

    app.button(key="correct_keep").click().run()

    after = house.store.cases().set_index("case_code")
    assert not app.error
    assert after.loc["2026-001", "risk_degree"] == "low"
    assert after.drop(columns="risk_degree").equals(before.drop(columns="risk_degree"))


def test_a_record_is_erased_after_a_second_question(house: House, open_app: OpenApp):
    app = kept_case(open_app)
    assert r"2026\-001" in next(m.value for m in app.markdown if "erased for good" in m.value)

    app.button(key="correct_erase").click().run()

    assert house.store.cases()["case_code"].tolist() == ["2026-002"]
    assert EN("page_import.erased") in said(app)


@pytest.mark.parametrize("noun", ["cases", "visits", "places"])
def test_no_form_asks_for_a_person(open_app: OpenApp, noun: str):
    app = go(open_app(Role.COORDINATOR, "import", language="en"), "by_hand")
    app.radio(key="enter_noun").set_value(noun).run()

    assert not app.text_area
    free = {field.label for field in app.text_input}
    place = {EN("page_import.field_place_name"), EN("page_import.field_point")}
    assert free == (place if noun == "places" else set())


def test_streets_of_a_file_are_kept_with_their_own_name_and_nothing_else_stays(
    house: House, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    app = go(open_app(Role.COORDINATOR, "import", language="en"), "streets")
    app.file_uploader[0].upload("../../Durrës 1.osm", STREETS).run()

    app.button(key="import_streets_take").click().run()

    kept = kept_streets(house)
    assert not app.error
    assert [one.source for one in kept] == ["Durrës_1.osm"]
    assert EN("desk.streets_kept", n=kept[0].n_edges) in said(app)
    assert kept[0].sha256[:8] in app.table[0].value.to_string()
    assert list(scratch.iterdir()) == []


def test_a_street_file_of_another_kind_or_broken_is_a_sentence(house: House, open_app: OpenApp):
    app = go(open_app(Role.COORDINATOR, "import", language="en"), "streets")
    app.file_uploader[0].upload("x.osm", b"<osm").run()

    app.button(key="import_streets_take").click().run()

    assert [e.value.replace("\\", "") for e in app.error] == [EN("streets.unreadable")]
    assert kept_streets(house) == ()


def test_streets_that_do_not_reach_the_municipality_are_told(house: House, open_app: OpenApp):
    app = go(open_app(Role.COORDINATOR, "import", language="en"), "streets")
    away = STREETS.replace(b'"41.', b'"42.').replace(b'"19.', b'"1.')
    app.file_uploader[0].upload("andorra.osm", away).run()

    app.button(key="import_streets_take").click().run()

    assert EN("page_import.streets_elsewhere") in said(app)
    assert EN("page_import.streets_illustrative") in said(app)
    assert len(kept_streets(house)) == 1


def test_fetching_warns_before_and_without_internet_says_so(
    house: House, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
):
    asked = []

    def nobody(area: object, progress: object) -> None:
        asked.append(area)
        progress(Message("streets.fetching"), 0.1)
        raise StreetsMissingError(Message("streets.no_internet"))

    monkeypatch.setattr(ground, "fetch_streets", nobody)
    app = go(open_app(Role.COORDINATOR, "import", language="en"), "streets")
    assert [w.value for w in app.warning] == [EN("page_import.fetch_text", name="Durrës")]
    assert asked == []

    app.button(key="import_streets_fetch").click().run()

    assert len(asked) == 1
    assert [e.value.replace("\\", "") for e in app.error] == [EN("streets.no_internet")]
    assert kept_streets(house) == ()
