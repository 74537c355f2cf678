"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.houses import Made

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def unavailable(reason: str) -> None:
    """Skip with a sentence; under CI=true what is missing is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real test data beside the project."""
    if not SHARED.exists():
        unavailable("The real test data is not beside the project (../shared/data).")
    return SHARED


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a house with the demo in it and an account for each role; never to be changed."""
    from tests import houses  # noqa: PLC0415 - loads the whole program: for those who ask

    return houses.load_demo(tmp_path_factory.mktemp("demo") / "home")


@pytest.fixture(scope="session")
def made(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return the plan of Durrës that a coordinator made in the terminal; never to be changed."""
    from tests import houses  # noqa: PLC0415 - same

    return houses.plan_in(demo_home, tmp_path_factory.mktemp("plan"))
