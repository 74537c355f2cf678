"""What is left to solve of a plan when cases have said their part, and the settings of it all."""

from __future__ import annotations

from dataclasses import dataclass, field

from data.duties import Wish
from data.nouns import Absence, Area, Base, Marks, Shift, Team, Week, Worker
from geo.hotspots import HotspotSettings
from geo.risk import RiskSettings
from patrol.horizon import RouteSettings
from patrol.prospects import Prospects
from patrol.roster import RosterSettings
from patrol.safety import SafetySettings
from patrol.season import Season
from patrol.stops import StopSettings
from patrol.variety import VarietySettings

__all__ = ["PlanSettings", "PlanTask"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSettings:
    """The settings of every step; the plan keeps them."""

    risk: RiskSettings = field(default_factory=RiskSettings)
    hotspots: HotspotSettings = field(default_factory=HotspotSettings)
    stops: StopSettings = field(default_factory=StopSettings)
    roster: RosterSettings = field(default_factory=RosterSettings)
    routes: RouteSettings = field(default_factory=RouteSettings)
    safety: SafetySettings = field(default_factory=SafetySettings)
    variety: VarietySettings = field(default_factory=VarietySettings)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanTask:
    """What a plan is solved from wherever that happens: places and crews, and never a case."""

    area: Area
    week: Week
    prospects: Prospects
    workers: tuple[Worker, ...]
    teams: tuple[Team, ...]
    bases: tuple[Base, ...]
    absences: tuple[Absence, ...]
    marks: Marks
    settings: PlanSettings
    season: Season = field(default_factory=Season)
    wishes: tuple[Wish, ...] = ()
    like: tuple[Shift, ...] = ()
