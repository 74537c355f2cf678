"""All municipalities in one run: in processes or on a cluster, resumable, and no case leaves."""

from __future__ import annotations

import csv
import json
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from data.errors import AccessDeniedError, ContractError
from data.messages import Message
from data.nouns import Viewer, Week
from data.vocabulary import Role
from desk import accounts, country, pools
from desk.country import Country, plan_country, planned_towns, seed_of
from desk.identity import operator
from desk.journal import Journal, Outcome, read_journal
from desk.planning import PlanRequest, plan_week
from desk.pools import TLS_FILES, Pool, cluster, processes
from desk.wiring import House, open_house
from layers.words import Words
from patrol.plan import weeks_from
from tests.builders import DURRES
from tests.houses import ROOT, WEEK, ask

#: Three small municipalities, so that a run takes seconds; and one where nothing is known.
SMALL = ("AL1005", "AL0706", "AL0601")
THREE = replace(operator(), is_operator=False, municipalities=frozenset(SMALL))
#: What a fault of the program may speak of, and no log may.
NAMED = "a place's name"
#: Until a scheduler and its workers are there.
_PATIENCE_S = 60.0


class Here(Executor):
    """Solves in this process, and keeps what would have travelled to another one."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def submit(self, function: Callable[..., object], /, *arguments: object) -> Future[object]:  # type: ignore[override] # no keywords are used
        """Do it at once, with what a pickle brings over."""
        self.sent.append(pickle.dumps(arguments))
        future: Future[object] = Future()
        try:
            future.set_result(function(*pickle.loads(self.sent[-1])))  # noqa: S301 - our own
        except Exception as fault:  # noqa: BLE001 - as an executor does
            future.set_exception(fault)
        return future


def here() -> Pool:
    return Pool(executor=Here(), size=1)


@pytest.fixture
def house(home: Path) -> House:
    return open_house(home)


def asked(folder: Path, seed: int | None = 7, weeks: int = 1) -> Country:
    return Country(week=Week.parse(WEEK), weeks=weeks, folder=folder, seed=seed)


def run(house: House, viewer: Viewer, question: Country, pool: Pool) -> list[Outcome]:
    journal, towns = planned_towns(house, viewer, question)
    return list(plan_country(house, viewer, question, journal, towns, pool, Words("sq")))


def plans_in(folder: Path) -> dict[str, bytes]:
    """Return every plan of a run by its folder, but for the version under which it is kept."""
    found = {}
    for path in sorted(folder.rglob("plan.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        record.pop("version")
        found[path.parent.relative_to(folder).as_posix()] = json.dumps(record).encode()
    return found


@contextmanager
def dask_cluster(folder: Path) -> Iterator[tuple[str, Path]]:
    """Start a scheduler and two workers that speak TLS only; give its address and the keys."""
    authority = trustme.CA()
    ours = authority.issue_cert("127.0.0.1", "localhost")
    keys = folder / "tls"
    keys.mkdir()
    ca, cert, key = (keys / name for name in TLS_FILES)
    authority.cert_pem.write_to_path(ca)
    ours.private_key_pem.write_to_path(key)
    for number, blob in enumerate(ours.cert_chain_pems):
        blob.write_to_path(cert, append=number > 0)
    tls = ("--tls-ca-file", str(ca), "--tls-cert", str(cert), "--tls-key", str(key))
    contact = folder / "scheduler.json"
    common = (*tls, "--protocol", "tls", "--no-dashboard", "--scheduler-file", str(contact))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def started(module: str, *more: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{module}", *common, *more]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, cwd=folder, env=environment, stdout=quiet, stderr=quiet)

    running = [started("dask_scheduler", "--host", "127.0.0.1", "--port", "0")]
    try:
        until = time.monotonic() + _PATIENCE_S
        while not contact.exists() and time.monotonic() < until:
            time.sleep(0.1)
        one = ("--nthreads", "1", "--host", "127.0.0.1")
        running += [started("dask_worker", *one, "--name", name) for name in ("one", "two")]
        address = json.loads(contact.read_text(encoding="utf-8"))["address"]
        yield address, keys
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=20)


def when_working(address: str, keys: Path, workers: int) -> None:
    """Wait until so many workers are there."""
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        try:
            with cluster(address, keys) as pool:
                if pool.size >= workers:
                    return
        except ContractError:
            time.sleep(0.2)
    pytest.fail("no workers came")


@pytest.mark.slow
def test_every_municipality_of_a_run_is_held_to_the_intervals_of_its_areas(
    house: House, tmp_path: Path
):
    run(house, THREE, asked(tmp_path / "run"), here())

    for code in SMALL:
        (plan,) = house.store.plans(code)
        (said,) = [note for note in plan.notes if note.id.startswith("plan.intervals")]
        met = {one.stop.id for route in plan.routes for one in route.stops if one.stop.urgency}
        left = [one for one in plan.left_out if one.candidate and one.candidate.urgency]
        assert said.params["n"] == len(met) + len(left) > 0
        assert plan.left_out[: len(left)] == tuple(left)


@pytest.mark.parametrize("weeks", [1, 2])
def test_processes_a_dask_cluster_and_each_alone_give_the_same_plans(
    house: House, tmp_path: Path, weeks: int
):
    with processes(2) as pool:
        outcomes = run(house, THREE, asked(tmp_path / "local", weeks=weeks), pool)
    with dask_cluster(tmp_path) as (address, keys):
        when_working(address, keys, workers=2)
        with cluster(address, keys) as pool:
            assert pool.size == 2
            run(house, THREE, asked(tmp_path / "dask", weeks=weeks), pool)

    local, dask = plans_in(tmp_path / "local"), plans_in(tmp_path / "dask")
    below = [""] if weeks == 1 else ["/2026-W28", "/2026-W29"]
    assert sorted(local) == sorted(code + week for code in SMALL for week in below)
    assert local == dask
    assert [one.why for one in outcomes] == [None] * 3
    alone = plan_week(
        house,
        THREE,
        PlanRequest(
            area=country.area_of("AL0706"),
            week=Week.parse(WEEK),
            weeks=weeks,
            seed=seed_of(7, "AL0706"),
        ),
    )
    for plan, week in zip(alone.plans, below, strict=True):
        record = json.loads(local["AL0706" + week])
        assert record["seed"] == plan.seed
        assert [s["stop"] for r in record["routes"] for s in r["stops"]] == [
            met.stop.id for route in plan.routes for met in route.stops
        ]


def test_what_travels_to_a_worker_names_places_and_no_case(house: House, tmp_path: Path):
    viewer = replace(THREE, municipalities=frozenset({DURRES}))
    pool = here()

    run(house, viewer, asked(tmp_path), pool)

    [sent] = pool.executor.sent  # type: ignore[attr-defined] # the one above
    codes, places = house.store.cases(DURRES)["case_code"], house.store.places(DURRES)["place_id"]
    assert len(codes) > 20
    assert all(place.encode() in sent for place in places)
    assert not any(code.encode() in sent for code in codes)


def test_a_municipality_that_fails_says_why_and_the_others_are_planned(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    gather = country.gather

    def failing(house: House, viewer: Viewer, request: PlanRequest) -> object:
        if request.area.municipality == "AL0601":
            raise ContractError(Message("plan.no_places"))
        return gather(house, viewer, request)

    monkeypatch.setattr(country, "gather", failing)
    outcomes = {one.municipality: one for one in run(house, THREE, asked(tmp_path), here())}

    assert outcomes["AL0601"].why == Message("plan.no_places")
    assert {code for code, one in outcomes.items() if one.version == 1} == {"AL0706", "AL1005"}
    assert not (tmp_path / "AL0601").exists()
    monkeypatch.undo()
    assert planned_towns(house, THREE, asked(tmp_path))[1] == ["AL0601"]


def test_a_fault_of_the_program_in_one_municipality_does_not_stop_the_rest(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    solve = country.solve_weeks

    def breaking(task: object, *rest: object, **more: object) -> object:
        if task.area.municipality == "AL0706":  # type: ignore[attr-defined] # a task
            raise KeyError(NAMED)
        return solve(task, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(country, "solve_weeks", breaking)
    outcomes = {one.municipality: one for one in run(house, THREE, asked(tmp_path), here())}

    assert outcomes["AL0706"].why == Message("country.broken")
    assert outcomes["AL0601"].why is None
    assert "KeyError" in caplog.text
    assert NAMED not in caplog.text


@pytest.mark.parametrize("weeks", [1, 2])
def test_a_run_that_was_cut_off_goes_on_where_it_was(house: House, tmp_path: Path, weeks: int):
    question = asked(tmp_path, seed=None, weeks=weeks)
    journal, towns = planned_towns(house, THREE, question)
    first = plan_country(house, THREE, question, journal, towns, here(), Words("sq"))
    done = next(first)
    first.close()

    again, left = planned_towns(house, THREE, question)
    rest = list(plan_country(house, THREE, question, again, left, here(), Words("sq")))

    assert again.seed == journal.seed
    assert done.municipality not in left
    assert sorted([done.municipality, *(one.municipality for one in rest)]) == sorted(SMALL)
    for week in weeks_from(Week.parse(WEEK), weeks):
        assert [len(house.store.plans(code, week)) for code in SMALL] == [1, 1, 1]
    with pytest.raises(ContractError, match=r"country\.all_done"):
        planned_towns(house, THREE, question)


def test_the_municipality_with_the_most_places_is_planned_first(house: House, tmp_path: Path):
    viewer = replace(THREE, municipalities=frozenset({*SMALL, DURRES, "AL1105"}))

    towns = planned_towns(house, viewer, asked(tmp_path))[1]

    sizes = [len(house.store.places(code)) for code in towns]
    assert sizes == sorted(sizes, reverse=True)
    assert towns[:2] == ["AL1105", DURRES]


def test_the_cost_of_each_is_written_beside_its_size(house: House, tmp_path: Path):
    outcomes = run(house, THREE, asked(tmp_path), here())

    with (tmp_path / "municipalities.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["places"]) for row in rows] == sorted(one.places for one in outcomes)
    assert all(float(row["seconds"]) > 0 for row in rows)
    kept = read_journal(tmp_path)
    assert kept is not None
    assert kept.outcomes == {one.municipality: one for one in outcomes}


def test_a_seed_is_one_of_its_own_for_each_municipality_and_hangs_on_nothing_else():
    seeds = {code: seed_of(7, code) for code in SMALL}

    assert len(set(seeds.values())) == 3
    assert seed_of(8, SMALL[0]) != seeds[SMALL[0]]
    assert all(0 <= seed < 2**31 for seed in seeds.values())


def test_nobody_plans_where_they_may_not(house: House, tmp_path: Path):
    field = replace(THREE, role=Role.FIELD)

    with pytest.raises(AccessDeniedError):
        planned_towns(house, field, asked(tmp_path))


def test_a_run_with_other_settings_does_not_take_over_half_of_another(house: House, tmp_path: Path):
    run(house, replace(THREE, municipalities=frozenset({"AL0601"})), asked(tmp_path), here())

    other = replace(asked(tmp_path), week=Week.parse("2026-W30"))
    for question in (other, asked(tmp_path, seed=8), asked(tmp_path, weeks=2)):
        with pytest.raises(ContractError, match=r"country\.other_run"):
            planned_towns(house, THREE, question)


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "[]",
        '{"weeks": ["2026-W28"]}',
        '{"weeks": 1, "seed": 7, "municipalities": {}}',
        '{"weeks": [], "seed": 7, "municipalities": {}}',
    ],
)
def test_a_file_that_no_run_wrote_is_said_to_be_none(tmp_path: Path, text: str):
    (tmp_path / "run.json").write_text(text, encoding="utf-8")

    with pytest.raises(ContractError, match=r"country\.no_journal"):
        read_journal(tmp_path)


def test_a_journal_comes_back_as_it_was_written(tmp_path: Path):
    kept = Outcome(municipality="AL0601", places=6, seconds=0.2, version=1)
    failed = Outcome(municipality="AL0706", why=Message("plan.nothing_reached", {"n": 6}))
    empty = Journal(week=Week.parse("2026-W53"), weeks=2, seed=7)
    journal = empty.with_outcome(kept).with_outcome(failed)

    country.write_journal(tmp_path, journal)

    assert read_journal(tmp_path) == journal
    record = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert record["weeks"] == ["2026-W53", "2027-W01"]
    assert (tmp_path / "run.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--dask", "tcp://127.0.0.1:8786"), "country.needs_tls"),
        (("--dask", "tls://127.0.0.1:8786", "--tls", "nowhere"), "country.tls_files"),
        (("--processes", "0"), "country.processes"),
        (("--cases", "cases.csv"), "country.no_files"),
        (("--weeks", "9"), "desk.weeks_range"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(
    home: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    why: str,
):
    out = tmp_path / "out"
    code, told, fault = ask("plan", "--all", "--week", WEEK, "--out", out, *options, capsys=capsys)

    assert (code, told) == (2, "")
    named = {
        "country.tls_files": {"files": ", ".join(TLS_FILES)},
        "desk.weeks_range": {"low": 1, "high": 8},
    }
    assert fault.strip() == Words("en")(why, **named.get(why, {}))
    assert not out.exists()
    assert home.exists()


def test_a_scheduler_that_does_not_answer_is_said_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pools, "_ANSWER_S", "1s")
    authority = trustme.CA()
    ours = authority.issue_cert("127.0.0.1")
    ca, cert, key = (tmp_path / name for name in TLS_FILES)
    authority.cert_pem.write_to_path(ca)
    ours.private_key_pem.write_to_path(key)
    ours.cert_chain_pems[0].write_to_path(cert)

    with (
        pytest.raises(ContractError, match=r"country\.no_scheduler"),
        cluster("tls://127.0.0.1:9", tmp_path),
    ):
        pass


@pytest.mark.slow
def test_the_terminal_plans_all_and_shows_what_each_cost(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    house = open_house(home)
    accounts.invite(
        house, operator(Role.ADMINISTRATOR), "drita", accounts.grant("coordinator", "AL0601", None)
    )

    code, told, fault = ask(
        *("plan", "--all", "--week", WEEK, "--seed", "7", "--processes", "1"),
        *("--as", "drita", "--out", tmp_path / "out"),
        capsys=capsys,
    )

    assert (code, fault) == (0, "")
    lines = told.splitlines()
    assert lines[0].startswith("AL0601 Dropull: 6 places, ")
    assert lines[-1].startswith("1 of 1 municipalities planned in ")
