"""Looking into what left the house, as a reader or a curious one would."""

from __future__ import annotations

import io
import re
import zipfile
from html.parser import HTMLParser

import openpyxl
from folium import Map
from openpyxl.cell import Cell
from pypdf import PdfReader

from desk.picture import Picture
from layers.map_view import LAYERS, map_groups
from layers.maps.base import base_map
from layers.words import Words

__all__ = ["Elements", "in_text", "map_html", "pdf_text", "sheet_cells", "texts", "unescaped"]


def in_text(secrets: set[str], content: str) -> set[str]:
    """Return which secrets stand in a text."""
    return {secret for secret in secrets if secret in content}


def unescaped(content: str) -> str:
    """Return a text in which JSON's escapes are the letters they stand for."""
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), content)


def pdf_text(content: bytes) -> str:
    """Return what is written on the pages of a PDF."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def sheet_cells(content: bytes) -> list[Cell]:
    """Return every cell of a workbook in which something stands."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [cell for sheet in book for row in sheet for cell in row if cell.value is not None]


def texts(made: dict[str, bytes]) -> dict[str, str]:
    """Return everything that stands in each file."""
    found = {}
    for name, content in made.items():
        if name.endswith(".pdf"):
            found[name] = pdf_text(content)
        elif name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                found[name] = "\n".join(packed.read(n).decode() for n in packed.namelist())
        else:
            found[name] = content.decode("utf-8").replace("\r\n ", "")  # calendars fold lines
    return found


def map_html(seen: Picture, words: Words) -> str:
    """Return the whole page of a map with every layer on it."""
    canvas: Map = base_map(seen.ground, words, seen.marks)
    for group in map_groups(seen.frames, LAYERS, words):
        group.add_to(canvas)
    return str(canvas.get_root().render())


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the texts between them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the element."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.texts.append(data)
