"""The calendar page: what comes next, an entry added and undone, and who may only look."""

from __future__ import annotations

from datetime import date

import pytest

from data.vocabulary import CalendarKind, Role
from desk.wiring import House
from tests.ui.conftest import OpenApp


def written(app) -> str:
    return " ".join(element.value for element in app.markdown)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.FIELD, Role.AGENCY, Role.ADMINISTRATOR])
@pytest.mark.parametrize(("language", "season"), [("sq", "Sezoni"), ("en", "Season on the coast")])
def test_everybody_sees_the_year_in_their_language(
    open_app: OpenApp, role: Role, language: str, season: str
):
    app = open_app(role, "calendar", language=language)

    assert not app.exception
    assert season in written(app)


def test_an_entry_is_added_and_undone(open_app: OpenApp, house: House):
    app = open_app(Role.COORDINATOR, "calendar", language="en")
    app.text_input(key="calendar_title_new_0").set_value("Panairi i verës")
    app.date_input(key="calendar_first_new_0").set_value(date.today())  # noqa: DTZ011 - the page's year
    app.date_input(key="calendar_last_new_0").set_value(date.today())  # noqa: DTZ011
    app.button(key="calendar_keep_new_0").click().run()

    (kept,) = house.store.calendar.entries()
    assert (kept.title, kept.kind) == ("Panairi i verës", CalendarKind.MARKET)
    assert "Panairi i verës" in written(app)
    app.button(key="calendar_undo").click().run()
    assert house.store.calendar.entries() == ()
    assert "Panairi i verës" not in written(app)


def test_a_field_worker_only_looks(open_app: OpenApp):
    app = open_app(Role.FIELD, "calendar", language="en")

    assert [b.key for b in app.button if b.key and b.key.startswith("calendar_")] == []


def test_days_in_the_wrong_order_are_told_in_a_sentence_and_not_kept(
    open_app: OpenApp, house: House
):
    app = open_app(Role.COORDINATOR, "calendar", language="en")
    app.date_input(key="calendar_first_new_0").set_value(date(2027, 5, 2))
    app.date_input(key="calendar_last_new_0").set_value(date(2027, 5, 1))
    app.button(key="calendar_keep_new_0").click().run()

    assert [e.value for e in app.error] == [
        "The last day lies before the first\\. Correct the days\\."
    ]
    assert house.store.calendar.entries() == ()
