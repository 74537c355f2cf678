"""The rules of a roster, each a named function with its own sentence.

A rule forbids what it forbids and knows no other rule, so that any set of
them can be tried alone: that is how an impossible roster finds out which
rules cannot be met together. The sentence of a rule is ``roster.rule.NAME``,
its name in a list ``roster.short.NAME``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from data.messages import Message
from data.nouns import TIRANE, Week
from patrol import roster_team_rules as team
from patrol.roster_draft import Draft, total
from patrol.roster_problem import RosterSettings, night_minutes, start_day

__all__ = ["RULES", "Rule", "rule_sentences"]

Rule = Callable[[Draft], None]


def one_place(draft: Draft) -> None:
    """Nobody is in two shifts at once."""
    for i, j in draft.problem.overlaps:
        for first, second in draft.both(i, j):
            draft.model.add_at_most_one(first, second)


def daily_hours(draft: Draft) -> None:
    """Nobody works more than 8 hours a day."""
    problem = draft.problem
    most = round(problem.settings.max_daily_h * 60)
    for shifts in problem.by_day(problem.work).values():
        for w in draft.people:
            draft.model.add(draft.minutes_of(w, shifts) <= most)


def weekly_hours(draft: Draft) -> None:
    """Nobody works more than 40 hours a week, or their contract, besides overtime."""
    problem = draft.problem
    for w in draft.people:
        for k, shifts in enumerate(problem.by_week(problem.work)):
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
    for i, j in problem.closer_than(problem.every_work, rest):
        if start_day(problem.demand[i].shift) != start_day(problem.demand[j].shift):
            for first, second in draft.both(i, j):
                draft.model.add_at_most_one(first, second)


def weekly_rest(draft: Draft) -> None:
    """Everybody rests 36 hours in one piece every week, of which 24 lie inside the week."""
    model = draft.model
    for week in draft.problem.weeks:
        pieces = _kept_free(draft, week)
        for w in draft.people:
            chosen = []
            for shifts in pieces:
                rests = model.new_bool_var("rests")
                chosen.append(rests)
                for _, on in draft.of_worker(w, shifts):
                    model.add_implication(rests, ~on)
            model.add_bool_or(chosen)


def _kept_free(draft: Draft, week: Week) -> list[list[int]]:
    """Return the shifts that each piece of rest worth trying keeps free.

    A piece that keeps all of another one's shifts free, and more, is not worth it.
    """
    spans = [(s, draft.problem.demand[s].shift) for s in draft.problem.every_work]
    pieces = {
        frozenset(s for s, shift in spans if shift.start < closes and opens < shift.end)
        for opens, closes in _rest_windows(draft, week)
    }
    return sorted(sorted(one) for one in pieces if not any(other < one for other in pieces))


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
    sunday_ends = week.monday + timedelta(days=7)
    end = datetime.combine(sunday_ends, datetime.min.time(), TIRANE).astimezone(UTC)
    earliest, latest = monday - (whole - inside), end - inside
    ends = (problem.demand[s].shift.end.astimezone(UTC) for s in problem.every_work)
    return [(t, t + whole) for t in sorted({earliest, *ends}) if earliest <= t <= latest]


def night(draft: Draft) -> None:
    """Nobody works more hours between 22:00 and 06:00 than the week's limit."""
    problem = draft.problem
    by_night = {s: night_minutes(problem.demand[s].shift, problem.settings) for s in problem.work}
    most = round(problem.settings.max_night_h * 60)
    for w in draft.people:
        for shifts in problem.by_week([s for s in problem.work if by_night[s]]):
            worked = [by_night[s] * on for s, on in draft.of_worker(w, shifts)]
            draft.model.add(total(worked) <= most)


def absences(draft: Draft) -> None:
    """Nobody works or is on call on a day of absence."""
    for w, s in _keep_out(draft, draft.problem.absent):
        if (w, s) in draft.calls:
            draft.model.add(draft.calls[w, s] == 0)


def availability(draft: Draft) -> None:
    """Nobody works outside the weekdays and hours in which they can."""
    _keep_out(draft, lambda w, s: not draft.problem.available(w, s))


def public_holidays(draft: Draft) -> None:
    """Nobody works on a public holiday, unless the settings allow it."""
    problem = draft.problem
    if not problem.settings.work_on_holidays:
        work = set(problem.work)
        _keep_out(
            draft,
            lambda _, s: (
                s in work and problem.settings.is_holiday(start_day(problem.demand[s].shift))
            ),
        )


def substitute_rest(draft: Draft) -> None:
    """Who works on a public holiday has two days without work in the seven days after it."""
    problem = draft.problem
    if not problem.settings.substitute_rest:
        return
    by_day = problem.by_day(problem.work)
    last = problem.weeks[-1].days[-1]
    for day in by_day:
        after = [day + timedelta(days=i) for i in range(1, 8)]
        if not problem.settings.is_holiday(day) or after[-1] > last:
            continue  # what lies beyond the weeks is for the roster of then
        busy_days = [by_day[other] for other in after if other in by_day]
        for w in draft.people:
            worked = total([draft.busy(w, shifts) for shifts in busy_days])
            on_holiday = draft.busy(w, by_day[day])
            draft.model.add(worked <= len(after) - 2).only_enforce_if(on_holiday)


def _keep_out(draft: Draft, is_out: Callable[[int, int], bool]) -> list[tuple[int, int]]:
    """Forbid the shifts that somebody is out of, and return them."""
    out = [(w, s) for w, s in draft.works if is_out(w, s) and s in draft.problem.own]
    for pair in out:
        draft.model.add(draft.works[pair] == 0)
    return out


#: In the order in which an impossible roster names them: what a coordinator can mend first.
RULES: dict[str, Rule] = {
    "team_size": team.team_size,
    "trained": team.trained,
    "protection": team.protection,
    "joint": team.joint,
    "escorts": team.escorts,
    "driver": team.driver,
    "language": team.language,
    "helpline": team.helpline,
    "casework": team.casework,
    "absences": absences,
    "availability": availability,
    "public_holidays": public_holidays,
    "substitute_rest": substitute_rest,
    "one_place": one_place,
    "daily_hours": daily_hours,
    "weekly_hours": weekly_hours,
    "overtime": overtime,
    "rest_between_days": rest_between_days,
    "weekly_rest": weekly_rest,
    "night": night,
}


#: Rules that say nothing unless a setting asks for them.
_SWITCHED = {
    "driver": "need_driver",
    "language": "need_language",
    "helpline": "helpline_rota",
    "casework": "casework_h",
    "protection": "need_protection_worker",
    "substitute_rest": "work_on_holidays",
}


def rule_sentences(settings: RosterSettings) -> tuple[Message, ...]:
    """Return every rule in force as its sentence, with its limits.

    The break is among them although nothing has to be solved for it: it lies
    inside the shift and counts as work.
    """
    limits: dict[str, dict[str, float | int]] = {
        "trained": {"n": settings.min_trained},
        "helpline": {"n": settings.max_rota_days},
        "casework": {"hours": settings.casework_h},
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
    off = {name for name, setting in _SWITCHED.items() if not getattr(settings, setting)}
    rules = tuple(
        Message(f"roster.rule.{name}", limits.get(name, {})) for name in RULES if name not in off
    )
    pause = {"minutes": settings.break_min, "hours": settings.break_after_h}
    return (*rules, Message("roster.rule.break", pause))
