"""One geometry column type for both engines: WKB in a BLOB, or PostGIS's own.

Wrapping GeoAlchemy2's type in a TypeDecorator breaks its table hooks, and
SpatiaLite cannot be counted on; this is all that the store needs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import BindParameter, ColumnElement, Dialect, LargeBinary
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import UserDefinedType

__all__ = ["Geometry"]


class _FromWkb(GenericFunction[Any]):
    """Where a bound WKB value becomes a geometry."""

    type = LargeBinary()
    inherit_cache = True


class _AsWkb(GenericFunction[Any]):
    """Where a geometry is fetched as WKB."""

    inherit_cache = True


@compiles(_FromWkb)
@compiles(_AsWkb)
def _as_it_is(element: Any, compiler: Any, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's hook
    return str(compiler.process(element.clauses, **options))


@compiles(_FromWkb, "postgresql")
def _from_wkb(element: Any, compiler: Any, **options: Any) -> str:  # noqa: ANN401 - same
    return f"ST_GeomFromWKB({compiler.process(element.clauses, **options)}, 4326)"


@compiles(_AsWkb, "postgresql")
def _as_wkb(element: Any, compiler: Any, **options: Any) -> str:  # noqa: ANN401 - same
    return f"ST_AsBinary({compiler.process(element.clauses, **options)})"


class Geometry(UserDefinedType[BaseGeometry]):
    """A geometry in EPSG:4326, `None` where there is none."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """Return the column's type on PostGIS; SQLite's is compiled below."""
        return "geometry(Geometry, 4326)"

    def bind_expression(
        self, bindvalue: BindParameter[BaseGeometry]
    ) -> ColumnElement[BaseGeometry] | None:
        """Hand the value over as WKB."""
        return _FromWkb(bindvalue)

    def column_expression(self, colexpr: ColumnElement[Any]) -> ColumnElement[BaseGeometry] | None:
        """Fetch the value as WKB."""
        return _AsWkb(colexpr, type_=self)

    def bind_processor(self, dialect: Dialect) -> Callable[[BaseGeometry | None], bytes | None]:
        """Return what turns a geometry into WKB."""
        del dialect
        return lambda value: None if value is None else shapely.to_wkb(value)

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[bytes | memoryview | None], BaseGeometry | None]:
        """Return what turns WKB into a geometry."""
        del dialect, coltype
        return lambda value: None if value is None else shapely.from_wkb(bytes(value))


@compiles(Geometry, "sqlite")
def _blob(_type: Any, _compiler: Any, **_: Any) -> str:  # noqa: ANN401 - SQLAlchemy's hook
    return "BLOB"
