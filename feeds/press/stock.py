"""The entries that a pass has at hand, as the hand corrects them: changed, withdrawn, or asked for later."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from feeds import candidates, curate, query, store, urls
from feeds.model import Held
from feeds.press.memory import Pass
from feeds.store import Store


class Stock:
    """What was read from the state. `last` is the pass to go on from; None: everything is judged anew."""

    def __init__(self, state: Store, hand: curate.Hand, last: Pass | None, *, since: datetime) -> None:
        self.state, self.hand, self.last, self.since = state, hand, last, since
        self.gone: frozenset[str] = frozenset()  # merged into others since the last pass
        self.held = self._changed(last) if last is not None else {}  # what was read, by id
        self.fresh = frozenset(self.held)
        self._demanded = self._withdrawn()
        self.withdrawn = self._every_name(self._demanded)
        self.hidden = self._hidden() if self.last is None else frozenset(self.last.hidden)

    def every(self) -> Iterator[Held]:
        """Yield the entries that this pass judges, without their content."""
        return iter(self.held.values()) if self.last is not None else self._each(self.state.held(since=self.since))

    def groups(self, queries: Sequence[query.Query]) -> Iterator[list[Held]]:
        """Yield the entries to judge by some queries; where those may be many, so few at a time that they are light."""
        if self.last is not None:
            yield list(self.held.values())
            return
        likely = candidates.of(self.state, since=self.since, queries=queries, decisions=self.hand)
        yield from store.groups(self._each(held for held in likely if held.first_seen >= self.since))
        if self._demanded:
            yield list(self._each(self.state.held(ids=sorted(self._demanded))))

    def read(self, ids: Collection[str]) -> list[Held]:
        """Return entries whole, and keep none of them."""
        return list(self._each(self.state.held(ids=sorted(ids), content=True)))

    def need(self, ids: Collection[str]) -> None:
        """Read entries, unless they are at hand."""
        if missing := set(ids) - self.held.keys():
            self.held |= {held.entry.id: held for held in self.read(missing)}

    def came_after(self, id_: str, last: Pass) -> bool:
        """Tell whether an entry was first seen after a pass."""
        return id_ in self.held and self.held[id_].first_seen > last.at

    def _changed(self, last: Pass) -> dict[str, Held]:
        changed = list(self.state.held(changed_after=last.revision, content=True))
        if any(self.hand.about(held) for held in changed):
            self.last = None  # what is hidden goes by story, and the story may be another now
            return {}
        self.gone = self.state.merged(held.entry.id for held in changed)
        return self._corrected(changed)

    def _withdrawn(self) -> frozenset[str]:
        """Return the entries that were withdrawn, however old, by the ids that stand."""
        names = self.hand.withdrawn
        if not names:
            return frozenset()
        return frozenset(self.state.by_ids(names).values()) | frozenset(self.state.by_links(names).values())

    def _every_name(self, withdrawn: frozenset[str]) -> frozenset[str]:
        """Return every id and link under which a closed archive may show what was withdrawn."""
        if not self.hand.withdrawn:
            return frozenset()
        links = {
            urls.canonical(version.link)
            for versions in self.state.versions(withdrawn).values()
            for version in versions
            if version.link is not None
        }
        return self.hand.withdrawn | withdrawn | self.state.merged(withdrawn) | links

    def _hidden(self) -> frozenset[tuple[str | None, str]]:
        if all(decision.act != "hide" for decision in self.hand.decisions):
            return frozenset()
        return curate.hidden_stories(self.every(), self.hand)

    def _corrected(self, helds: Iterable[Held]) -> dict[str, Held]:
        return {held.entry.id: held for held in self._each(helds)}

    def _each(self, helds: Iterable[Held]) -> Iterator[Held]:
        return (self.hand.corrected(held) for held in helds if not held.backlog)
