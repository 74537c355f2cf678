"""A CSV or XLSX file as a table of texts, whatever delimiter, encoding or sheet it came with.

Nothing is interpreted here but the shape of the file: cells are texts, native
dates of a spreadsheet are written the ISO way, and every row keeps the number
it has in the file.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

import openpyxl
import pandas as pd
from openpyxl.utils.exceptions import InvalidFileException

from data.errors import ContractError
from data.messages import Message, Param
from data.names import visible

__all__ = ["RawTable", "Source", "fold", "header_key", "read_bytes", "read_sheets", "read_table"]

Source = Path | str | bytes

#: Delimiters in the order in which a tie is settled: Albanian spreadsheets write semicolons.
_DELIMITERS: Final = (";", "\t", ",")
#: Albania's own Windows code page first; ë and ç have the same byte in both.
_ENCODINGS: Final = ("utf-8-sig", "cp1250", "cp1252")
_MB: Final = 1024 * 1024
_MOST_BYTES: Final = 100 * _MB
#: A workbook is a packed file: what it unpacks to is limited too.
_MOST_UNPACKED: Final = 1000 * _MB
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_ZIP: Final = b"PK\x03\x04"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
#: What people write where there is nothing to write.
_NOTHING: Final = frozenset({"", "-", "–", "—", "n/a", "na", "nan", "null", "none"})  # noqa: RUF001 - dashes people type
_MOST_CELL: Final = 1_000_000
#: What unpacking, XML and openpyxl raise for a damaged workbook; found by damaging many.
_BROKEN_WORKBOOK: Final = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    EOFError,
    OSError,
    RuntimeError,
)


@dataclass(frozen=True, kw_only=True)
class RawTable:
    """Texts by column, as they stand in the file.

    Parameters
    ----------
    frame
        Columns in the order of the file; the index is the row's number in the
        file, the header being row 1 where nothing stands above it.
    too_long
        Rows with more filled cells than the header has.
    digest
        SHA-256 of the file, in hexadecimal.
    encoding, delimiter
        What was detected; empty for a spreadsheet.
    """

    frame: pd.DataFrame
    too_long: frozenset[int]
    digest: str
    encoding: str = ""
    delimiter: str = ""


def fold(text: str) -> str:
    """Return a text without case, accents and signs, its words parted by one space."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"[a-z0-9]+", "".join(c for c in plain if not _is_accent(c))))


def _is_accent(character: str) -> bool:
    return unicodedata.combining(character) > 0


def header_key(text: str) -> str:
    """Return a header the way the lists of names write it: *Gjerësia (gradë)* is gjeresia_grade."""
    return fold(text).replace(" ", "_")


def read_bytes(source: Source) -> bytes:
    """Return what a file holds.

    Raises
    ------
    ContractError
        If it cannot be opened, is empty, or is larger than 100 MB.
    """
    try:
        content = source if isinstance(source, bytes) else Path(source).read_bytes()
    except OSError as fault:
        raise _refused("unopened") from fault
    if not content.strip():
        raise _refused("empty")
    if len(content) > _MOST_BYTES:
        raise _refused("too_large", mb=_MOST_BYTES // _MB)
    return content


def read_table(source: Source, filename: str) -> RawTable:
    """Return the table of a CSV file, or of the first sheet with a header of an XLSX file.

    Parameters
    ----------
    source
        Path of the file, or its bytes.
    filename
        Name of the file. Only its content decides how it is read.

    Raises
    ------
    ContractError
        If the file cannot be read as a table; the message says what to do.
    """
    content = read_bytes(source)
    if _is_workbook(content, filename):
        return next(iter(_sheets(content, first_only=True).values()))
    return _read_csv(content)


def read_sheets(source: Source, filename: str) -> dict[str, RawTable]:
    """Return every sheet of an XLSX file by its name; a CSV file is one sheet without a name.

    Raises
    ------
    ContractError
        If the file cannot be read as a table.
    """
    content = read_bytes(source)
    if _is_workbook(content, filename):
        return _sheets(content, first_only=False)
    return {"": _read_csv(content)}


def _is_workbook(content: bytes, filename: str) -> bool:
    if content.startswith(_OLD_EXCEL) or filename.lower().endswith(".xls"):
        raise _refused("old_excel")
    return content.startswith(_ZIP)


def _sheets(content: bytes, *, first_only: bool) -> dict[str, RawTable]:
    """Return the sheets that have a header, in their order; perhaps only the first of them."""
    if _unpacked_bytes(content) > _MOST_UNPACKED:
        raise _refused("too_large", mb=_MOST_UNPACKED // _MB)
    tables: dict[str, RawTable] = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions that openpyxl passes over are not ours
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                rows = ([_cell(v) for v in row] for row in sheet.iter_rows(values_only=True))
                table = _tabled(rows, content, "", "")
                if table is not None:
                    tables[sheet.title] = table
                if tables and first_only:
                    break
            book.close()
    except _BROKEN_WORKBOOK as fault:
        raise _refused("unreadable") from fault
    if not tables:
        raise _refused("empty")
    return tables


def _unpacked_bytes(content: bytes) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return sum(part.file_size for part in packed.infolist())
    except _BROKEN_WORKBOOK as fault:
        raise _refused("unreadable") from fault


def _cell(value: object) -> str:
    """Return the text of one cell; a date without hours is written without hours."""
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    elif isinstance(value, timedelta):
        value = (datetime.min + value).time()  # noqa: DTZ901 - only its time of day
    elif isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return "" if value is None else str(value)


def _read_csv(content: bytes) -> RawTable:
    text, encoding = _decoded(content)
    first, _, rest = text.partition("\n")
    if re.fullmatch(r"sep=.\r?", first):  # a hint that Excel writes and hides
        text = "\n" + rest
    delimiter = _delimiter(text)
    csv.field_size_limit(_MOST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error as fault:
        raise _refused("quotes", row=len(rows) + 1) from fault
    table = _tabled(rows, content, encoding, delimiter)
    if table is None:
        raise _refused("empty")
    return table


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith(_UTF16):
        try:
            return content.decode("utf-16"), "utf-16"
        except UnicodeDecodeError as fault:
            raise _refused("unreadable") from fault
    if b"\x00" in content:
        raise _refused("unreadable")
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise _refused("encoding")


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts the header into most cells."""
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    header = next(lines, "")
    return max(_DELIMITERS, key=lambda d: len(next(csv.reader([header], delimiter=d), [])))


def _tabled(
    rows: Iterable[Sequence[str]], content: bytes, encoding: str, delimiter: str
) -> RawTable | None:
    """Return the rows under the first that is not blank; None where all are."""
    header: list[str] = []
    cells: list[list[str]] = []
    numbers: list[int] = []
    too_long = set()
    for number, row in enumerate(rows, 1):
        clean = [_clean(cell) for cell in row]
        filled = [cell for cell in clean if cell]
        if not filled or all(cell.startswith("#") for cell in filled):
            continue  # a blank row, or a row of HXL tags
        if not header:
            header = _header(clean)
            continue
        if any(clean[len(header) :]):
            too_long.add(number)
        cells.append((clean + [""] * len(header))[: len(header)])
        numbers.append(number)
    if not header:
        return None
    frame = pd.DataFrame(cells, columns=header, index=numbers, dtype=object)
    digest = hashlib.sha256(content).hexdigest()
    return RawTable(
        frame=frame,
        too_long=frozenset(too_long),
        digest=digest,
        encoding=encoding,
        delimiter=delimiter,
    )


def _header(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _clean(cell: str) -> str:
    """Return a cell without the blanks around it and the apostrophe that guards a formula."""
    text = visible(cell).strip().removeprefix("'").strip() if cell else ""
    return "" if text.lower() in _NOTHING else text


def _refused(rule: str, **params: Param) -> ContractError:
    return ContractError(Message(f"import.file.{rule}", params))
