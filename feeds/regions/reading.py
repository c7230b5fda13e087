"""What a reading of an entry gives: mentions with their evidence, and what the editor adds to the vocabularies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Field = Literal["title", "text", "home"]


class Evidence(NamedTuple):
    """One place in an entry that named a country, or seemed to.

    A named tuple, not a dataclass: a long entry has dozens, and these cost a third.
    """

    text: str  # as the entry has it
    field: Field
    offset: int  # characters from the start of the field
    kind: str  # name people city place actor leader organisation block custom home
    key: str  # alpha-2, the id of an organisation, or empty
    counted: bool
    why: str
    place: str | None = None  # ISO 3166-2
    point: tuple[float, float] | None = None  # latitude, longitude


class Mention(NamedTuple):
    """One country of an entry: how strongly (0 to 1), whether the entry is about it, and why."""

    country: str  # ISO 3166-1 alpha-2
    score: float
    primary: bool
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Where in the world an entry is. Mentions are in order of score."""

    language: str | None
    mentions: tuple[Mention, ...] = ()
    passed: tuple[Evidence, ...] = ()  # seen, and not counted
    regions: tuple[str, ...] = ()  # slugs: primary countries, above and below them, the editor's sets
    mentioned: tuple[str, ...] = ()  # slugs of all countries named, and what lies above
    point: tuple[float, float] | None = None

    @property
    def countries(self) -> tuple[str, ...]:
        """Every country that is named, strongest first."""
        return tuple(mention.country for mention in self.mentions)

    @property
    def primary(self) -> tuple[str, ...]:
        """The countries the entry is about, strongest first."""
        return tuple(mention.country for mention in self.mentions if mention.primary)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A set of countries of the editor's own."""

    label: str
    members: frozenset[str]  # ISO 3166-1 alpha-2


@dataclass(frozen=True, slots=True, kw_only=True)
class Custom:
    """What the editor adds: sets of countries by slug, names with their country, and names that never count."""

    sets: Mapping[str, Region] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)  # form -> alpha-2
    vetoes: frozenset[str] = frozenset()  # forms
