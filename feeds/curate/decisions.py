"""What the editor decided by hand: dated decisions, and what they mean for an entry now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Literal, get_args

from feeds import urls
from feeds.model import Held, Tags

Act = Literal["pin", "unpin", "hide", "unhide", "note", "retag", "hold", "release", "withdraw"]
ACTS: tuple[Act, ...] = get_args(Act)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One line of the log: who asked what of an entry, a source or a topic, and when."""

    at: datetime
    act: Act
    entry: str | None = None  # a link, or a published id
    links: tuple[str, ...] = ()  # others it went by when it was decided: its own and its copies'
    topic: str | None = None  # None: in every topic; without an entry, the topic itself (hold, release)
    source: str | None = None  # hold and release: all of a source
    text: str | None = None  # of a note
    regions: tuple[str, ...] | None = None  # of retag: the slugs it is about, with all that lies above
    themes: tuple[str, ...] | None = None
    doubtful: bool = False  # of hold: only weak matches wait
    by: str | None = None
    why: str | None = None
    line: int = field(default=0, compare=False)  # where it stands in the file


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What the decisions come to for one entry in one topic."""

    pinned: Decision | None = None
    hidden: Decision | None = None
    note: Decision | None = None
    retagged: Decision | None = None
    released: Decision | None = None
    withdrawn: Decision | None = None


_NONE = Ruling()


@dataclass(frozen=True, kw_only=True)
class Hand:
    """Every decision in the order it was made; later ones overrule."""

    decisions: tuple[Decision, ...] = ()
    # A region's slug -> itself and what lies above it; filled where regions are known.
    above: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def _by_key(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, decision in enumerate(self.decisions):
            for key in called(decision):
                found.setdefault(key, []).append(number)
        return found

    def about(self, held: Held) -> tuple[Decision, ...]:
        """Return the decisions on an entry or one of its copies, oldest first."""
        if not self._by_key:
            return ()
        return tuple(
            self.decisions[at] for at in sorted({at for key in keys(held) for at in self._by_key.get(key, ())})
        )

    def ruling(self, held: Held, topic: str | None) -> Ruling:
        """Return what holds for an entry in a topic now; `None`: what holds everywhere."""
        ruling = _NONE
        for decision in self.about(held):
            if decision.topic is not None and decision.topic != topic and decision.act != "withdraw":
                continue
            match decision.act:
                case "pin":
                    ruling = replace(ruling, pinned=decision, hidden=None)
                case "unpin":
                    ruling = replace(ruling, pinned=None)
                case "hide":
                    ruling = replace(ruling, hidden=decision, pinned=None)
                case "unhide":
                    ruling = replace(ruling, hidden=None)
                case "note":
                    ruling = replace(ruling, note=decision if decision.text else None)
                case "retag":
                    ruling = replace(ruling, retagged=_both(ruling.retagged, decision))
                case "hold":
                    ruling = replace(ruling, released=None)
                case "release":
                    ruling = replace(ruling, released=decision)
                case "withdraw":
                    # A legal demand is not undone by a later click, and never for one topic only.
                    ruling = replace(ruling, withdrawn=decision)
        return ruling

    def holding(self, *, topic: str | None = None, source: str | None = None) -> Decision | None:
        """Return the hold on a topic or a source that no release has ended."""
        standing = None
        for decision in self.decisions:
            if decision.entry is not None or decision.act not in {"hold", "release"}:
                continue
            if (decision.topic, decision.source) == (topic, source):
                standing = decision if decision.act == "hold" else None
        return standing

    @cached_property
    def withdrawn(self) -> frozenset[str]:
        """The ids and links, as written and canonical, that withdrawals name."""
        return frozenset(name for one in self.decisions if one.act == "withdraw" for name in called(one))

    def corrected(self, held: Held, topic: str | None = None) -> Held:
        """Return the entry with its tags as the editor says they are, in a topic or everywhere."""
        decision = self.ruling(held, topic).retagged
        if decision is None:
            return held
        return replace(held, tags=_retagged(held.tags, decision, self.above))


def _both(before: Decision | None, after: Decision) -> Decision:
    """Return two corrections as one: the later says what it says, the earlier the rest."""
    if before is None:
        return after
    return replace(
        after,
        regions=before.regions if after.regions is None else after.regions,
        themes=before.themes if after.themes is None else after.themes,
    )


def _retagged(tags: Tags, decision: Decision, above: Mapping[str, tuple[str, ...]]) -> Tags:
    if decision.regions is not None:
        regions = tuple(dict.fromkeys(up for slug in decision.regions for up in above.get(slug, (slug,))))
        primary = tuple(slug.upper() for slug in decision.regions if len(slug) == 2)
        tags = replace(
            tags,
            regions=regions,
            primary=primary,
            countries=tuple(dict.fromkeys(primary + tags.countries)),
            mentioned=tuple(dict.fromkeys(regions + tags.mentioned)),
            point=None,  # it was of the place that the entry is not about
            scores={slug: score for slug, score in tags.scores.items() if slug not in regions},
        )
    if decision.themes is not None:
        scores = {slug: score for slug, score in tags.scores.items() if slug not in decision.themes}
        tags = replace(tags, themes=decision.themes, scores=scores)
    return tags


def keys(held: Held) -> frozenset[str]:
    """Return every name an editor may call an entry by: its id, its link, its copies' links."""
    names: Iterable[str] = (held.entry.id, *links(held))
    return frozenset(key for name in names for key in _names(name))


def links(held: Held) -> frozenset[str]:
    """Return the links of an entry and its copies, but for the one that is its id."""
    found = (held.entry.link, *(copy.link for copy in held.copies))
    return frozenset(link for link in found if link and link != held.entry.id)


def called(decision: Decision) -> frozenset[str]:
    """Return every name of the entry that a decision is on, as written and canonical; of none, nothing."""
    names = () if decision.entry is None else (decision.entry, *decision.links)
    return frozenset(key for name in names for key in _names(name))


def _names(name: str) -> tuple[str, ...]:
    return (name, urls.canonical(name)) if "://" in name else (name,)
