"""Build feeds/data/map/*.json from Natural Earth's shapes (public domain) as the npm package world-atlas has them.

    npm install world-atlas && python tools/map.py node_modules/world-atlas ISO3166.json

The second argument is pycountry's databases/iso3166-1.json, for the numbers of the countries. Lines between
neighbours are shared arcs, so simplifying them leaves no gaps. Land that two states claim, and land without an
ISO 3166-1 code, is drawn as land of no country: shaded for nobody, linked to nothing.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Point = tuple[float, float]

TARGET = Path(__file__).parent.parent / "feeds" / "data" / "map"
LEVELS = {"world": ("countries-110m.json", 0.22), "detail": ("countries-50m.json", 0.07)}  # tolerance in degrees
UNITS_PER_DEGREE = 20
# Polygons that Natural Earth draws as one claimant's: a point in each.
CLAIMED = ((34.1, 45.2),)  # Crimea
ANTARCTICA = "010"


def arcs_of(topology: dict[str, Any], tolerance: float) -> Iterator[list[Point]]:
    """Yield the arcs of a topology in degrees, simplified."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        yield simplified(points, tolerance)


def simplified(points: list[Point], tolerance: float) -> list[Point]:
    """Ramer-Douglas-Peucker; the ends of an arc stay, so neighbours keep meeting."""
    if len(points) < 3:
        return points
    (x1, y1), (x2, y2) = points[0], points[-1]
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5

    def off(point: Point) -> float:
        x, y = point
        if not length:
            return ((x - x1) ** 2 + (y - y1) ** 2) ** 0.5
        return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length

    at = max(range(1, len(points) - 1), key=lambda index: off(points[index]))
    if off(points[at]) <= tolerance:
        return [points[0], points[-1]]
    return simplified(points[: at + 1], tolerance)[:-1] + simplified(points[at:], tolerance)


def holds(ring: list[Point], point: Point) -> bool:
    """Tell whether a ring surrounds a point."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def main(atlas: str, codes: str) -> None:
    """Write both levels of detail."""
    alpha = {one["numeric"]: one["alpha_2"] for one in json.loads(Path(codes).read_text("utf-8"))["3166-1"]}
    TARGET.mkdir(parents=True, exist_ok=True)
    for level, (name, tolerance) in LEVELS.items():
        topology = json.loads((Path(atlas) / name).read_text("utf-8"))
        arcs = list(arcs_of(topology, tolerance))
        countries = {}
        for shape in topology["objects"]["countries"]["geometries"]:
            if shape.get("id") == ANTARCTICA or not shape.get("arcs"):
                continue
            code = alpha.get(shape.get("id"), "")
            polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
            for polygon in polygons:
                ring = [p for index in polygon[0] for p in (arcs[index] if index >= 0 else arcs[~index][::-1])]
                if len(set(ring)) < 4:
                    continue  # an islet that simplifying left without area
                owner = "" if any(holds(ring, point) for point in CLAIMED) else code
                countries.setdefault(owner, []).append(polygon)
        used = sorted({i if i >= 0 else ~i for polygons in countries.values() for p in polygons for r in p for i in r})
        place = {old: new for new, old in enumerate(used)}
        flat = [[round(v * UNITS_PER_DEGREE) for point in arcs[i] for v in point] for i in used]
        rings = {
            code: [[[place[i] if i >= 0 else ~place[~i] for i in ring] for ring in polygon] for polygon in polygons]
            for code, polygons in sorted(countries.items())
        }
        whole = {"units_per_degree": UNITS_PER_DEGREE, "arcs": flat, "countries": rings}
        (TARGET / f"{level}.json").write_text(json.dumps(whole, separators=(",", ":")) + "\n", encoding="utf-8")
        print(level, len(rings), "countries", sum(map(len, flat)) // 2, "points", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
