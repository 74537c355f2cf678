"""The year page: needed against at hand in a sentence; a team asked for, agreed to and ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from data.lending import Loan
from data.nouns import TIRANE, Worker
from data.vocabulary import LoanState, Role, Skill
from desk.wiring import House
from tests.ui.conftest import DURRES, TEAM, OpenApp

KRUJE = "AL0302"
TODAY = datetime.now(TIRANE).date()
ASKED = Loan(
    id="l1",
    team=TEAM.id,
    lender=DURRES,
    borrower=KRUJE,
    first=TODAY + timedelta(days=7),
    last=TODAY + timedelta(days=13),
    asked_by="k",
    asked_for=KRUJE,
    asked_at=datetime.now(TIRANE).replace(microsecond=0),
)


def written(app: AppTest) -> str:
    return " ".join(element.value for element in app.markdown)


@pytest.fixture
def staffed(house: House) -> House:
    """Return the house with somebody named in its team."""
    worker = Worker(id="w1", name="Ana", municipality=DURRES, skills=frozenset({Skill.OUTREACH}))
    house.store.put_crew(workers=[worker], teams=[replace(TEAM, members=("w1",))], synthetic=True)
    return house


@pytest.mark.parametrize(
    ("role", "language", "sentence"),
    [
        (Role.COORDINATOR, "en", "They suffice in every week"),
        (Role.COORDINATOR, "sq", "Ato mjaftojnë në çdo javë"),
        (Role.AGENCY, "en", "municipalities have no team yet"),
        (Role.AGENCY, "sq", "ende nuk kanë ekip"),
    ],
)
def test_the_year_is_answered_in_sentences(
    open_app: OpenApp, role: Role, language: str, sentence: str
):
    app = open_app(role, "season", language=language)

    assert not app.exception
    assert sentence in written(app)


def test_a_team_is_offered_in_the_form_and_waits_for_the_other(open_app: OpenApp, staffed: House):
    app = open_app(Role.COORDINATOR, "season", language="en")
    app.button_group(key="loan_way").set_value("offer").run()
    app.selectbox(key="loan_to").set_value(KRUJE)
    app.button(key="loan_send").click().run()

    assert not app.error
    (loan,) = staffed.store.loans.loans()
    assert (loan.lender, loan.borrower, loan.state) == (DURRES, KRUJE, LoanState.ASKED)
    assert "Asked for" in written(app)
    app.button(key=f"loan_take_back_{loan.id}").click().run()
    assert staffed.store.loans.loans()[0].state is LoanState.WITHDRAWN


@pytest.mark.parametrize(
    ("answer", "state"), [("agree", LoanState.AGREED), ("refuse", LoanState.REFUSED)]
)
def test_a_request_is_answered_with_one_button(
    open_app: OpenApp, staffed: House, answer: str, state: LoanState
):
    staffed.store.loans.put(ASKED, synthetic=True)
    app = open_app(Role.COORDINATOR, "season", language="en")
    app.button(key=f"loan_{answer}_l1").click().run()

    assert not app.error
    assert staffed.store.loans.loans()[0].state is state


def test_the_agency_lends_nothing_and_reads_no_place(open_app: OpenApp, staffed: House):
    staffed.store.loans.put(ASKED, synthetic=True)

    app = open_app(Role.AGENCY, "season", language="en")

    assert [b.key for b in app.button if b.key and b.key.startswith("loan_")] == []
    assert "Tregu i ri" not in written(app)
