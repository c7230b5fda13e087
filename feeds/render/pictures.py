"""Inline SVG: the map of what the entries are about, and the sparkline of entries a day."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib import resources
from math import cos, log1p, radians
from typing import Literal

_WIDTH = 1000
_SHADES = 5
_WORLD = (-169.0, -56.0, 190.0, 78.0)  # west, south, east, north: without the Antarctic
_WORLD_PARALLEL = 38.0  # where the plate carrée is true: keeps the middle latitudes in shape
_MARGIN_DEGREES = 3.0
SPARK_DAYS = 30

_Box = tuple[float, float, float, float]
_Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Country:
    """A country on the map: its path, and how strongly it is shaded (0 to 5)."""

    code: str  # ISO 3166-1 alpha-2; "" for land of no country
    path: str
    shade: int
    entries: int


@dataclass(frozen=True, slots=True)
class Map:
    """The shapes of a map, and the size of its picture."""

    width: int
    height: int
    countries: tuple[Country, ...]


def world(counts: Mapping[str, int], frame: Sequence[str] = ()) -> Map:
    """Return the map of the world, or of what the framed countries span, shaded by counts."""
    height, paths = _drawn(tuple(sorted(frame)))
    most = max((counts.get(code, 0) for code, _ in paths), default=0)
    return Map(
        _WIDTH,
        height,
        tuple(Country(code, path, shade(counts.get(code, 0), most), counts.get(code, 0)) for code, path in paths),
    )


def shade(count: int, most: int) -> int:
    """Return 0 for none, else 1 to 5, by the logarithm: news is unevenly spread."""
    if count <= 0:
        return 0
    return max(1, round(_SHADES * log1p(count) / log1p(max(most, 1))))


def spark(days: Iterable[tuple[date, int]], last: date) -> tuple[str, int]:
    """Return the path of a bar a day over the 30 days that end with `last` (4 wide, 24 high), and their sum."""
    counts = dict(days)
    shown = [counts.get(last - timedelta(days=ago), 0) for ago in range(SPARK_DAYS - 1, -1, -1)]
    most = max(shown) or 1
    bars = []
    for number, count in enumerate(shown):
        height = max(2, round(24 * count / most)) if count else 0
        if height:
            bars.append(f"M{number * 4} 24v-{height}h3v{height}z")
    return "".join(bars), sum(shown)


@lru_cache(maxsize=8)
def _drawn(frame: tuple[str, ...]) -> tuple[int, tuple[tuple[str, str], ...]]:
    shapes = _shapes("detail" if frame else "world")
    box = _box(shapes, frame) if frame else _WORLD
    west, south, east, north = box
    squeeze = cos(radians((south + north) / 2 if frame else _WORLD_PARALLEL))
    scale = _WIDTH / ((east - west) * squeeze)
    drawn = []
    for code, rings in shapes.items():
        path = "".join(
            _path([((x - west) * squeeze * scale, (north - y) * scale) for x, y in ring])
            for ring in rings
            if _meets(ring, box)
        )
        if path:
            drawn.append((code, path))
    return round((north - south) * scale), tuple(drawn)


def _path(points: list[tuple[float, float]]) -> str:
    """Return a closed path in whole pixels, each step relative to the last: the shortest way to write it."""
    pixels = [(round(x), round(y)) for x, y in points]
    start = at = pixels[0]
    steps = []
    for pixel in pixels[1:]:
        if pixel != at:
            steps.append(f"{pixel[0] - at[0]} {pixel[1] - at[1]}")
            at = pixel
    if len(steps) < 3:
        return ""
    return f"M{start[0]} {start[1]}l{' '.join(steps)}z".replace(" -", "-")


def _meets(ring: _Ring, box: _Box) -> bool:
    west, south, east, north = box
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return max(xs) >= west and min(xs) <= east and max(ys) >= south and min(ys) <= north


def _box(shapes: Mapping[str, tuple[_Ring, ...]], frame: Sequence[str]) -> _Box:
    # The largest ring of each country: an overseas island would make a world of any region.
    main = [max(shapes[code], key=len) for code in frame if shapes.get(code)]
    if not main:
        return _WORLD
    xs = [x for ring in main for x, _ in ring]
    ys = [y for ring in main for _, y in ring]
    return (
        min(xs) - _MARGIN_DEGREES,
        min(ys) - _MARGIN_DEGREES,
        max(xs) + _MARGIN_DEGREES,
        max(ys) + _MARGIN_DEGREES,
    )


def _unbroken(points: Iterable[tuple[float, float]]) -> _Ring:
    """Return a ring that goes on past 180° east instead of jumping to 180° west (Chukotka, Fiji)."""
    ring: list[tuple[float, float]] = []
    turn = 0.0
    for x, y in points:
        if ring and abs(x + turn - ring[-1][0]) > 180:
            turn += 360 if x + turn < ring[-1][0] else -360
        ring.append((x + turn, y))
    shift = 360 if min(x for x, _ in ring) < -180 else 0
    return tuple((x + shift, y) for x, y in ring)


@cache
def _shapes(level: Literal["world", "detail"]) -> Mapping[str, tuple[_Ring, ...]]:
    """Return the outer and inner rings of every country, in degrees."""
    file = resources.files("feeds") / "data" / "map" / f"{level}.json"
    topology = json.loads(file.read_text(encoding="utf-8"))
    unit = topology["units_per_degree"]
    arcs = [tuple((flat[at] / unit, flat[at + 1] / unit) for at in range(0, len(flat), 2)) for flat in topology["arcs"]]
    return {
        code: tuple(
            _unbroken(point for index in ring for point in (arcs[index] if index >= 0 else arcs[~index][::-1]))
            for polygon in polygons
            for ring in polygon
        )
        for code, polygons in topology["countries"].items()
    }
