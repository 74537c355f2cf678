"""The rules of a roster, each a named function with its own sentence.

A rule forbids what it forbids and knows no other rule, so that any set of
them can be tried alone: that is how an impossible roster finds out which
rules cannot be met together. The sentence of a rule is ``roster.rule.NAME``,
its name in a list ``roster.short.NAME``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import combinations

from data.messages import Message
from data.nouns import TIRANE, Week
from data.vocabulary import Skill
from patrol.roster_draft import (
    Draft,
    RosterSettings,
    minutes,
    night_minutes,
    start_day,
    total,
)

__all__ = ["RULES", "Rule", "rule_sentences"]

Rule = Callable[[Draft], None]


def team_size(draft: Draft) -> None:
    """Every shift has as many people as its team needs."""
    problem = draft.problem
    for s in problem.own:
        people = total([draft.works[w, s] for w in range(len(problem.workers))])
        draft.model.add(people == problem.demand[s].size * draft.staffed[s])


def trained(draft: Draft) -> None:
    """At least two trained people are in every team."""
    problem = draft.problem
    for s in problem.own:
        able = [draft.works[w, s] for w, who in enumerate(problem.workers) if who.trained]
        draft.model.add(total(able) >= problem.settings.min_trained * draft.staffed[s])


def protection(draft: Draft) -> None:
    """Every team has a child protection worker in it, or one on call."""
    problem = draft.problem
    if not problem.settings.need_protection_worker:
        return
    entitled = [w for w, who in enumerate(problem.workers) if Skill.CHILD_PROTECTION in who.skills]
    for s in problem.own:
        inside = total([draft.works[w, s] for w in entitled])
        on_call = total([draft.calls[w, s] for w in entitled])
        draft.model.add(inside + on_call >= draft.staffed[s])
        draft.model.add(on_call <= 1)
    if problem.settings.on_call_while_out:
        return
    for i, j in problem.overlaps:
        for w in entitled:
            draft.model.add_at_most_one(draft.calls[w, i], draft.works[w, j])
            draft.model.add_at_most_one(draft.calls[w, j], draft.works[w, i])


def one_place(draft: Draft) -> None:
    """Nobody is in two shifts at once."""
    for i, j in draft.problem.overlaps:
        for w in range(len(draft.problem.workers)):
            draft.model.add_at_most_one(draft.works[w, i], draft.works[w, j])


def daily_hours(draft: Draft) -> None:
    """Nobody works more than 8 hours a day."""
    problem = draft.problem
    by_day = defaultdict(list)
    for s in problem.own:
        by_day[start_day(problem.demand[s].shift)].append(s)
    most = round(problem.settings.max_daily_h * 60)
    for shifts in by_day.values():
        for w in range(len(problem.workers)):
            worked = [minutes(problem.demand[s].shift) * draft.works[w, s] for s in shifts]
            draft.model.add(total(worked) <= most)


def weekly_hours(draft: Draft) -> None:
    """Nobody works more than 40 hours a week, or their contract, besides overtime."""
    problem = draft.problem
    for w in range(len(problem.workers)):
        for k, shifts in enumerate(problem.by_week):
            most = problem.most_min(w) + draft.overtime[w][k]
            draft.model.add(draft.minutes_of(w, shifts) <= most)


def overtime(draft: Draft) -> None:
    """Nobody works more overtime a week than is allowed: none, unless set."""
    for by_week in draft.overtime:
        for extra in by_week:
            draft.model.add(extra <= round(draft.problem.settings.overtime_h * 60))


def rest_between_days(draft: Draft) -> None:
    """Everybody has at least 11 hours of rest between two working days."""
    problem = draft.problem
    rest = timedelta(hours=problem.settings.rest_between_days_h)
    shifts = [d.shift for d in problem.demand]
    for i, j in combinations(range(len(shifts)), 2):
        if start_day(shifts[i]) == start_day(shifts[j]):
            continue
        if shifts[j].start.astimezone(UTC) - shifts[i].end.astimezone(UTC) < rest:
            for w in range(len(problem.workers)):
                draft.model.add_at_most_one(draft.works[w, i], draft.works[w, j])


def weekly_rest(draft: Draft) -> None:
    """Everybody rests 36 hours in one piece every week, of which 24 lie inside the week."""
    problem, model = draft.problem, draft.model
    for week in problem.weeks:
        windows = _rest_windows(draft, week)
        for w in range(len(problem.workers)):
            chosen = []
            for opens, closes in windows:
                rests = model.new_bool_var("rests")
                chosen.append(rests)
                for s, wanted in enumerate(problem.demand):
                    if wanted.shift.start < closes and opens < wanted.shift.end:
                        model.add_implication(rests, ~draft.works[w, s])
            model.add_bool_or(chosen)


def _rest_windows(draft: Draft, week: Week) -> list[tuple[datetime, datetime]]:
    """Return every piece of rest worth trying: any other one can be slid to begin at one of these.

    A rest may begin before the week or run on after it, as far as the set
    number of its hours is inside.
    """
    problem = draft.problem
    settings = problem.settings
    whole = timedelta(hours=settings.weekly_rest_h)
    inside = timedelta(hours=settings.weekly_rest_inside_h)
    monday = datetime.combine(week.monday, datetime.min.time(), TIRANE).astimezone(UTC)
    end = datetime.combine(week.monday + timedelta(days=7), datetime.min.time(), TIRANE).astimezone(
        UTC
    )
    earliest, latest = monday - (whole - inside), end - inside
    starts = {earliest, *(d.shift.end.astimezone(UTC) for d in problem.demand)}
    return [(t, t + whole) for t in sorted(starts) if earliest <= t <= latest]


def night(draft: Draft) -> None:
    """Nobody works more hours between 22:00 and 06:00 than the week's limit."""
    problem = draft.problem
    by_night = {s: night_minutes(problem.demand[s].shift, problem.settings) for s in problem.own}
    most = round(problem.settings.max_night_h * 60)
    for w in range(len(problem.workers)):
        for shifts in problem.by_week:
            worked = [by_night[s] * draft.works[w, s] for s in shifts]
            draft.model.add(total(worked) <= most)


def absences(draft: Draft) -> None:
    """Nobody works or is on call on a day of absence."""
    problem = draft.problem
    for w in range(len(problem.workers)):
        for s in problem.own:
            if problem.absent(w, s):
                draft.model.add(draft.works[w, s] == 0)
                if (w, s) in draft.calls:
                    draft.model.add(draft.calls[w, s] == 0)


def public_holidays(draft: Draft) -> None:
    """Nobody works on a public holiday, unless the settings allow it."""
    problem = draft.problem
    if problem.settings.work_on_holidays:
        return
    for s in problem.own:
        if problem.settings.is_holiday(start_day(problem.demand[s].shift)):
            for w in range(len(problem.workers)):
                draft.model.add(draft.works[w, s] == 0)


#: In the order in which an impossible roster names them: what a coordinator can mend first.
RULES: dict[str, Rule] = {
    "team_size": team_size,
    "trained": trained,
    "protection": protection,
    "absences": absences,
    "public_holidays": public_holidays,
    "one_place": one_place,
    "daily_hours": daily_hours,
    "weekly_hours": weekly_hours,
    "overtime": overtime,
    "rest_between_days": rest_between_days,
    "weekly_rest": weekly_rest,
    "night": night,
}


def rule_sentences(settings: RosterSettings) -> tuple[Message, ...]:
    """Return every rule as its sentence, with the limits in force.

    The break is among them although nothing has to be solved for it: it lies
    inside the shift and counts as work.
    """
    limits: dict[str, dict[str, float | int]] = {
        "trained": {"n": settings.min_trained},
        "daily_hours": {"hours": settings.max_daily_h},
        "weekly_hours": {"hours": settings.max_weekly_h},
        "overtime": {"hours": settings.overtime_h},
        "rest_between_days": {"hours": settings.rest_between_days_h},
        "weekly_rest": {
            "hours": settings.weekly_rest_h,
            "inside": settings.weekly_rest_inside_h,
        },
        "night": {
            "hours": settings.max_night_h,
            "from_h": settings.night_from_h,
            "until_h": settings.night_until_h,
        },
    }
    rules = tuple(Message(f"roster.rule.{name}", limits.get(name, {})) for name in RULES)
    pause = {"minutes": settings.break_min, "hours": settings.break_after_h}
    return (*rules, Message("roster.rule.break", pause))
