"""What a publishing pass did."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicCount:
    """One topic of a pass."""

    slug: str
    title: str
    entries: int
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReport:
    """One publishing pass; `written` and `removed` are paths in `folder`."""

    folder: Path
    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    topics: tuple[TopicCount, ...] = ()
    warnings: tuple[str, ...] = ()
