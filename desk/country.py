"""The plans of many municipalities for some weeks: gathered here, solved elsewhere, kept here.

What an area's cases say of its places is worked out in this process; a worker
gets places, crews and streets, and never a case. What a municipality plans together
is written and kept as soon as it is there, so that a run that was cut off goes on
where it was.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from data import reference
from data.access import Action, may, require
from data.errors import ContractError, HouseError
from data.messages import Message
from data.nouns import Plan, Viewer, Week
from data.streetnet import StreetNetwork
from desk import exports
from desk.ground import area_of
from desk.journal import Journal, Outcome, outcomes_csv, read_journal, write_journal
from desk.planning import Gathered, PlanRequest, gather, keep, require_weeks, solve_weeks
from desk.pools import Pool
from desk.wiring import House
from layers.words import Words
from patrol.plan import PlanTask

__all__ = ["Country", "plan_country", "planned_towns", "seed_of", "told"]

logger = logging.getLogger(__name__)

#: Municipalities handed out for each one that is being solved: none waits for its evidence.
_AHEAD: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """Weeks to plan in every municipality, into a folder; without a seed a secret one is drawn.

    Parameters
    ----------
    week, weeks
        The first week, and how many a municipality plans together from it on.
    """

    week: Week
    folder: Path
    weeks: int = 1
    seed: int | None = None

    def __post_init__(self) -> None:
        """Hold the weeks to what can be searched.

        Raises
        ------
        ContractError
            If they are too many or none.
        """
        require_weeks(self.weeks)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Answer:
    """What comes back from a worker: a plan a week or why there is none, and processor seconds."""

    plans: tuple[Plan, ...]
    why: Message | None
    seconds: float


def planned_towns(house: House, viewer: Viewer, asked: Country) -> tuple[Journal, list[str]]:
    """Return the run in a folder, or a new one, and the municipalities that it still has to plan.

    They come with the most places first: the longest one must not be the last.

    Raises
    ------
    AccessDeniedError
        If the viewer may plan nowhere.
    ContractError
        If the folder holds the run of other weeks or of another seed, or all is planned already.
    """
    codes = [town.code for town in reference.municipalities()]
    own = [code for code in codes if may(viewer, Action.PLAN, code)]
    if not own:
        require(viewer, Action.PLAN, codes[0])
    exports.require_writable(asked.folder)
    journal = read_journal(asked.folder)
    if journal is None:
        seed = secrets.randbelow(2**31) if asked.seed is None else asked.seed
        journal = Journal(week=asked.week, weeks=asked.weeks, seed=seed)
    other_weeks = (journal.week, journal.weeks) != (asked.week, asked.weeks)
    if other_weeks or asked.seed not in {None, journal.seed}:
        raise ContractError(Message("country.other_run"))
    left = journal.left(own)
    if not left:
        raise ContractError(Message("country.all_done"))
    left.sort(key=lambda code: (-len(house.store.places(code)), code))
    return journal, left


def seed_of(seed: int, municipality: str) -> int:
    """Return a municipality's seed in a run: its plan alone with this seed is the same plan."""
    return int.from_bytes(hashlib.sha256(f"{seed}|{municipality}".encode()).digest()[:4]) >> 1


def plan_country(  # noqa: PLR0913, PLR0917 - a run, whose it is, and who solves it
    house: House,
    viewer: Viewer,
    asked: Country,
    journal: Journal,
    towns: Sequence[str],
    pool: Pool,
    words: Words,
) -> Iterator[Outcome]:
    """Plan municipalities, and yield what became of each as soon as it is known.

    A plan is kept as a new version and written into ``FOLDER/CODE``, those of several weeks
    each into a folder of its week there; the run's journal and ``municipalities.csv`` (what
    each cost against its size) beside it.

    Raises
    ------
    ContractError
        If something cannot be written, or the workers are lost; what was planned is kept.
    """
    waiting = deque(towns)
    under_way: dict[Future[_Answer], tuple[Gathered, int]] = {}

    def said(outcome: Outcome) -> Outcome:
        nonlocal journal
        journal = journal.with_outcome(outcome)
        write_journal(asked.folder, journal)
        return outcome

    try:
        while waiting or under_way:
            while waiting and len(under_way) < _AHEAD * pool.size:
                code = waiting.popleft()
                n_places = len(house.store.places(code))
                try:
                    gathered = _gather(house, viewer, journal, code)
                except HouseError as fault:
                    yield said(Outcome(municipality=code, places=n_places, why=fault.message))
                    continue
                future = pool.executor.submit(
                    _solve, gathered.task, gathered.network, journal.weeks, gathered.seed
                )
                under_way[future] = (gathered, n_places)
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                gathered, n_places = under_way.pop(future)
                answer = _answer(future)
                if answer.plans:
                    kept = tuple(keep(house, viewer, plan) for plan in answer.plans)
                    folder = asked.folder / str(gathered.task.area.municipality)
                    exports.write_drafts(house, viewer, folder, kept, words, gathered.network)
                    answer = replace(answer, plans=kept)
                yield said(_outcome(gathered.task, n_places, answer))
    finally:
        for future in under_way:
            future.cancel()
        table = outcomes_csv(journal, words)
        exports.write_file(house, viewer, asked.folder / "municipalities.csv", table)


def _gather(house: House, viewer: Viewer, journal: Journal, code: str) -> Gathered:
    request = PlanRequest(
        area=area_of(code),
        week=journal.week,
        weeks=journal.weeks,
        seed=seed_of(journal.seed, code),
    )
    return gather(house, viewer, request)


def _solve(task: PlanTask, network: StreetNetwork, weeks: int, seed: int) -> _Answer:
    """Do a worker's part; a fault of the data is an answer too."""
    began = time.process_time()
    plans: tuple[Plan, ...] = ()
    why = None
    try:
        plans = solve_weeks(task, network, weeks=weeks, seed=seed)
    except HouseError as fault:
        why = fault.message
    return _Answer(plans=plans, why=why, seconds=round(time.process_time() - began, 2))


def _answer(future: Future[_Answer]) -> _Answer:
    try:
        return future.result()
    except (BrokenExecutor, CancelledError, OSError) as fault:
        raise ContractError(Message("country.workers_lost")) from fault
    except Exception as fault:  # noqa: BLE001 - a bug in one municipality must not stop the others
        # Its kind and no more: what an exception says may name a place.
        logger.error("country: %s in a worker", type(fault).__name__)  # noqa: TRY400
        return _Answer(plans=(), why=Message("country.broken"), seconds=0.0)


def _outcome(task: PlanTask, n_places: int, answer: _Answer) -> Outcome:
    code, plans = str(task.area.municipality), answer.plans
    if not plans:
        return Outcome(municipality=code, places=n_places, seconds=answer.seconds, why=answer.why)
    return Outcome(
        municipality=code,
        places=n_places,
        shifts=sum(len(plan.shifts) for plan in plans),
        rounds=sum(len(plan.routes) for plan in plans),
        visits=sum(len(route.stops) for plan in plans for route in plan.routes),
        left_out=sum(len(plan.left_out) for plan in plans),
        seconds=answer.seconds,
        version=plans[0].version,
    )


def told(outcomes: Sequence[Outcome], words: Words) -> Iterator[str]:
    """Say what became of municipalities: what each cost against its size, the smallest first."""
    for one in sorted(outcomes, key=lambda o: (o.places, o.municipality)):
        name = reference.municipality(one.municipality).name_sq
        if one.why is not None:
            why = words.message(one.why)
            yield words("country.failed", code=one.municipality, name=name, why=why)
            continue
        yield words(
            "country.planned",
            code=one.municipality,
            name=name,
            places=one.places,
            rounds=one.rounds,
            visits=one.visits,
            seconds=one.seconds,
        )
