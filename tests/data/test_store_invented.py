"""What is invented is told from what is real, never stands with it, and goes without a trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

import pandas as pd
import pytest

from data import synthetic
from data.nouns import Absence, Week
from data.store import Store, UnitStatus, invented, records
from data.vocabulary import MappingStatus
from tests.builders import DURRES, cases, places, visits
from tests.data.test_store import ABSENCE, BASE, TEAM, WORKER, everything
from tests.plans import plan_of

WEEK = Week.parse("2026-W28")
SAID = UnitStatus(
    unit="u1",
    municipality=DURRES,
    status=MappingStatus.PLACES_FOUND,
    at=datetime(2026, 7, 1, tzinfo=UTC),
)


@cache
def demo() -> synthetic.Demo:
    """Return the demo of one municipality: all of the country's takes longer to write."""
    whole = synthetic.make_demo(1, date(2026, 7, 1))

    def own(frame: pd.DataFrame, column: str = "municipality") -> pd.DataFrame:
        return frame[frame[column] == DURRES].reset_index(drop=True)

    return replace(
        whole,
        places=own(whole.places),
        cases=own(whole.cases, "municipality_found"),
        visits=own(whole.visits),
        statuses=own(whole.statuses),
        bases=tuple(b for b in whole.bases if b.municipality == DURRES),
        workers=tuple(w for w in whole.workers if w.municipality == DURRES),
        teams=tuple(t for t in whole.teams if t.municipality == DURRES),
    )


def test_the_demo_is_kept_whole_and_is_all_invented(store: Store):
    assert not store.all_synthetic()  # there is nothing yet

    store.add_demo(demo())

    assert not store.is_empty()
    assert store.all_synthetic()
    assert len(store.places()) == len(demo().places)
    assert len(store.cases()) == len(demo().cases)
    assert len(store.visits()) == len(demo().visits)
    assert store.teams() == demo().teams
    assert store.workers() == demo().workers
    assert {s.unit for s in store.unit_statuses()} == set(demo().statuses["unit"])


def test_the_demo_is_kept_whole_or_not_at_all(store: Store, monkeypatch: pytest.MonkeyPatch):
    def cut_off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(records, "put_crew", cut_off)
    with pytest.raises(KeyboardInterrupt):
        store.add_demo(demo())

    assert store.is_empty()


def test_the_demo_goes_into_no_store_that_knows_anything(store: Store):
    store.put_crew(workers=[WORKER])

    assert not store.add_demo(demo())
    assert store.places().empty

    store.erase_worker(WORKER.id)
    assert store.add_demo(demo())
    assert not store.add_demo(demo())
    assert store.teams() == demo().teams


@pytest.mark.parametrize(
    "known",
    [
        {"places": places(1)},
        {"cases": cases([""])},
        {"visits": visits(["p"])},
        {"perimeters": everything()["perimeters"]},
    ],
    ids=lambda frames: next(iter(frames)),
)
def test_a_store_that_knows_anything_is_not_empty(store: Store, known: dict[str, pd.DataFrame]):
    store.add(known)

    assert not store.is_empty()
    assert store.all_synthetic()


def test_a_store_that_knows_people_or_units_only_is_not_empty(store: Store):
    store.put_crew(workers=[WORKER])
    assert not store.is_empty()
    store.erase_worker(WORKER.id)
    assert store.is_empty()
    store.set_unit_status(SAID)
    assert not store.is_empty()


def test_accounts_settings_and_the_imports_log_are_not_knowledge(store: Store):
    store.set_setting("phone", "052")
    store.accounts.invite("mira", "", [])
    store.add({})

    assert store.is_empty()


@pytest.mark.parametrize("noun", ["places", "cases", "visits", "perimeters"])
def test_one_real_row_ends_the_demo(store: Store, noun: str):
    store.add_demo(demo())

    store.add({noun: everything()[noun].iloc[:1].assign(synthetic=False)})

    assert not store.all_synthetic()


def test_one_real_person_or_answer_ends_the_demo(store: Store):
    store.add_demo(demo())
    store.put_crew(workers=[WORKER])
    assert not store.all_synthetic()
    store.erase_worker(WORKER.id)
    assert store.all_synthetic()
    store.set_unit_status(SAID)
    assert not store.all_synthetic()


def test_clearing_takes_all_that_is_invented_and_the_plans_made_from_it(store: Store):
    store.add_demo(demo())
    store.put_crew(
        absences=[Absence(worker=demo().workers[0].id, first=WEEK.monday, last=WEEK.monday)]
    )
    invented_plan = plan_of(WEEK)
    store.save_plan(replace(invented_plan, marks=replace(invented_plan.marks, synthetic=True)))

    store.clear_synthetic()

    assert store.is_empty()
    assert store.absences() == ()
    assert store.segments().empty
    assert store.plans(DURRES) == ()


def test_clearing_leaves_what_is_real(store: Store):
    real = {
        noun: f if noun == "segments" else f.assign(synthetic=False)
        for noun, f in everything().items()
    }
    store.add(real)
    store.put_crew(bases=[BASE], workers=[WORKER], teams=[TEAM], absences=[ABSENCE])
    store.set_unit_status(SAID)
    store.save_plan(plan_of(WEEK))

    store.clear_synthetic()

    assert len(store.places()) == 3
    assert len(store.cases()) == 3
    assert len(store.visits()) == 2
    assert len(store.perimeters()) == len(store.segments()) == 1
    assert (store.workers(), store.teams(), store.absences()) == ((WORKER,), (TEAM,), (ABSENCE,))
    assert store.unit_statuses() == (SAID,)
    assert len(store.plans(DURRES)) == 1


def test_what_something_real_stands_on_stays_and_goes_on_saying_that_it_is_invented(store: Store):
    store.add({"places": places(4)})
    store.add(
        {"cases": cases(["p000"], synthetic=False), "visits": visits(["p001"], synthetic=False)}
    )
    store.put_crew(bases=[BASE, replace(BASE, id="b2")], synthetic=True)
    store.put_crew(workers=[WORKER], teams=[TEAM])

    store.clear_synthetic()

    assert store.places()["place_id"].tolist() == ["p000", "p001"]
    assert store.places()["synthetic"].all()
    assert [base.id for base in store.bases()] == ["b1"]
    assert store.teams() == (TEAM,)


def test_real_rows_take_the_place_of_the_demo_in_one_transaction(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    store.add_demo(demo())
    n = len(store.places())
    real = {"places": places(2, synthetic=False)}
    whole = invented.clear

    def cut_off(connection: object) -> None:
        whole(connection)
        raise KeyboardInterrupt

    monkeypatch.setattr(invented, "clear", cut_off)
    with pytest.raises(KeyboardInterrupt):
        store.add(real, instead_of_demo=True)
    assert len(store.places()) == n
    monkeypatch.undo()

    store.add(real, instead_of_demo=True)

    assert store.places()["place_id"].tolist() == ["p000", "p001"]
    assert not store.all_synthetic()


def test_a_store_holds_the_demo_until_only_what_real_rows_stand_on_is_left(store: Store):
    assert not store.holds_demo()
    store.add_demo(demo())
    assert store.holds_demo()
    place = demo().places["place_id"].iloc[0]
    store.add({"visits": visits([place], synthetic=False)})
    assert store.holds_demo()

    store.clear_synthetic()

    assert not store.holds_demo()
    assert store.places()["place_id"].tolist() == [place]


def test_a_real_crew_takes_the_place_of_the_demo_as_well(store: Store):
    store.add_demo(demo())

    store.put_crew(bases=[BASE], workers=[WORKER], teams=[TEAM], instead_of_demo=True)

    assert store.cases().empty
    assert (store.bases(), store.workers(), store.teams()) == ((BASE,), (WORKER,), (TEAM,))


def test_a_worker_put_as_real_is_real_from_then_on(store: Store):
    store.put_crew(workers=[WORKER], synthetic=True)
    assert store.all_synthetic()

    store.put_crew(workers=[WORKER])

    assert not store.all_synthetic()
