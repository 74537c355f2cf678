"""The coordinator reads whether the map finds the cases, and is told when counting wins."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
import shapely
from streamlit.testing.v1 import AppTest

from data.crs import EDGE_CRS, METRIC_CRS, to_lonlat, to_metres
from data.errors import AccessDeniedError
from data.nouns import TIRANE, Viewer
from data.vocabulary import Role
from desk.evaluate import Judged, hotspot_evaluation
from desk.wiring import House
from layers.words import LANGUAGES, Words
from tests.builders import CENTRE, cases
from tests.ui.conftest import DURRES, OpenApp
from ui import cache
from ui.navigation import allowed
from ui.widgets.text import plain

EN = Words("en")
NOW = datetime.now(TIRANE)


def fill(house: House, n: int) -> None:
    """Write down so many cases around one point, a week apart, the last of them yesterday."""
    middle = to_metres(np.array([CENTRE]), METRIC_CRS)
    xy_m = middle + np.random.default_rng(3).normal([300.0, 500.0], 350.0, size=(n, 2))
    when = [NOW - timedelta(days=1 + 7 * (n - i)) for i in range(n)]
    found = cases(["p0"] * n, when=when)
    points = shapely.points(to_lonlat(xy_m, METRIC_CRS))
    house.store.add({"cases": found.set_geometry(points, crs=EDGE_CRS)})


def said(app: AppTest) -> str:
    return "\n".join(m.value for m in app.markdown)


def looks(house: House) -> int:
    return [line.action for line in house.store.audit.last(50)].count("evaluation.see")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_comes_first_with_its_marks_and_every_chart_has_its_numbers(
    house: House, open_app: OpenApp, language: str
):
    fill(house, 80)
    words = Words(language)

    app = open_app(Role.COORDINATOR, "evaluation", language=language)

    assert not app.exception
    assert not app.error
    first = next(m.value for m in app.main.markdown if m.value.startswith("**"))
    answers = [words(f"page_evaluation.answer_{one}") for one in ("ours", "same")]
    assert any(first.startswith(f"**{answer}**") for answer in answers)
    assert plain(words("mark.synthetic")) in said(app)
    assert [expander.label for expander in app.expander] == [
        words("app.numbers"),
        words("app.numbers"),
        words("page_evaluation.details"),
    ]


def test_the_names_of_statistics_stand_under_details_only(house: House, open_app: OpenApp):
    fill(house, 80)

    app = open_app(Role.COORDINATOR, "evaluation", language="en")

    inside = "\n".join(m.value for m in app.expander[2].markdown)
    assert all(name in inside for name in ("PAI", "PEI", "PIT"))
    outside = said(app).replace(inside, "")
    for m in app.expander[2].markdown:
        outside = outside.replace(m.value, "")
    assert not any(name in outside for name in ("PAI", "PEI", "PIT", "Clopper"))


def test_the_forecasts_are_judged_in_a_sentence_with_their_count(house: House, open_app: OpenApp):
    fill(house, 80)

    app = open_app(Role.COORDINATOR, "evaluation", language="en")

    assert "How sure the forecasts are cannot be said yet" in said(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_too_few_cases_are_told_with_what_is_missing_and_where_to_bring_them(
    house: House, open_app: OpenApp, language: str
):
    fill(house, 20)
    words = Words(language)

    app = open_app(Role.COORDINATOR, "evaluation", language=language)

    assert not app.exception
    shown = words("page_evaluation.too_few", have=0, needed=30, before=12).partition("0")
    assert shown[0] in said(app)
    assert any(link.proto.label == words("app.page.import") for link in app.get("page_link"))
    assert words("page_evaluation.methods_title") not in [s.value for s in app.subheader]


def test_no_case_at_all_is_too_few_and_no_fault(open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "evaluation", language="en")

    assert not app.exception
    assert "0 of the 30 cases" in said(app)


@pytest.fixture
def lost_app(
    house: House, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, str], AppTest]:
    """Return a function that opens the page where a simpler map has won, in a language.

    It wins by four to fourteen cases where one hundredth of the area is searched.
    """
    fill(house, 80)
    before = cache.hotspot_evaluation

    def opened(simpler: str, language: str) -> AppTest:
        def losing(house: House, viewer: Viewer, town: str, *, as_of: datetime) -> Judged:
            judged = before(house, viewer, town, as_of=as_of)
            first, *others = judged.found.comparisons
            lost = replace(first, simpler=simpler, gain=-9.0, gain_95=(-14.0, -4.0))
            return replace(judged, found=replace(judged.found, comparisons=(lost, *others)))

        monkeypatch.setattr(cache, "hotspot_evaluation", losing)
        return open_app(Role.COORDINATOR, "evaluation", language=language)

    return opened


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("simpler", "outcome"), [("count", "counting"), ("kde_500", "simpler")])
def test_when_a_simpler_map_wins_the_page_says_so_first_and_by_how_much(
    lost_app: Callable[[str, str], AppTest], language: str, simpler: str, outcome: str
):
    words = Words(language)

    app = lost_app(simpler, language)

    assert not app.exception
    first = next(m.value for m in app.main.markdown if m.value.startswith("**"))
    assert first.startswith(f"**{words(f'page_evaluation.answer_{outcome}')}**")
    line = next(one for one in said(app).splitlines() if one.startswith("- **1 %"))
    name = words(f"page_evaluation.method.{simpler}")
    assert name in line
    assert re.findall(r"\d+", line.partition(name)[2])[-2:] == ["4", "14"]


@pytest.mark.parametrize("role", [Role.FIELD, Role.AGENCY, Role.ADMINISTRATOR])
def test_nobody_but_a_coordinator_has_the_page_or_what_it_says(house: House, role: Role):
    fill(house, 80)
    viewer = Viewer(account="x", name="x", role=role, municipalities=frozenset({DURRES}))

    assert "evaluation" not in allowed(viewer)
    assert "evaluation" in allowed(replace(viewer, role=Role.COORDINATOR))
    with pytest.raises(AccessDeniedError):
        hotspot_evaluation(house, viewer, DURRES, as_of=NOW)
    assert looks(house) == 0


def test_a_coordinator_is_told_nothing_of_another_municipality(house: House):
    mira = Viewer(account="m", name="m", role=Role.COORDINATOR, municipalities=frozenset({DURRES}))

    with pytest.raises(AccessDeniedError):
        hotspot_evaluation(house, mira, "AL1105", as_of=NOW)


def test_the_page_drawn_again_judges_nothing_again_and_new_cases_are_judged_anew(
    house: House, open_app: OpenApp
):
    fill(house, 40)
    app = open_app(Role.COORDINATOR, "evaluation", language="en")
    before = looks(house)

    app.run()
    assert (before, looks(house)) == (1, 1)

    house.store.add({"cases": cases(["p0"], when=[NOW - timedelta(days=3)]).assign(case_code="C9")})
    app.run()
    assert looks(house) == 2
