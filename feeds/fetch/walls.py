"""Bot walls, named: an editor can do something about "Cloudflare", nothing about "403"."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from feeds.fetch import headers as fields

PEEK_BYTES = 64 * 2**10


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wall:
    name: str
    header: tuple[tuple[bytes, str], ...]
    body: tuple[bytes, ...]


def name(headers: fields.RawHeaders, page: bytes, *, refused: bool) -> str | None:
    """Return whose wall answered, or None.

    `refused`: the status was an error. A header of a wall's server stands on good answers too
    and counts only then; the texts of a challenge count always.
    """
    head = page[:PEEK_BYTES].lower()
    for wall in _walls():
        if any(sign in head for sign in wall.body):
            return wall.name
        if refused and any(
            sign in (fields.first(headers, field) or "").lower() for field, sign in _present(wall, headers)
        ):
            return wall.name
    return None


def _present(wall: _Wall, headers: fields.RawHeaders) -> list[tuple[bytes, str]]:
    return [(field, sign) for field, sign in wall.header if fields.first(headers, field) is not None]


@cache
def _walls() -> tuple[_Wall, ...]:
    text = resources.files("feeds").joinpath("data/fetch/walls.toml").read_text("utf-8")
    return tuple(
        _Wall(
            name=wall["name"],
            header=tuple((field.encode(), sign) for field, sign in wall["header"]),
            body=tuple(sign.encode() for sign in wall["body"]),
        )
        for wall in tomllib.loads(text)["wall"]
    )
