"""What we rely on in Streamlit; an upgrade that changes it fails here first."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit_folium import st_folium

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
import streamlit as st
page = st.navigation([
    st.Page("first.py", title="First", default=True),
    st.Page("first.py", title="Again", url_path="second", visibility="hidden"),
])
page.run()
with st.bottom:
    st.markdown("foot")
"""


def facts(tmp_path: Path, script: str = SCRIPT) -> AppTest:
    (tmp_path / "first.py").write_text("import streamlit as st\nst.title('first')\n")
    (tmp_path / "second.py").write_text("import streamlit as st\nst.title('second')\n")
    (tmp_path / "main.py").write_text(script)
    return AppTest.from_file(tmp_path / "main.py", default_timeout=30).run()


def test_one_file_may_stand_at_two_addresses(tmp_path: Path):
    app = facts(tmp_path)

    assert not app.exception
    assert app.title[0].value == "first"


def test_a_page_that_was_not_handed_over_cannot_be_opened(tmp_path: Path):
    app = facts(tmp_path)

    with pytest.raises(ValueError, match="navigation page"):
        app.switch_page("second.py")


def test_the_foot_of_the_page_is_public(tmp_path: Path):
    assert "foot" in [m.value for m in facts(tmp_path).markdown]


def test_a_choice_is_labelled_by_something_that_can_be_pickled(tmp_path: Path):
    """AppTest keeps `format_func` in the session, which has to be serialisable."""
    script = "import streamlit as st\nst.radio('r', [1, 2], format_func={}, key='r')\n"

    by_name = facts(tmp_path, script.format("{1: 'a', 2: 'b'}.__getitem__"))

    assert not by_name.exception
    assert list(by_name.radio(key="r").options) == ["a", "b"]


def test_the_application_takes_routes_and_a_lifespan():
    assert {"routes", "lifespan"} <= set(inspect.signature(st.App).parameters)


def test_a_map_takes_layers_and_says_what_it_returns():
    wanted = {"feature_group_to_add", "returned_objects", "key", "center", "use_container_width"}

    assert wanted <= set(inspect.signature(st_folium).parameters)


@pytest.mark.parametrize("kept", ["", 'st.session_state["c"] = ""'])
def test_a_component_is_kept_out_of_the_session_by_an_empty_text(tmp_path: Path, kept: str):
    """The timetable relies on it; once the first can be pickled, the text can go."""
    script = f"""
import streamlit as st
component = st.components.v2.component("facts", js="export default function() {{}}")
{kept}
component(key="c", data={{}}, on_asked_change=lambda: None)
"""
    app = facts(tmp_path, script)

    assert len(app.exception) == (0 if kept else 1)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("client.showErrorDetails", "none"),
        ("client.showErrorLinks", False),
        ("browser.gatherUsageStats", False),
        ("server.enableXsrfProtection", True),
        ("runner.enforceSerializableSessionState", True),
        ("runner.magicEnabled", False),
    ],
)
def test_settings_that_keep_data_in_are_known_and_set(option: str, value: object):
    assert st.get_option(option) == value


def test_the_browser_door_is_an_application_and_a_script():
    text = (ROOT / "app.py").read_text(encoding="utf-8")

    assert "st.App(__file__" in text
    assert '__name__ == "__main__"' in text
