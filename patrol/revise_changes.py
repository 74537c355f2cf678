"""What each kind of change does to a draft: one function a kind, each with its own refusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from data.changes import Change, Spot
from data.errors import ContractError, NoRouteError
from data.messages import Message
from data.nouns import TIRANE, RouteStop, Shift, Stop, TimeWindow
from data.vocabulary import ChangeKind, PlaceKind
from patrol.limits import whole
from patrol.revise_crew import fall_ill
from patrol.revise_draft import Asked, Draft, day_of, kept_out, later
from patrol.revise_gaps import DayRules, Gap, first_begin, gaps_of
from patrol.revise_ground import ReviseGround, Travel
from patrol.revise_order import in_order
from patrol.safety import keep_safe
from patrol.spots import safety_of, stop_at

__all__ = ["Basis", "changed"]

#: After rain children pick the heaps, because it washes ore free; nobody is on the beach.
RAIN_SOUGHT: Final = frozenset({PlaceKind.MINE_HEAP})
RAIN_LOST: Final = frozenset({PlaceKind.BEACH, PlaceKind.PROMENADE})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Basis:
    """What changes are worked out on."""

    ground: ReviseGround
    travel: Travel
    rules: DayRules


def changed(draft: Draft, change: Change, basis: Basis) -> Draft:
    """Return the draft with a change made; days it touches still have to be solved.

    Raises
    ------
    HouseError
        If it cannot be had, with the rule or the lock that stands in the way.
    """
    return _BY_KIND[change.kind](draft, change, basis)


def _lock(draft: Draft, change: Change, _basis: Basis) -> Draft:
    draft.visit(change.shift, change.stop)
    return draft.locked(change.shift, change.stop)


def _unlock(draft: Draft, change: Change, _basis: Basis) -> Draft:
    """Give a visit free again, or a road that was closed."""
    if change.other:
        gone = {(change.stop, change.other), (change.other, change.stop)}
        closed = tuple(pair for pair in draft.closed if pair not in gone)
        return replace(draft, closed=closed).touching(*_days_left(draft))
    return draft.unlocked(change.shift, change.stop)


def _drop(draft: Draft, change: Change, _basis: Basis) -> Draft:
    draft.visit(change.shift, change.stop)
    draft = draft.without(change.shift, change.stop)
    dropped = replace(draft, dropped=draft.dropped | {change.stop})
    return dropped.touching(day_of(draft.shifts[change.shift]))


def _add(draft: Draft, change: Change, _basis: Basis) -> Draft:
    stop = wanted_stop(draft, change)
    if change.to_shift:
        day = day_of(draft.shift(change.to_shift))
        if day in draft.days_of(stop.id):
            params: dict[str, str | date] = {"place": stop.name, "day": day}
            raise ContractError(Message("revise.there_already", params))
    return _wanted(draft, stop, change)


def wanted_stop(draft: Draft, change: Change) -> Stop:
    """Return the place that a change wants in the plan.

    What the plan keeps out by a rule comes in where a person names the place itself; nobody
    is sent to a mine on streets drawn by a generator.
    """
    known = change.stop or (f"stop-{change.spot.place_id}" if change.spot else "")
    planned = {met.stop.id for visits in draft.visits.values() for met in visits}
    if known in planned or known in draft.pool or change.spot is None:
        return draft.stop(known)
    _not_on_drawn_streets(draft, change.spot)
    return stop_at(change.spot, draft.plan.week, draft.plan.settings)


def _not_on_drawn_streets(draft: Draft, spot: Spot) -> None:
    if draft.plan.marks.illustrative_streets and spot.kind is PlaceKind.MINE_HEAP:
        raise ContractError(Message("left_out.mine_on_illustrative"))


def _wanted(draft: Draft, stop: Stop, change: Change) -> Draft:
    """Return the draft in which a stop has to be met: at a time, by a shift, or by whichever."""
    pool = {name: one for name, one in draft.pool.items() if name != stop.id}
    draft = replace(draft, pool=pool, dropped=draft.dropped - {stop.id})
    if change.to_shift and change.at is not None:
        return _at(draft, stop, change.to_shift, change.at)
    shifts = (change.to_shift,) if change.to_shift else ()
    draft = replace(draft, asked=(*draft.asked, Asked(stop=stop, shifts=shifts)))
    return draft.touching(*(day_of(draft.shift(one)) for one in shifts))


def _move(draft: Draft, change: Change, _basis: Basis) -> Draft:
    stop = whole(draft.visit(change.shift, change.stop).stop)
    day = day_of(draft.shift(change.to_shift))
    draft = draft.without(change.shift, change.stop).touching(day_of(draft.shifts[change.shift]))
    if day in draft.days_of(stop.id):
        params: dict[str, str | date] = {"place": stop.name, "day": day}
        raise ContractError(Message("revise.there_already", params))
    return _wanted(draft, stop, change)


def _time(draft: Draft, change: Change, _basis: Basis) -> Draft:
    met = draft.visit(change.shift, change.stop)
    if change.at is None:
        raise ContractError(Message("revise.no_time"))
    draft = draft.without(change.shift, change.stop)
    pool = {name: one for name, one in draft.pool.items() if name != change.stop}
    return _at(replace(draft, pool=pool), whole(met.stop), change.shift, change.at)


def _at(draft: Draft, stop: Stop, shift: str, at: datetime) -> Draft:
    """Return the draft with a visit that begins at a time, locked."""
    own = draft.shift(shift)
    at = at.astimezone(TIRANE).replace(microsecond=0)
    if at <= draft.now:
        raise ContractError(Message("revise.past", draft.naming(shift) | {"place": stop.name}))
    if not own.start <= at <= own.end:
        raise ContractError(_hours("revise.outside_shift", stop, own.start, own.end))
    leave = later(at, 60 * stop.service_min)
    met = RouteStop(stop=stop, arrive=at, leave=leave, window=_window(stop, at))
    _require_safe(draft, met, own)
    stop = draft.limits.held(stop, shift)
    met = replace(met, stop=stop, window=_window(stop, at))
    draft = draft.with_visits(shift, (*draft.visits[shift], met))
    return draft.locked(shift, stop.id, appointed=True).touching(day_of(own))


def _require_safe(draft: Draft, met: RouteStop, shift: Shift) -> None:
    """Raise unless the plan's rules of safety allow a visit at its time.

    Raises
    ------
    ContractError
        With the rule that forbids it.
    """
    settings = safety_of(draft.plan.settings)
    if settings is None:
        return
    then = replace(met.stop, windows=(TimeWindow(opens=met.arrive, closes=met.arrive),))
    safe = keep_safe([then], [shift], draft.plan.workers, settings)
    if safe.left_out:
        raise ContractError(kept_out(safe.left_out[0]))


def _window(stop: Stop, at: datetime) -> TimeWindow:
    """Return the hours of a place that a time lies in."""
    for window in stop.windows:
        if window.opens <= at <= window.closes:
            return window
    day = at.astimezone(TIRANE).date()
    own = [one for one in stop.windows if one.opens.astimezone(TIRANE).date() == day]
    if not own:
        params: dict[str, str | date] = {"place": stop.name, "day": day}
        raise ContractError(Message("revise.closed_then", params))
    near = min(own, key=lambda one: min(abs(one.opens - at), abs(one.closes - at)))
    raise ContractError(_hours("revise.outside_hours", stop, near.opens, near.closes))


def _hours(name: str, stop: Stop, opens: datetime, closes: datetime) -> Message:
    """Return a sentence that names hours of the clock."""
    opens, closes = opens.astimezone(TIRANE), closes.astimezone(TIRANE)
    return Message(name, {"place": stop.name, "opens": opens.time(), "closes": closes.time()})


def _reorder(draft: Draft, change: Change, basis: Basis) -> Draft:
    shift = draft.shift(change.shift)
    past = [met for met in draft.visits[shift.id] if met.arrive <= draft.now]
    ahead = {met.stop.id: met for met in draft.visits[shift.id] if met.arrive > draft.now}
    if sorted(change.order) != sorted(ahead):
        raise ContractError(Message("revise.order_other"))
    ordered = in_order(
        draft, shift, [ahead[name] for name in change.order], basis.travel, basis.rules
    )
    draft = draft.with_visits(shift.id, (*past, *ordered))
    for name in change.order:
        draft = draft.locked(shift.id, name)
    return draft.touching(day_of(shift))


def _call(draft: Draft, change: Change, basis: Basis) -> Draft:
    """Send whoever can be there first; what is locked stays, and the rest goes around it."""
    today = draft.now.astimezone(TIRANE).date()
    shifts = [s for s in draft.shifts.values() if day_of(s) == today and s.end > draft.now]
    shifts = [shift for shift in shifts if shift.id not in draft.ended]
    if not shifts:
        raise NoRouteError(Message("revise.nobody_out"))
    spot = change.spot or _spot_of(draft.stop(change.stop), basis.ground)
    _not_on_drawn_streets(draft, spot)
    until = max(shift.end for shift in shifts)
    made = stop_at(spot, draft.plan.week, draft.plan.settings, now=(draft.now, until))
    stop = replace(made, id=change.stop or made.id)
    for shift in shifts:
        if any(m.stop.id == stop.id and m.arrive > draft.now for m in draft.visits[shift.id]):
            draft = draft.without(shift.id, stop.id)
    draft = replace(draft, divert=True)
    # A team's visits to a place on a day are one record: who was there already goes by telephone.
    been = {shift.id for shift in shifts if stop.id in {m.stop.id for m in draft.visits[shift.id]}}
    begins = [
        (begin, shift.id)
        for shift in shifts
        if shift.id not in been
        for gap in gaps_of(draft, shift, basis.travel, basis.rules)
        if (begin := _soonest(stop, gap, basis.travel)) is not None
    ]
    if not begins:
        name = "revise.been_there" if been else "revise.no_team_now"
        raise NoRouteError(Message(name, {"place": stop.name}))
    begin, first = min(begins)
    # What begins this very second has happened; a call has not.
    at = max(datetime.fromtimestamp(begin, TIRANE), draft.now + timedelta(seconds=1))
    pool = {name: one for name, one in draft.pool.items() if name != stop.id}
    draft = replace(draft, pool=pool, dropped=draft.dropped - {stop.id})
    return _at(draft, stop, first, at)


def _spot_of(stop: Stop, ground: ReviseGround) -> Spot:
    kind = stop.kind or ground.kinds.get(stop.place_id, PlaceKind.OTHER)
    return Spot(place_id=stop.place_id, name=stop.name, kind=kind, lon=stop.lon, lat=stop.lat)


def _soonest(stop: Stop, gap: Gap, travel: Travel) -> int | None:
    """Return when a visit in a gap can begin, and be over in time for what comes after it."""
    windows = travel.limits.held(stop, gap.shift.id).windows
    begin = first_begin(windows, travel.arrives(gap.shift, gap.origin, stop.id, gap.opens))
    if begin is None:
        return None
    done = begin + round(60 * stop.service_min)
    home = travel.arrives(gap.shift, stop.id, gap.destination, done)
    return begin if home <= gap.closes else None


def _rain(draft: Draft, _change: Change, basis: Basis) -> Draft:
    """Take the beaches out of what is left of today, and make the heaps a must."""
    today = draft.now.astimezone(TIRANE).date()
    kinds = {
        **basis.ground.kinds,
        **{one.place_id: one.kind for one in draft.pool.values() if one.kind is not None},
    }
    lost = [
        (shift.id, met.stop)
        for shift in draft.shifts.values()
        if day_of(shift) == today
        for met in draft.visits[shift.id]
        if met.arrive > draft.now
        and kinds.get(met.stop.place_id) in RAIN_LOST
        and (shift.id, met.stop.id) not in draft.locks
    ]
    sought = {
        name
        for name, stop in draft.pool.items()
        if kinds.get(stop.place_id) in RAIN_SOUGHT and name not in draft.dropped
    }
    if not lost and not sought:
        raise NoRouteError(Message("revise.rain_nothing"))
    for shift_id, stop in lost:
        draft = draft.without(shift_id, stop.id)
    wet = [name for name, one in draft.pool.items() if kinds.get(one.place_id) in RAIN_LOST]
    return replace(
        draft,
        barred={**draft.barred, **{(today, name): Message("left_out.rain") for name in wet}},
        wanted_now=draft.wanted_now | {(today, name) for name in sought},
    ).touching(today)


def _closed(draft: Draft, change: Change, basis: Basis) -> Draft:
    """Plan what is left of the week without a road; `Travel` knows it as closed already."""
    if change.stop == change.other or not {change.stop, change.other} <= set(basis.travel.row):
        raise ContractError(Message("revise.road_ends"))
    return replace(draft, closed=(*draft.closed, (change.stop, change.other))).touching(
        *_days_left(draft)
    )


def _ill(draft: Draft, change: Change, _basis: Basis) -> Draft:
    return fall_ill(draft, change)


def _days_left(draft: Draft) -> set[date]:
    return {day_of(shift) for shift in draft.shifts.values() if shift.end > draft.now}


_BY_KIND: Final[Mapping[ChangeKind, Callable[[Draft, Change, Basis], Draft]]] = {
    ChangeKind.LOCK: _lock,
    ChangeKind.UNLOCK: _unlock,
    ChangeKind.DROP: _drop,
    ChangeKind.ADD: _add,
    ChangeKind.REORDER: _reorder,
    ChangeKind.MOVE: _move,
    ChangeKind.TIME: _time,
    ChangeKind.CALL: _call,
    ChangeKind.RAIN: _rain,
    ChangeKind.CLOSED: _closed,
    ChangeKind.ILL: _ill,
}
