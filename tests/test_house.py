"""The house itself: floors, one door per danger, sizes, languages and tools."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from data import errors, frames

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("data", "geo", "patrol", "layers", "desk", "ui")
SOURCES = [
    *sorted(
        path
        for floor in (*FLOORS, "bench")
        for path in (ROOT / floor).rglob("*.py")
        if "versions" not in path.parts
    ),
    ROOT / "app.py",
    ROOT / "fener.py",
]
PAGES = sorted((ROOT / "ui" / "pages").glob("*.py"))
DOMAINS = sorted(path.stem for path in (ROOT / "locale" / "en").glob("*.po"))


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def files_with(pattern: str) -> set[str]:
    found = re.compile(pattern, re.MULTILINE)
    return {
        str(path.relative_to(ROOT))
        for path in SOURCES
        if found.search(path.read_text(encoding="utf-8"))
    }


def test_imports_only_descend():
    outcome = run(tool("lint-imports"), "--no-cache")

    assert outcome.returncode == 0, outcome.stdout


def test_ruff_finds_nothing():
    outcome = run(tool("ruff"), "check", ".")

    assert outcome.returncode == 0, outcome.stdout


def test_every_file_is_formatted():
    outcome = run(tool("ruff"), "format", "--check", ".")

    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.slow
def test_mypy_strict_finds_nothing():
    outcome = run(tool("mypy"))

    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.parametrize(
    ("danger", "pattern", "doors"),
    [
        ("session state", r"\bsession_state\b", {"ui/session.py"}),
        ("caches", r"@st\.cache_|st\.cache_(data|resource)\(", {"ui/cache.py"}),
        ("the call that shows a map", r"\bst_folium\(", {"ui/map_door.py"}),
        ("a script in the browser", r"\bcomponents\.v[12]\b", {"ui/widgets/timetable.py"}),
        ("changing coordinates", r"\.to_crs\(", {"data/crs.py"}),
        ("Streamlit", r"^\s*(?:import|from) streamlit\b", {"app.py", "ui/"}),
        ("Web Mercator", r"\b3857\b", set()),
        ("raw HTML in a page", r"unsafe_allow_html", set()),
        ("the module-level random state", r"np\.random\.(seed|rand|normal|choice)\(", set()),
    ],
)
def test_each_danger_has_one_door(danger: str, pattern: str, doors: set[str]):
    outside = {name for name in files_with(pattern) if not name.startswith(tuple(doors))}

    assert outside == set(), danger


def test_the_store_and_the_readers_are_opened_in_one_place():
    outside = files_with(r"from data\.(store|readers)|import data\.(store|readers)") - {
        "desk/wiring.py"
    }

    assert {name for name in outside if not name.startswith(("data/", "desk/"))} == set()


def test_the_browser_door_is_small():
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) <= 40


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_a_page_fits_on_a_screen(page: Path):
    assert len(page.read_text(encoding="utf-8").splitlines()) <= 60


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_has_one_job(path: Path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_every_page_file_can_be_reached():
    navigation = (ROOT / "ui" / "navigation.py").read_text(encoding="utf-8")

    assert [page.stem for page in PAGES if f'"{page.stem}"' not in navigation] == []


def entries(language: str, domain: str) -> dict[str, str | tuple[str, ...]]:
    with (ROOT / "locale" / language / f"{domain}.po").open("rb") as file:
        return {
            entry.id if isinstance(entry.id, str) else entry.id[0]: entry.string
            for entry in read_po(file)
            if entry.id
        }


def names(text: str | tuple[str, ...]) -> set[str]:
    forms = text if isinstance(text, tuple | list) else (text,)
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}


@pytest.mark.parametrize("domain", DOMAINS)
def test_both_catalogues_are_complete_and_name_the_same_parameters(domain: str):
    english, albanian = entries("en", domain), entries("sq", domain)

    assert set(english) == set(albanian)
    for key, text in english.items():
        assert key.partition(".")[0] == domain, key
        assert all(text if isinstance(text, tuple) else (text,)), key
        assert all(albanian[key] if isinstance(albanian[key], tuple) else (albanian[key],)), key
        assert names(text) == names(albanian[key]), key


def test_albanian_has_a_catalogue_for_every_english_one():
    assert sorted(p.stem for p in (ROOT / "locale" / "sq").glob("*.po")) == DOMAINS


def literal_ids() -> set[tuple[str, str]]:
    """Return (file, id) for every literal that has the shape of a message id of our domains."""
    shape = re.compile(rf"(?:{'|'.join(DOMAINS)})\.[a-z0-9_]+(?:\.[a-z0-9_\-]+)*")
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                value = node.args[0].value
                is_file = isinstance(value, str) and value.endswith((".json", ".typ", ".jinja"))
                if isinstance(value, str) and shape.fullmatch(value) and not is_file:
                    found.add((str(path.relative_to(ROOT)), value))
    return found


def test_every_sentence_the_code_asks_for_is_in_the_catalogues():
    known = {key for domain in DOMAINS for key in entries("en", domain)}

    assert sorted(item for item in literal_ids() if item[1] not in known) == []


def test_every_kind_of_fault_has_a_code_of_its_own():
    kinds = [getattr(errors, name) for name in errors.__all__]

    assert len({kind.code for kind in kinds}) == len(kinds)


def test_no_database_and_no_environment_is_in_the_repository():
    tracked = run("git", "ls-files").stdout.splitlines()

    assert [n for n in tracked if n.endswith((".sqlite", ".gpkg", ".pbf", ".pem", ".key"))] == []
    assert [n for n in tracked if n.startswith((".venv", "static/leaflet", "data/private"))] == []


def test_every_committed_example_says_that_it_is_invented():
    examples = sorted((ROOT / "tests" / "files").glob("*.csv"))

    assert examples
    for path in examples:
        assert "synthetic" in path.read_text(encoding="utf-8-sig").lower(), path.name


def test_no_text_names_a_machine():
    tracked = [ROOT / n for n in run("git", "ls-files").stdout.splitlines()]
    texts = [p for p in tracked if p.suffix in {".py", ".md", ".toml", ".po", ".sh", ".txt"}]
    pattern = re.compile(r"/(?:root|work|home)/\w|/tmp/\w")

    strange = [p.name for p in texts if p.exists() and pattern.search(p.read_text("utf-8"))]

    assert strange == []


def test_no_file_was_left_half_merged():
    tracked = [ROOT / n for n in run("git", "ls-files").stdout.splitlines()]
    texts = [p for p in tracked if p.suffix in {".py", ".md", ".toml", ".po", ".sh", ".txt"}]
    marker = re.compile(r"^(?:<{7}|>{7}|\|{7}) ", re.MULTILINE)

    half = [p.name for p in texts if p.exists() and marker.search(p.read_text("utf-8"))]

    assert half == []


def test_every_contracted_column_is_in_the_glossary():
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    contracts = [value for value in vars(frames).values() if isinstance(value, frames.Contract)]

    missing = {c for k in contracts for c in k.columns if f"`{c}`" not in glossary} - {"name"}

    assert missing == set()
