"""Why a place is as it is: at most five plain sentences, and what would change it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.nouns import TIRANE
from data.vocabulary import Source
from geo.explain import ExplainSettings, Why, explain
from geo.hotspots import HotspotSettings
from geo.risk import risk_surface
from layers.words import LANGUAGES, Words
from tests.builders import cases, durres, places, visits

AS_OF = datetime(2026, 7, 1, 12, tzinfo=TIRANE)
DAY = timedelta(days=1)


def whys(found, met, n: int = 6, **columns: object) -> dict[str, Why]:
    surface = risk_surface(found, met, places(n, **columns), durres(), as_of=AS_OF)
    return dict(explain(surface, found, met))


def busy(n: int = 14, *, source: str = "patrol"):
    """Return n cases at one of five places that were visited alike, three days ago."""
    found = cases(["p003"] * n, when=[AS_OF - 3 * DAY] * n, source=source)
    met = visits([f"p{i:03d}" for i in range(5)], when=[AS_OF - 3 * DAY] * 5, hours=10.0)
    return found, met


def ids(why: Why) -> set[str]:
    return {message.id for message in why.because}


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(1, 400), st.sampled_from(list(Source))),
        max_size=25,
    ),
    st.lists(st.tuples(st.integers(0, 4), st.integers(1, 400)), max_size=12),
)
def test_never_more_than_five_sentences_and_each_reads_in_both_languages(drawn, rounds):
    found = cases(
        [f"p{i:03d}" for i, _, _ in drawn],
        when=[AS_OF - d * DAY for _, d, _ in drawn],
        source=[str(source) for _, _, source in drawn],
    )
    met = visits([f"p{i:03d}" for i, _ in rounds], when=[AS_OF - d * DAY for _, d in rounds])

    for why in whys(found, met).values():
        assert 1 <= len(why.because) <= 5
        for language in LANGUAGES:
            for message in (*why.because, why.change):
                assert "{" not in Words(language).message(message)


def test_where_nobody_was_it_says_so_and_that_a_look_would_tell():
    why = whys(*busy())["p005"]

    assert why.because[0].id == "why.never_visited"
    assert why.change.id == "why.change_look"
    assert "why.finds" not in ids(why)


@pytest.mark.parametrize(("days", "said"), [(0, "why.visited_today"), (1, "why.last_visit")])
def test_the_last_visit_is_told_by_its_days(days: int, said: str):
    met = visits(["p000"], when=[AS_OF - days * DAY - timedelta(hours=2)])

    assert whys(cases([]), met)["p000"].because[0].id == said


def test_the_days_since_the_last_visit_are_counted_by_the_calendar():
    evening = (AS_OF - 10 * DAY).replace(hour=20)

    told = whys(cases([]), visits(["p000"], when=[evening]))["p000"].because[0]

    assert told.params == {"day": evening.date(), "n": 10}


def test_the_rate_is_told_with_what_it_rests_on():
    (finds,) = (m for m in whys(*busy())["p003"].because if m.id == "why.finds")

    assert (finds.params["n"], finds.params["hours"], finds.params["per"]) == (14, 10.0, 100)
    assert finds.params["low"] < finds.params["rate"] < finds.params["high"]


@pytest.mark.parametrize(
    ("sources", "said", "most"),
    [
        (["patrol"] * 14, "why.by_teams", None),
        (["police"] * 9 + ["school"] * 5, "why.by_others", "@word.source.police"),
        (["patrol"] * 8 + ["school"] * 6, "why.by_both", "@word.source.school"),
    ],
)
def test_who_told_of_the_children_is_said(sources: list[str], said: str, most: str | None):
    found, met = busy()
    found = found.assign(source=sources)

    (told,) = (m for m in whys(found, met)["p003"].because if m.id.startswith("why.by"))

    assert told.id == said
    assert most is None or told.params["source"] == most


def test_as_many_visits_as_it_says_with_nobody_met_take_a_place_off_the_places_at_risk():
    found, met = busy(6)
    change = whys(found, met)["p003"].change
    surface = risk_surface(found, met, places(6), durres(), as_of=AS_OF)
    before = surface.overall.set_index("place_id").loc["p003"]

    assert before["p_above_median"] >= HotspotSettings().min_p == ExplainSettings().min_p
    assert change.id == "why.change_nobody"
    # The others' rates stay as they are in what is said; so they do here, nearly.
    n, hours = int(change.params["n"]), float(change.params["minutes"]) / 60
    more = visits(["p003"] * n, when=[AS_OF - 3 * DAY] * n, hours=hours)
    after = risk_surface(
        found, _both(met, more), places(6), durres(), as_of=AS_OF
    ).overall.set_index("place_id")

    assert after.loc["p003", "p_above_median"] == pytest.approx(0.8, abs=0.12)


def _both(one, other):
    return pd.concat([one, other.assign(visit_id=[f"w{i}" for i in range(len(other))])])


def test_a_place_that_is_none_at_risk_says_how_many_children_would_make_it_one():
    change = whys(*busy())["p000"].change

    assert change.id in {"why.change_met", "why.change_far"}


def test_a_cell_is_explained_by_all_of_its_places():
    found, met = busy()
    surface = risk_surface(found, met, places(6, step=0.00001), durres(), as_of=AS_OF)

    made = explain(surface, found, met)
    (cell,) = surface.cells["cell_id"]

    (finds,) = (m for m in made[cell].because if m.id == "why.finds")
    assert (finds.params["n"], finds.params["hours"]) == (14, 50.0)


def test_what_happened_later_explains_nothing():
    found, met = busy()
    later = visits(["p005"], when=[AS_OF + DAY])

    assert whys(found, _both(met, later))["p005"].because[0].id == "why.never_visited"
