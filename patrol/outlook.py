"""What weeks that follow one another ask for, each after the visits of those before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import numpy as np

from data.nouns import TIRANE, Pace, RouteStop, Shift, Stop, Week
from patrol.exploration import Draft
from patrol.horizon import RouteSettings, Work
from patrol.limits import Limits, limits_of
from patrol.safety import KEPT_OUT, keep_safe
from patrol.stops import Stops, StopSettings, make_stops
from patrol.task import PlanTask
from patrol.variety import WeekHour, closed_hours, hours_of
from patrol.ways import Ways

__all__ = ["NOTHING", "OUT_OF_REACH", "Outlook", "asked_after"]

#: Left out because no round can get there in its hours, whatever the stop is worth.
OUT_OF_REACH = KEPT_OUT | {"left_out.no_way", "left_out.no_shift_in_hours", "left_out.too_far"}
#: What a week that explores nothing goes by.
NOTHING = Stops(stops=(), left_out=())
_NOWHERE = Ways(row={}, modes=(), matrices=())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outlook:
    """All that the weeks have in common."""

    task: PlanTask
    weeks: tuple[Week, ...]
    shifts: tuple[tuple[Shift, ...], ...]
    seed: int
    limits: tuple[Limits, ...]
    ways: Ways = _NOWHERE

    @classmethod
    def of(
        cls,
        task: PlanTask,
        weeks: Sequence[Week],
        shifts: Sequence[tuple[Shift, ...]],
        *,
        seed: int,
    ) -> Outlook:
        """Return the outlook of weeks whose ways nobody has measured yet; shifts by week."""
        safety = task.settings.safety
        return cls(
            task=task,
            weeks=tuple(weeks),
            shifts=tuple(shifts),
            seed=seed,
            limits=tuple(limits_of(own, task.workers, task.bases, safety) for own in shifts),
        )

    @property
    def settings(self) -> RouteSettings:
        """Return how rounds are made."""
        return self.task.settings.routes

    def stops(
        self,
        w: int,
        met: Sequence[RouteStop],
        *,
        settings: StopSettings | None = None,
        draft: Draft | None = None,
        like: Stops | None = None,
    ) -> Stops:
        """Return a week's stops after what was met in the weeks before it, safe for its shifts."""
        task, safety = self.task, self.task.settings.safety
        made = make_stops(
            task.prospects.after(met),
            self.weeks[w],
            settings=_of_week(settings or task.settings.stops, w, met),
            rng=np.random.default_rng(self.seed + w),
            illustrative=task.marks.illustrative_streets,
            draft=draft,
            like=like,
            safety=safety,
            season=task.season,
        )
        safe = keep_safe(made.stops, self.shifts[w], task.workers, safety)
        return replace(made, stops=safe.stops, left_out=made.left_out + safe.left_out)

    def work(self, w: int, stops: Stops, met: Sequence[RouteStop]) -> Work:
        """Return what the week asks for after what was met in the weeks before it."""
        hours = self._hours(w, stops, met)
        variety = self.task.settings.variety
        return Work(
            stops=tuple(
                replace(stop, pace=_pace(stop, stops, hours.get(stop.id))) for stop in stops.stops
            ),
            shifts=self.shifts[w],
            wanted=stops.visits_wanted,
            needs=stops.needs,
            rests_until=stops.rests_until,
            closed={stop: closed_hours(own, variety) for stop, own in hours.items()},
            limits=self.limits[w],
        )

    def _hours(
        self, w: int, stops: Stops, met: Sequence[RouteStop]
    ) -> dict[str, Counter[WeekHour]]:
        """Return in which hours places at risk were met, by stop id; promised ones apart."""
        settings = self.task.settings.variety
        monday = datetime.combine(self.weeks[w].monday, time(), TIRANE)
        first = monday - timedelta(days=settings.past_days)
        seen = self.task.prospects.after(met).presence
        seen = seen[(seen["started_at"] >= first) & (seen["started_at"] < monday)]
        hours = seen.groupby("place_id")["started_at"].apply(list).to_dict()
        asked = _of_week(self.task.settings.stops, w, met)
        promised = {one.place_id for one in asked.promises}
        return {
            stop.id: hours_of(hours.get(stop.place_id, ()))
            for stop in stops.stops
            if stop.id in stops.at_risk and stop.place_id not in promised
        }


def asked_after(
    task: PlanTask,
    weeks: Sequence[Week],
    shifts: Sequence[tuple[Shift, ...]],
    met: Sequence[Sequence[RouteStop]],
    like: Sequence[Stops],
) -> tuple[Work, ...]:
    """Return what weeks ask for, each after what was met in the weeks before it.

    Parameters
    ----------
    shifts, met
        By week.
    like
        What each week explores and does not reach.
    """
    look = Outlook.of(task, weeks, shifts, seed=0)
    works, before = [], list[RouteStop]()
    for w, own in enumerate(met):
        works.append(look.work(w, look.stops(w, before, like=like[w]), before))
        before += own
    return tuple(works)


def _pace(stop: Stop, stops: Stops, hours: Counter[WeekHour] | None) -> Pace:
    """Return what the plan keeps of how often a stop may be met."""
    need = stops.needs[stop.id]
    return Pace(
        least_gap_days=need.least_gap_days,
        needed=need.in_a_week,
        most=stops.visits_wanted[stop.id],
        rests_until=stops.rests_until.get(stop.id),
        hours=None if hours is None else tuple((*at, n) for at, n in sorted(hours.items())),
    )


def _of_week(settings: StopSettings, w: int, met: Sequence[RouteStop]) -> StopSettings:
    """Return what is asked of a week: what was promised is promised for the first one alone."""
    if w == 0:
        return settings
    seen = {one.stop.place_id for one in met}
    must = tuple(place for place in settings.must_places if place not in seen)
    return replace(settings, must_places=must, promises=())
