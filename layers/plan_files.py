"""Every file of a plan by its path: what the terminal writes and the page offers."""

from __future__ import annotations

from data.access import fit_for_field
from data.nouns import Plan
from data.streetnet import StreetNetwork
from layers.csv_file import stops_csv
from layers.geojson import routes_geojson
from layers.gpx import routes_gpx
from layers.ics import roster_ics
from layers.pack import packs_html
from layers.plan_json import plan_json
from layers.sheet import sheets_pdf
from layers.words import Words
from layers.xlsx import roster_xlsx
from patrol.checkins import CheckInSettings
from patrol.cost import Cost

__all__ = ["plan_files"]


def plan_files(  # noqa: PLR0913 - a plan, and what goes along with it
    plan: Plan,
    words: Words,
    *,
    network: StreetNetwork | None,
    phone: str,
    cost: Cost | None = None,
    rhythm: CheckInSettings | None = None,
) -> dict[str, bytes]:
    """Return the content of each file by its path.

    What goes to the field (sheets, packs, GPX) is made from the plan without
    its evidence.

    Parameters
    ----------
    network
        Streets for the little maps.
    phone
        Of the municipality's Child Protection Unit.
    cost
        For the plan as JSON and the workbook; nothing that goes to the field holds it.
    rhythm
        When teams say that they are well, and whom to call: for what goes to the field.
    """
    field = fit_for_field(plan)
    packs = packs_html(field, words, network, phone, rhythm)
    return {
        "plan.json": plan_json(plan, cost),
        "stops.csv": stops_csv(plan, words),
        "routes.geojson": routes_geojson(plan, words),
        "routes.gpx": routes_gpx(field, words),
        "roster.ics": roster_ics(plan, words),
        "roster.xlsx": roster_xlsx(plan, words, cost),
        "sheets.pdf": sheets_pdf(field, words, network, phone, rhythm),
        **{f"packs/{name}": content for name, content in packs.items()},
    }
