"""Calendar entries and loans: they come back as they were, on both engines."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import ContractError
from data.lending import Loan, in_force, lent_to
from data.store import Store
from data.vocabulary import LoanState
from tests.builders import NOON
from tests.data.test_calendar import DURRES, KRUJE, MARKET, WINTER

ASKED = Loan(
    id="l1",
    team="t1",
    lender=DURRES,
    borrower=KRUJE,
    first=date(2027, 7, 1),
    last=date(2027, 7, 14),
    asked_by="besa",
    asked_for=KRUJE,
    asked_at=NOON,
)
AGREED = replace(ASKED, state=LoanState.AGREED, answered_by="arta", answered_at=NOON)


def test_entries_come_back_as_they_were_kept(store: Store):
    country = replace(WINTER, municipality=None, dropped=True)

    store.calendar.put([MARKET, country])

    assert set(store.calendar.entries()) == {MARKET, country}


def test_an_entry_kept_again_is_changed_and_erased_once(store: Store):
    store.calendar.put([MARKET])
    store.calendar.put([replace(MARKET, title="Pazari")])

    assert [entry.title for entry in store.calendar.entries()] == ["Pazari"]
    assert store.calendar.erase("m")
    assert not store.calendar.erase("m")
    assert store.calendar.entries() == ()


def test_the_demos_entries_and_loans_go_with_the_demo_and_are_no_knowledge(store: Store):
    store.calendar.put([MARKET], synthetic=True)
    store.calendar.put([replace(MARKET, id="real")])
    store.loans.put(ASKED, synthetic=True)

    assert store.is_empty()
    store.clear_synthetic()

    assert [entry.id for entry in store.calendar.entries()] == ["real"]
    assert store.loans.loans() == ()


def test_a_loan_comes_back_to_both_sides_and_to_nobody_else(store: Store):
    store.loans.put(ASKED)
    store.loans.put(AGREED, before=ASKED)

    assert store.loans.loans(DURRES) == store.loans.loans(KRUJE) == (AGREED,)
    assert store.loans.loans("AL0101") == ()


def test_an_answer_to_a_loan_that_changed_meanwhile_is_refused(store: Store):
    store.loans.put(ASKED)
    refused = replace(ASKED, state=LoanState.REFUSED)
    store.loans.put(refused, before=ASKED)

    with pytest.raises(ContractError) as fault:
        store.loans.put(AGREED, before=ASKED)

    assert fault.value.message.id == "lending.fault.changed_since"
    assert store.loans.loans() == (refused,)


def test_a_team_that_goes_takes_its_loans_along(store: Store):
    store.loans.put(ASKED)
    store.loans.put(replace(ASKED, id="l2", team="t2"))

    store.loans.forget_team("t1")

    assert [loan.id for loan in store.loans.loans()] == ["l2"]


FIRST = date(2027, 7, 1)
SPANS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 6), st.sampled_from(["t1", "t2"])), max_size=8
)


@given(SPANS)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_loan_never_puts_a_team_in_two_places(tmp_path_factory, spans):
    store = Store.open(tmp_path_factory.mktemp("loans") / "fener.sqlite")
    for number, (start, length, team) in enumerate(spans):
        first = FIRST + timedelta(days=start)
        loan = replace(
            AGREED,
            id=f"l{number}",
            team=team,
            borrower=(KRUJE, "AL0101")[number % 2],
            asked_for=DURRES,
            first=first,
            last=first + timedelta(days=length),
        )
        with suppress(ContractError):
            store.loans.put(loan)
    kept = store.loans.loans()
    store.close()

    for day in (FIRST + timedelta(days=n) for n in range(30)):
        for team in ("t1", "t2"):
            places = [one.borrower for one in in_force(kept, day) if one.team == team]
            assert len(places) <= 1
            assert lent_to(kept, team, day) == "".join(places)
