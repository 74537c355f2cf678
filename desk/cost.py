"""What a plan costs a municipality: its own numbers, kept until somebody changes them.

Pay is the municipality's own business: its coordinator sees it and nobody else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Final

from data.access import Action, Purpose, require
from data.nouns import Plan, Viewer
from data.vocabulary import Skill
from desk.identity import demo_is_open, is_demo
from desk.wiring import House
from patrol.cost import Cost, cost_of
from patrol.cost_settings import BudgetLine, CostKind, CostSettings
from patrol.paid_time import BandHours

__all__ = [
    "KeptSettings",
    "cost_settings",
    "keep_cost_settings",
    "plan_cost",
    "settings_of",
    "settings_record",
]

#: What is no plain number in the record.
_SHAPED: Final = frozenset({"pay_by_skill", "bands", "material", "budget_codes"})


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSettings:
    """A municipality's cost settings, and when somebody confirmed them; the defaults nobody did."""

    settings: CostSettings = field(default_factory=CostSettings)
    confirmed_at: datetime | None = None


def cost_settings(house: House, viewer: Viewer, municipality: str | None) -> KeptSettings:
    """Return what things cost in a municipality: the confirmed numbers, else the defaults.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    """
    require(viewer, Action.PLAN, municipality)
    if municipality is None:
        return KeptSettings()
    found = house.store.setting(_key(municipality, demo=False))
    if found is None and demo_is_open(house):
        found = house.store.setting(_key(municipality, demo=True))
    if found is None:
        return KeptSettings()
    record = json.loads(found)
    return KeptSettings(
        settings=settings_of(record["settings"]),
        confirmed_at=datetime.fromisoformat(record["confirmed_at"]),
    )


def keep_cost_settings(
    house: House, viewer: Viewer, municipality: str, settings: CostSettings, at: datetime
) -> None:
    """Keep what things cost in a municipality; from then on they are no assumption.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    """
    require(viewer, Action.PLAN, municipality)
    house.audit(viewer, "cost.set", purpose=Purpose.SETTINGS, scope=municipality)
    record = {"settings": settings_record(settings), "confirmed_at": at.isoformat()}
    text = json.dumps(record, ensure_ascii=False, sort_keys=True)
    house.store.set_setting(_key(municipality, demo=is_demo(viewer)), text)


def plan_cost(house: House, viewer: Viewer, plan: Plan) -> Cost:
    """Return what a plan costs with the numbers of its municipality.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    """
    return cost_of(plan, cost_settings(house, viewer, plan.municipality).settings)


def settings_record(settings: CostSettings) -> dict[str, object]:
    """Return cost settings as JSON has them."""
    bands = {f.name: getattr(settings.bands, f.name) for f in fields(settings.bands)}
    return {
        **{f.name: getattr(settings, f.name) for f in fields(settings) if f.name not in _SHAPED},
        "bands": bands,
        "pay_by_skill": {str(skill): pay for skill, pay in settings.pay_by_skill.items()},
        "material": sorted(str(kind) for kind in settings.material),
        "budget_codes": {str(line): code for line, code in settings.budget_codes.items()},
    }


def settings_of(record: Mapping[str, Any]) -> CostSettings:
    """Return the settings that `settings_record` gave."""
    return CostSettings(
        **{
            **record,
            "bands": BandHours(**record["bands"]),
            "pay_by_skill": {Skill(word): pay for word, pay in record["pay_by_skill"].items()},
            "material": frozenset(CostKind(word) for word in record["material"]),
            "budget_codes": {BudgetLine(n): code for n, code in record["budget_codes"].items()},
        }
    )


def _key(municipality: str, *, demo: bool) -> str:
    """Return the setting's name: numbers that were only tried never stand beside real data."""
    return f"cost.demo.{municipality}" if demo else f"cost.{municipality}"
