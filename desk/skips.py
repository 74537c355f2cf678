"""Stops that a team passed by: why is one of a few reasons, never a text that may name somebody."""

from __future__ import annotations

from datetime import datetime

from data.access import Action, Purpose, require
from data.fieldwork import Skip
from data.nouns import RouteStop, Viewer
from data.vocabulary import SkipReason
from desk.rounds import Round
from desk.wiring import House

__all__ = ["skip_stop", "take_back_skip"]


def skip_stop(  # noqa: PLR0913, PLR0917 - who passed which stop by, why and when
    house: House,
    viewer: Viewer,
    outing: Round,
    stop: RouteStop,
    reason: SkipReason,
    at: datetime,
) -> None:
    """Keep that the team passed a stop by, and why.

    Raises
    ------
    AccessDeniedError
        If the viewer may not mark visits there.
    """
    _may(house, viewer, outing, "visit.skip")
    house.store.fieldwork.skip(
        Skip(
            shift=outing.shift.id,
            team=outing.team.id,
            municipality=outing.plan.municipality or outing.team.municipality or "",
            place_id=stop.stop.place_id,
            at=at.replace(microsecond=0),
            reason=reason,
        ),
        synthetic=outing.plan.marks.synthetic,
    )


def take_back_skip(house: House, viewer: Viewer, outing: Round, stop: RouteStop) -> None:
    """Take back that a stop was passed by: the team goes there after all."""
    _may(house, viewer, outing, "visit.unskip")
    house.store.fieldwork.take_back_skip(outing.shift.id, stop.stop.place_id)


def _may(house: House, viewer: Viewer, outing: Round, action: str) -> None:
    require(viewer, Action.MARK_VISIT, outing.team.municipality)
    house.audit(viewer, action, purpose=Purpose.TODAY, scope=outing.team.municipality or "")
