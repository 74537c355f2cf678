"""The rules of safety, each a named function with its own sentence: where a shift may be, and when.

A rule says in which hours of an outing nobody may be at a place; some also say in
which nobody may be on the way (`WAY_RULES`). It knows no other rule, so that a stop
that is left out can name the one that kept it out. The sentence of a rule is
``safety.rule.NAME``; what it says of a stop that it keeps out of every round is
``left_out.NAME``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from data.messages import Message
from data.nouns import TIRANE, Base, LeftOut, Shift, Stop, TimeWindow, Worker
from data.vocabulary import PlaceKind, Skill, TravelMode
from geo.daylight import daylight

__all__ = [
    "KEPT_OUT",
    "RULES",
    "Outing",
    "Rule",
    "Safe",
    "SafetySettings",
    "closed_ways",
    "hours_of",
    "keep_safe",
    "light",
    "outing_of",
    "rule_sentences",
    "why_kept_out",
]

#: Ends of windows belong to them: what is closed from a moment on is open until a second before.
_TICK = timedelta(seconds=1)
#: Whose company makes a round an escorted one: they come on joint rounds only.
_ESCORTS = frozenset({Skill.POLICE, Skill.INSPECTOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetySettings:
    """The limits of the rules; hours are those of the clock in Tirana.

    Parameters
    ----------
    escort_places
        Ids of places that are visited with an escort only: in a danger zone, or marked so.
    daylight
        First and last hour at places met by daylight, as far as the sun is up.
    daylight_kinds
        Kinds of places that are met by daylight only.
    daylight_teams
        Teams whose rounds on foot are walked by daylight only.
    heat_months, heat_hours
        When no round on foot stops in the open or walks, however short the way is: the house's
        assumption, without a forecast.
    heat_alerts, alert_hours
        Days on which a coordinator gave a heat alert: no round at all stops in the open then,
        and none walks.
    sheltered_kinds
        Kinds of places that are not in the open.
    """

    escort_places: tuple[str, ...] = ()
    daylight: tuple[int, int] = (7, 18)
    daylight_kinds: tuple[PlaceKind, ...] = (PlaceKind.MINE_HEAP,)
    daylight_teams: tuple[str, ...] = ()
    heat_months: tuple[int, ...] = (7, 8)
    heat_hours: tuple[int, int] = (12, 16)
    heat_alerts: tuple[date, ...] = ()
    alert_hours: tuple[int, int] = (11, 18)
    sheltered_kinds: tuple[PlaceKind, ...] = (PlaceKind.SCHOOL,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outing:
    """A shift as safety sees it."""

    team: str
    start: datetime
    end: datetime
    mode: TravelMode
    escorted: bool


Rule = Callable[[Stop, Outing, SafetySettings], tuple[TimeWindow, ...]]
WayRule = Callable[[Base, Outing, SafetySettings], tuple[TimeWindow, ...]]


def escort(stop: Stop, outing: Outing, settings: SafetySettings) -> tuple[TimeWindow, ...]:
    """Nobody is in a danger zone, or at a place marked so, without police or an inspector."""
    del settings
    return () if outing.escorted or not stop.needs_escort else (_all_of(outing),)


def daylight_places(stop: Stop, outing: Outing, settings: SafetySettings) -> tuple[TimeWindow, ...]:
    """At mine heaps, and whatever kinds are set, nobody is after dark."""
    return _dark(stop, outing, settings) if stop.kind in settings.daylight_kinds else ()


def daylight_rounds(
    there: Stop | Base, outing: Outing, settings: SafetySettings
) -> tuple[TimeWindow, ...]:
    """No round on foot of the teams that are set is walked after dark, home neither."""
    by_day = outing.mode is TravelMode.WALK and outing.team in settings.daylight_teams
    return _dark(there, outing, settings) if by_day else ()


def heat(stop: Stop, outing: Outing, settings: SafetySettings) -> tuple[TimeWindow, ...]:
    """In the hot months no round on foot stops in the open in the hottest hours."""
    return () if stop.kind in settings.sheltered_kinds else _hot(outing, settings)


def heat_ways(_base: Base, outing: Outing, settings: SafetySettings) -> tuple[TimeWindow, ...]:
    """In the hot months nobody walks in the hottest hours."""
    return _hot(outing, settings)


def heat_alert(stop: Stop, outing: Outing, settings: SafetySettings) -> tuple[TimeWindow, ...]:
    """On a day with a heat alert no round stops in the open in the hours that are set."""
    return () if stop.kind in settings.sheltered_kinds else _alerted(outing, settings)


def alert_ways(_base: Base, outing: Outing, settings: SafetySettings) -> tuple[TimeWindow, ...]:
    """On a day with a heat alert nobody walks in the hours that are set; a car is cool."""
    return _alerted(outing, settings) if outing.mode is TravelMode.WALK else ()


#: In the order in which a stop that is left out names them.
RULES: dict[str, Rule] = {
    "escort": escort,
    "daylight_places": daylight_places,
    "daylight_rounds": daylight_rounds,
    "heat": heat,
    "heat_alert": heat_alert,
}
#: What of them holds for ways, by the same names.
WAY_RULES: dict[str, WayRule] = {
    "daylight_rounds": daylight_rounds,
    "heat": heat_ways,
    "heat_alert": alert_ways,
}
_WHY_NOT = {
    "escort": "left_out.needs_escort",
    "daylight_places": "left_out.only_by_daylight",
    "daylight_rounds": "left_out.round_by_daylight",
    "heat": "left_out.heat",
    "heat_alert": "left_out.heat_alert",
}
#: Reasons of stops that a rule keeps out of every round.
KEPT_OUT = frozenset(_WHY_NOT.values())


def rule_sentences(settings: SafetySettings) -> tuple[Message, ...]:
    """Return every rule as its sentence, with the limits in force."""
    months, kinds = sorted(settings.heat_months), sorted(settings.daylight_kinds)
    first, last = settings.heat_hours
    found = [
        Message("safety.rule.escort", {"n": len(settings.escort_places)}),
        Message("safety.rule.escort_who"),
    ]
    found += [
        Message(
            "safety.rule.daylight_places",
            {
                "kind": f"@word.kind.{kind}",
                "from_h": settings.daylight[0],
                "until_h": settings.daylight[1],
            },
        )
        for kind in kinds
    ]
    if settings.daylight_teams:
        n = len(settings.daylight_teams)
        found.append(Message("safety.rule.daylight_rounds", {"n": n}))
    found += [
        Message(
            "safety.rule.heat", {"month": f"@word.month.{month}", "from_h": first, "until_h": last}
        )
        for month in months
    ]
    found += [
        Message("safety.rule.sheltered", {"kind": f"@word.kind.{kind}"})
        for kind in sorted(settings.sheltered_kinds)
    ]
    alert = {"from_h": settings.alert_hours[0], "until_h": settings.alert_hours[1]}
    found.append(Message("safety.rule.heat_alert", alert))
    found += [Message("safety.rule.alert_on", {"day": day}) for day in sorted(settings.heat_alerts)]
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Safe:
    """Stops that some shift may serve, and those that none may, with the rule why.

    A stop's `shifts` say which ones may; when they may is for `hours_of`, as each has its own.
    """

    stops: tuple[Stop, ...]
    left_out: tuple[LeftOut, ...] = ()


def keep_safe(
    stops: Sequence[Stop],
    shifts: Sequence[Shift],
    workers: Iterable[Worker],
    settings: SafetySettings,
) -> Safe:
    """Return the stops with the shifts that may serve them, of any number of days.

    A stop that no shift meets in its hours is nobody's danger: it goes through
    as it is, and the routes say why it has no round.
    """
    known = tuple(workers)
    outings = {shift.id: outing_of(shift, known) for shift in shifts}
    kept, left_out = [], []
    for stop in stops:
        near = [o for o in outings.values() if _begins(stop, o, {}, settings)]
        own = tuple(name for name, o in outings.items() if _begins(stop, o, RULES, settings))
        if own:
            kept.append(replace(stop, shifts=None if len(own) >= len(near) else own))
        elif near:
            reason = Message(_WHY_NOT[_keeper(stop, near, settings)])
            left_out.append(
                LeftOut(stop=stop.id, place_id=stop.place_id, name=stop.name, reason=reason)
            )
        else:
            kept.append(replace(stop, shifts=None))
    return Safe(stops=tuple(kept), left_out=tuple(left_out))


def outing_of(shift: Shift, workers: Iterable[Worker]) -> Outing:
    """Return a shift as safety sees it: escorted where police or an inspector are in it."""
    skills = {worker.id: worker.skills for worker in workers}
    return Outing(
        team=shift.team,
        start=shift.start,
        end=shift.end,
        mode=shift.mode,
        escorted=any(_ESCORTS & skills.get(one, frozenset()) for one in shift.workers),
    )


def hours_of(stop: Stop, outing: Outing, settings: SafetySettings) -> tuple[TimeWindow, ...]:
    """Return when an outing may begin a visit to a stop; of other days where no rule takes any."""
    closed = _closed(stop, outing, RULES, settings)
    if not closed:
        return stop.windows
    near = (w for w in stop.windows if w.opens <= outing.end and outing.start <= w.closes)
    return _without(near, closed)


def why_kept_out(stop: Stop, base: Base, outing: Outing, settings: SafetySettings) -> Message:
    """Return the first rule that takes hours from a visit of an outing, or from its ways."""
    there = {name: rule(stop, outing, settings) for name, rule in RULES.items()}
    ways = {name: rule(base, outing, settings) for name, rule in WAY_RULES.items()}
    taking = (name for name in RULES if _touching((*there[name], *ways.get(name, ())), outing))
    return Message(_WHY_NOT[next(taking)])


def closed_ways(base: Base, outing: Outing, settings: SafetySettings) -> tuple[TimeWindow, ...]:
    """Return when nobody of an outing may be on the way; spans may overlap.

    Where it is dark is looked up at the base that the outing begins at.
    """
    found = (rule(base, outing, settings) for rule in WAY_RULES.values())
    return tuple(span for spans in found for span in _touching(spans, outing))


def light(day: date, lon: float, lat: float, settings: SafetySettings) -> TimeWindow:
    """Return when it is light enough to be at a place met by daylight."""
    first, last = settings.daylight
    sun, hours = daylight(day, lon, lat), _hours(day, (first, last))
    opens, closes = max(sun.opens, hours.opens), min(sun.closes, hours.closes)
    return TimeWindow(opens=opens, closes=max(opens, closes))


def _keeper(stop: Stop, near: Sequence[Outing], settings: SafetySettings) -> str:
    """Return the first rule that keeps a stop out by itself, else the first that takes hours."""
    alone = [
        name
        for name, rule in RULES.items()
        if not any(_begins(stop, outing, {name: rule}, settings) for outing in near)
    ]
    taking = [name for name, rule in RULES.items() if any(rule(stop, o, settings) for o in near)]
    return (alone or taking)[0]


def _begins(
    stop: Stop, outing: Outing, rules: Mapping[str, Rule], settings: SafetySettings
) -> tuple[TimeWindow, ...]:
    """Return when a visit of the outing may begin under some rules."""
    latest = _earlier(outing.end, timedelta(minutes=stop.service_min))
    inside = tuple(
        TimeWindow(opens=max(w.opens, outing.start), closes=min(w.closes, latest))
        for w in stop.windows
        if w.opens <= latest and outing.start <= min(w.closes, latest)
    )
    return _without(inside, _closed(stop, outing, rules, settings))


def _closed(
    stop: Stop, outing: Outing, rules: Mapping[str, Rule], settings: SafetySettings
) -> list[TimeWindow]:
    """Return when no visit of the outing may begin: it would last into hours that are closed."""
    stay = timedelta(minutes=stop.service_min)
    found = []
    for rule in rules.values():
        for span in _touching(rule(stop, outing, settings), outing):
            # What is open before the outing is for others, its first moment is not.
            opens = max(_earlier(span.opens, stay), _earlier(outing.start, _TICK))
            found.append(TimeWindow(opens=opens, closes=min(span.closes, outing.end)))
    return found


def _touching(spans: Iterable[TimeWindow], outing: Outing) -> list[TimeWindow]:
    return [span for span in spans if span.opens < outing.end and outing.start < span.closes]


def _without(windows: Iterable[TimeWindow], closed: Sequence[TimeWindow]) -> tuple[TimeWindow, ...]:
    """Return windows without the inside of closed spans; their ends may still be begun at."""
    left = list(windows)
    for span in closed:
        left = [piece for window in left for piece in _pieces(window, span)]
    return tuple(left)


def _pieces(window: TimeWindow, span: TimeWindow) -> list[TimeWindow]:
    if span.closes <= window.opens or window.closes <= span.opens:
        return [window]
    found = []
    if window.opens <= span.opens:
        found.append(TimeWindow(opens=window.opens, closes=span.opens))
    if span.closes <= window.closes:
        found.append(TimeWindow(opens=span.closes, closes=window.closes))
    return found


def _dark(there: Stop | Base, outing: Outing, settings: SafetySettings) -> tuple[TimeWindow, ...]:
    """Return the parts of an outing in which it is dark at a stop or base."""
    lit = [light(day, there.lon, there.lat, settings) for day in _days(outing)]
    return _without((_all_of(outing),), lit)


def _hot(outing: Outing, settings: SafetySettings) -> tuple[TimeWindow, ...]:
    """Return the hottest hours of an outing on foot."""
    if outing.mode is not TravelMode.WALK:
        return ()
    return tuple(
        _hours(day, settings.heat_hours)
        for day in _days(outing)
        if day.month in settings.heat_months
    )


def _alerted(outing: Outing, settings: SafetySettings) -> tuple[TimeWindow, ...]:
    alerts = set(settings.heat_alerts)
    return tuple(_hours(day, settings.alert_hours) for day in _days(outing) if day in alerts)


def _all_of(outing: Outing) -> TimeWindow:
    return TimeWindow(opens=outing.start, closes=outing.end)


def _days(outing: Outing) -> list[date]:
    first, last = (at.astimezone(TIRANE).date() for at in (outing.start, outing.end))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _hours(day: date, hours: tuple[int, int]) -> TimeWindow:
    opens, closes = (
        datetime.combine(day + timedelta(days=h // 24), time(h % 24), TIRANE) for h in hours
    )
    return TimeWindow(opens=opens, closes=closes)


def _earlier(moment: datetime, span: timedelta) -> datetime:
    """Return the local time a true span earlier, also in the nights when the clock changes."""
    return (moment.astimezone(UTC) - span).astimezone(TIRANE)
