"""What a query is made of, as values; `str` gives the query back in its plainest form."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Name = Literal[
    "words",
    "title",
    "author",
    "category",
    "region",
    "mentions",
    "theme",
    "kind",
    "lang",
    "source",
    "before",
    "after",
]
Sign = Literal[">", ">=", "<", "<="]
_PLAIN = re.compile(r'(?!-)(?!(?:AND|OR|NOT)$)[^\s()",:<>=]+')


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One field and what it may be: any of the values will do."""

    name: Name
    values: tuple[str, ...]
    moment: datetime | None = field(default=None, compare=False)  # of before: and after:
    offset: int = field(default=0, compare=False)  # where it stands in the query as written

    def __str__(self) -> str:
        values = ",".join(value if _PLAIN.fullmatch(value) else f'"{value}"' for value in self.values)
        return values if self.name == "words" else f"{self.name}:{values}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How strong a match has to be: the weakest region or theme that the query needs."""

    sign: Sign
    bound: float
    offset: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"score{self.sign}{self.bound:.10f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True, kw_only=True)
class All:
    """Every part holds."""

    parts: "tuple[Node, ...]"

    def __str__(self) -> str:
        return " ".join(f"({part})" if isinstance(part, Some) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Some:
    """One part at least holds."""

    parts: "tuple[Node, ...]"

    def __str__(self) -> str:
        return " OR ".join(map(str, self.parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """The part does not hold."""

    part: "Node"

    def __str__(self) -> str:
        return f"-({self.part})" if isinstance(self.part, All | Some) else f"-{self.part}"


Node = Clause | Score | All | Some | Not


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query that can be asked: equal to another when it says the same in the same order."""

    root: Node
    text: str = field(compare=False)  # as written

    def __str__(self) -> str:
        return str(self.root)


def every(parts: tuple[Node, ...]) -> Node:
    """Return the conjunction, flat; of one part, the part itself."""
    flat = tuple(inner for part in parts for inner in (part.parts if isinstance(part, All) else (part,)))
    return flat[0] if len(flat) == 1 else All(parts=flat)


def some(parts: tuple[Node, ...]) -> Node:
    """Return the disjunction, flat; of one part, the part itself."""
    flat = tuple(inner for part in parts for inner in (part.parts if isinstance(part, Some) else (part,)))
    return flat[0] if len(flat) == 1 else Some(parts=flat)
