"""The sides of the plan page, in the part of the plan that each stands in."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from ui.views.plan import PARTS

__all__ = ["open_side", "turn_to"]


def turn_to(app: AppTest, side: str) -> None:
    """Have the next run of the page show a side."""
    part = next(part for part, sides in PARTS.items() if side in sides)
    app.session_state["plan_part"] = part
    app.session_state[f"plan_view_{part}"] = side


def open_side(app: AppTest, side: str) -> AppTest:
    """Open a side of the plan and return the page."""
    turn_to(app, side)
    return app.run()
