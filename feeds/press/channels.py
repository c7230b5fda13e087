"""The feeds as the site publishes them: which there are, their documents and archives, and what was removed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from feeds import publish, regions
from feeds.config import Config
from feeds.model import ISO_3166_2, Held, Topic
from feeds.press import ground
from feeds.press.choosing import Choosing, Chosen, Wanted
from feeds.press.memory import About, Documents, Pass
from feeds.render import digests, edition, place, status, summary
from feeds.render.river import River
from feeds.store import Store

REGIONS = "regions"  # where the store keeps the regions that were ever published
TOPICS = "topics"  # and the topics
BEGAN = "regions-began"  # and when the feed of each region was first published
SUBSCRIPTION = ""  # the name of the document that is no archive


def wanted(config: Config, state: Store, helds: Iterable[Held], *, now: datetime) -> tuple[Wanted, ...]:
    """Return every feed of the site: the topics, and every region that an entry ever was about.

    A region's feed stays when its entries have grown old: somebody has subscribed to it.
    """
    topics = tuple(Wanted(topic=topic) for topic in config.topics)
    if not config.site.region_feeds:
        return topics
    known = state.marks(REGIONS)
    slugs = {slug for held in helds for slug in held.tags.regions} | known.keys()
    labels = {
        slug: regions.label(slug, language=config.site.language, custom=config.regions) or slug
        for slug in sorted(_with_feeds(config, slugs))
    }
    state.mark(REGIONS, {slug: label for slug, label in labels.items() if known.get(slug) != label})
    began = state.marks(BEGAN)
    fresh = {slug: now.isoformat() for slug in labels if slug not in began}
    state.mark(BEGAN, fresh)
    began |= fresh
    return topics + tuple(
        Wanted(
            topic=Topic(slug=slug, title=label, match=f"region:{slug}"),
            kind="region",
            began=datetime.fromisoformat(began[slug]),
        )
        for slug, label in labels.items()
    )


def removed(config: Config, state: Store, *, now: datetime) -> Iterator[edition.Removed]:
    """Yield the feeds that were published once and are no longer wanted."""
    configured = {topic.slug: topic.title for topic in config.topics}
    known = state.marks(TOPICS)
    state.mark(TOPICS, {slug: title for slug, title in configured.items() if known.get(slug) != title})
    yield from _removed(state, TOPICS, "topic", configured.keys(), now=now)
    here = _with_feeds(config, state.marks(REGIONS)) if config.site.region_feeds else frozenset[str]()
    yield from _removed(state, REGIONS, "region", here, now=now)


def _with_feeds(config: Config, slugs: Iterable[str]) -> frozenset[str]:
    """Return the regions that may have a feed: provinces are five thousand, more files than free hosts take."""
    ours, every = regions.known(config.regions), config.site.province_feeds
    here = sorted(slug for slug in slugs if slug in ours)
    coded = regions.categories(here, custom=config.regions)
    return frozenset(slug for slug, one in zip(here, coded, strict=True) if every or one.scheme != ISO_3166_2)


def _removed(
    state: Store, space: str, kind: place.Kind, here: Iterable[str], *, now: datetime
) -> Iterator[edition.Removed]:
    stay = frozenset(here)
    for slug, told in sorted(state.marks(space).items()):
        if slug in stay:
            continue
        title, _, since = told.partition("\t")
        if not since:
            since = now.isoformat()
            state.mark(space, {slug: f"{title}\t{since}"})
        yield edition.Removed(slug=slug, title=title, since=datetime.fromisoformat(since), kind=kind)


class Desk:
    """Where chosen feeds become an edition, and what was published of it is remembered."""

    def __init__(
        self,
        choosing: Choosing,
        ledger: publish.Ledger,
        *,
        templates: Mapping[str, str],
        translations: Mapping[str, Mapping[str, Any]],
    ) -> None:
        config, memory = choosing.config, choosing.memory
        self._config, self._choosing, self._memory, self._ledger = config, choosing, memory, ledger
        self._bare = edition.Edition(
            site=config.site,
            channels=(),
            month=ground.month(choosing.now),
            withdrawn=choosing.stock.withdrawn,
            frame=_frame(config),
            templates=templates,
            translations=translations,
        )
        self._ground = self._bare.ground
        self._published = memory.abouts()

    def whole(
        self,
        chosen: Sequence[Chosen],
        *,
        removed: Sequence[edition.Removed],
        health: status.Health | None,
    ) -> edition.Edition:
        """Return the site."""
        return replace(
            self._bare,
            channels=tuple(self._channel(one) for one in chosen),
            removed=tuple(removed),
            health=health,
        )

    def _channel(self, one: Chosen) -> edition.Channel:
        topic, kind, about = one.wanted.topic, one.wanted.kind, one.about
        before = self._published.get(one.wanted.name, About())
        inputs = before.inputs if before.soil == self._soil(topic) else {}
        on_disk = publish.months(self._config.output.folder, topic.slug) if kind == "topic" else ()
        recall = partial(self._ledger.recall, f"summary:{kind}/{topic.slug}:{about.fingerprint}")
        return edition.Channel(
            slug=topic.slug,
            title=topic.title,
            fingerprint=about.fingerprint,
            river=lambda: self._river(one, SUBSCRIPTION),
            basis=inputs.get(SUBSCRIPTION),
            summary=lambda: summary.Summary.read(recall(lambda: self._summary(one).plain())),
            kind=kind,
            country=topic.slug.upper() if kind == "region" and len(topic.slug) == 2 else None,
            description=topic.description,
            language=topic.language,
            first_month=min([*on_disk[:1], *(name for name, _ in about.months[:1])], default=None),
            months=tuple(
                edition.Month(
                    month=name,
                    fingerprint=fingerprint,
                    river=partial(self._river, one, name),
                    basis=inputs.get(name),
                )
                for name, fingerprint in about.months
            ),
        )

    def _soil(self, topic: Topic) -> str:
        return digests.fingerprint(self._ground, topic.language)

    def _summary(self, one: Chosen) -> summary.Summary:
        return summary.of(self._river(one, SUBSCRIPTION).parts)

    def _river(self, one: Chosen, document: str) -> River:
        """Return a document's entries, and those of the document that is published."""
        name = one.wanted.name
        before = self._memory.documents(name) if name in self._published else Documents()
        now = one.documents or before
        read: Callable[[Sequence[str]], Iterable[Any]] = partial(self._choosing.read, one.wanted, now)
        return River(
            parts=tuple(now.parts[id_] for id_ in _ids(now, document)),
            read=read,
            before=tuple(before.parts[id_][:2] for id_ in _ids(before, document)),
        )

    def remember(self, chosen: Sequence[Chosen], whole: Pass) -> None:
        """Keep for the next pass what this one published."""
        self._memory.save(
            whole,
            {one.wanted.name: self._now(one) for one in chosen},
            {one.wanted.name: (one.candidates, one.documents) for one in chosen if one.documents is not None},
        )

    def _now(self, one: Chosen) -> About:
        """Return a feed at a glance, with the inputs of the documents that were published of it."""
        topic, inputs = one.wanted.topic, {}
        for name in (SUBSCRIPTION, *(name for name, _ in one.about.months)):
            where = place.Place(site=self._config.site, slug=topic.slug, kind=one.wanted.kind, month=name or None)
            for form in self._config.site.formats[:1]:
                if recorded := self._ledger.files.get(where.path(form)):
                    inputs[name] = recorded[0]
        return replace(one.about, soil=self._soil(topic), inputs=inputs)


def _ids(documents: Documents, document: str) -> tuple[str, ...]:
    if document == SUBSCRIPTION:
        return documents.shown
    return dict(documents.months).get(document, ())


def _frame(config: Config) -> tuple[str, ...]:
    """Return the countries that the map frames; none: the world."""
    name = config.site.map
    return () if name is None else tuple(sorted(regions.members(name, config.regions)))
