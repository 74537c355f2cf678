"""What a coordinator may choose about a plan, and what follows from it for the climb."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from data.errors import ContractError
from data.messages import Message
from patrol.plan import PlanSettings

__all__ = ["PlanChoices"]

_SERVICE_MIN = (5, 180)
_SHARE = (0, 50)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChoices:
    """The choices of the Plan page.

    Parameters
    ----------
    service_min, hotspot_service_min
        Minutes at a place, and at a place at risk.
    exploration_pct
        Percent of the minutes at places that go where too little is known.
    must_places
        Places that have to be visited.
    leave_unstaffed
        Whether a shift that nobody can work is left out instead of stopping the plan.
    seed
        The same one gives the same plan; without it a secret one is drawn.
    """

    service_min: int = 30
    hotspot_service_min: int = 45
    exploration_pct: int = 20
    must_places: tuple[str, ...] = ()
    leave_unstaffed: bool = False
    seed: int | None = None

    def __post_init__(self) -> None:
        """Hold the numbers to what makes sense.

        Raises
        ------
        ContractError
            If a number is out of its range.
        """
        for value, (low, high) in (
            (self.service_min, _SERVICE_MIN),
            (self.hotspot_service_min, _SERVICE_MIN),
            (self.exploration_pct, _SHARE),
        ):
            if not low <= value <= high:
                raise ContractError(Message("desk.choice_range", {"low": low, "high": high}))

    def settings(self) -> PlanSettings:
        """Return the settings of the climb that follow from the choices."""
        usual = PlanSettings()
        return replace(
            usual,
            stops=replace(
                usual.stops,
                service_min=float(self.service_min),
                hotspot_service_min=float(self.hotspot_service_min),
                exploration_share=self.exploration_pct / 100,
                must_places=self.must_places,
            ),
            roster=replace(usual.roster, leave_unstaffed=self.leave_unstaffed),
        )

    def record(self) -> dict[str, object]:
        """Return the choices as JSON has them."""
        return asdict(self)

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> PlanChoices:
        """Return the choices that `record` gave."""
        return cls(**{**record, "must_places": tuple(record["must_places"])})
