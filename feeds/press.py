"""What subscribers get: topics are curated from what is held, rendered, and written where they changed.

    Store ── held ──► curate(Topic) ──► Feed ── render ──► bytes ── publish ──► files

A pass first asks whether anything could have changed: the state's revision, the configuration, the
hand, and the next moment at which an entry grows too old. If not, it ends there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

import feeds
from feeds import curate, hand, health, publish, regions, themes
from feeds.config import Config
from feeds.errors import PublishError
from feeds.model import THEME, Category, Entry, Feed, Held, Tags, Topic
from feeds.render import edition, place, site, status, summary
from feeds.store import Publication, Store

LEDGER = "published.json"
SPACE = "press"  # where the store keeps our marks
# A pass is looked at anew at least so often, since entries grow old.
LOOK_AGAIN = timedelta(hours=1)
# The archive of a month is open while it runs, and is made a last time after it.
OPEN = timedelta(days=31)
FOREVER = timedelta(days=36_500)


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


def issue(config: Config, state: Store, *, now: datetime) -> PublishReport:
    """Bring the output folder to what the state, the configuration and the hand say.

    Raises PublishError when a file cannot be written: what was written by then is whole, and the
    next pass goes on.
    """
    decisions = hand.load(config.hand, custom=config.regions)
    ledger = publish.ledger(config.private / LEDGER)
    templates, translations = _overrides(config)
    stamp = edition.fingerprint(
        feeds.__version__, state.revision(), _said(config), _said(decisions), _said(templates), _said(translations)
    )
    marks = state.marks(SPACE)
    if marks.get("stamp") == stamp and now.isoformat() < marks.get("until", "") and _all_there(config, ledger):
        return PublishReport(folder=config.output.folder, unchanged=len(ledger.files))
    chosen = _chosen(config, state, decisions, now=now)
    found = health.report(config, state, now=now)
    whole = replace(
        _edition(config, state, chosen, decisions, ledger, now=now),
        health=found if config.site.public_status else None,
        templates=templates,
        translations=translations,
    )
    report = publish.write(config.output.folder, edition.tree(whole), known=ledger, compress=config.site.compress)
    for one in chosen:
        state.record_publication(one.topic.slug, one.publications)
    status_pages(config, found)
    state.mark(SPACE, {"stamp": stamp, "until": (now + LOOK_AGAIN).isoformat()})
    return PublishReport(
        folder=config.output.folder,
        written=report.written,
        removed=report.removed,
        unchanged=report.unchanged,
        topics=tuple(_counts(chosen, report)),
        warnings=tuple(_told(config, report)) if report.changed else (),
    )


def _said(value: object) -> bytes:
    """Return a value as bytes that are the same in every process: the order of a set's repr is not."""
    return msgspec.json.encode(value, order="deterministic", enc_hook=str)


def _overrides(config: Config) -> tuple[dict[str, str], dict[str, Mapping[str, Any]]]:
    """Return the templates and the phrases that the editor puts before ours."""
    return publish.templates(config.output.templates), publish.translations(config.output.templates)


def _told(config: Config, report: publish.Report) -> Iterator[str]:
    """Tell the hub and the editor's command; yield what went wrong, which unpublishes nothing."""
    if config.site.hub is not None:
        try:
            publish.ping(config.site.hub, config.site.url, report.written)
        except PublishError as exc:
            yield str(exc)
    if config.publish.after is not None:
        try:
            publish.after(config.publish.after, config.output.folder, report.written, report.removed)
        except PublishError as exc:
            yield str(exc)


def status_pages(config: Config, found: status.Health) -> None:
    """Write the pages that tell whom the editor watches, for `feeds serve` on this machine."""
    templates, translations = _overrides(config)
    desk = site.desk(config.site, templates=templates, translations=translations)
    files = [
        edition.File(path=path, inputs=edition.fingerprint(found.at, path), make=make)
        for path, make in status.files(found, desk)
    ]
    publish.write(config.private / "status", files, known=publish.Ledger())


def _all_there(config: Config, ledger: publish.Ledger) -> bool:
    """Say whether nobody took a file away since it was published."""
    return bool(ledger.files) and all((config.output.folder / path).exists() for path in ledger.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """One topic's feed, and when each entry entered it."""

    topic: Topic
    kind: place.Kind
    feed: Feed
    publications: tuple[Publication, ...]  # those that are new or have ended
    months: tuple[edition.Month, ...]


def _counts(chosen: Sequence[_Chosen], report: publish.Report) -> Iterator[TopicCount]:
    written = {path.split(".")[0] for path in report.written}
    for one in chosen:
        if one.kind == "topic":
            slug = one.topic.slug
            yield TopicCount(slug=slug, title=one.topic.title, entries=len(one.feed.entries), changed=slug in written)


def _chosen(config: Config, state: Store, decisions: curate.Hand, *, now: datetime) -> tuple[_Chosen, ...]:
    """Return the feed of every topic, and of every region where the editor wants those."""
    longest = max((topic.max_age for topic in config.topics), default=timedelta())
    helds = [held for held in state.held(since=now - longest, content=True) if not held.backlog]
    sources = {source.id: source for source in config.sources}
    before = {topic.slug: state.publications(topic.slug) for topic in config.topics}
    standing = {slug: [one.entry for one in past if one.until is None] for slug, past in before.items()}
    wanted = [*config.topics, *(_region_topics(config, helds) if config.site.region_feeds else ())]
    selections = curate.topics(wanted, helds, now=now, hand=decisions, sources=sources, published=standing)
    tags = {held.entry.id: decisions.corrected(held).tags for held in helds}

    def archive(topic: Topic, past: Sequence[Publication], feed: Feed) -> Feed:
        """Return the feed with what its limits have dropped since the last month began."""
        here = {entry.id for entry in feed.entries}
        recent = f"{now.astimezone(UTC) - OPEN:%Y-%m}"
        dropped = [one.entry for one in past if one.month >= recent and one.entry not in here]
        if not dropped:
            return feed
        older = list(state.held(ids=dropped, content=True))
        tags.update((held.entry.id, decisions.corrected(held).tags) for held in older)
        wide = replace(topic, limit=len(dropped), max_age=FOREVER, per_source_a_day=None, min_score=None)
        more = curate.topic(wide, older, now=now, hand=decisions, sources=sources)
        return replace(feed, entries=feed.entries + _dressed(config, topic, more.feed, tags).entries)

    chosen = []
    for selection in selections:
        topic = selection.topic
        feed = _dressed(config, topic, selection.feed, tags)
        is_topic = topic.slug in before
        past = before.get(topic.slug, ())
        fresh = _publications(past, feed, now=now) if is_topic else ()
        chosen.append(
            _Chosen(
                topic=topic,
                kind="topic" if is_topic else "region",
                feed=feed,
                publications=fresh,
                months=_months(archive(topic, past, feed), (*past, *fresh)) if is_topic else (),
            )
        )
    return tuple(chosen)


def _region_topics(config: Config, helds: Sequence[Held]) -> Iterator[Topic]:
    """Yield a topic for every country and region that an entry is about."""
    slugs = {
        slug for held in helds for slug in held.tags.regions if len(slug) == 2 or slug in regions.known(config.regions)
    }
    for slug in sorted(slugs):
        label = regions.label(slug, language=config.site.language, custom=config.regions) or slug
        yield Topic(slug=slug, title=label, match=f"region:{slug}")


def _dressed(config: Config, topic: Topic, feed: Feed, tags: Mapping[str, Tags]) -> Feed:
    """Return the feed with each entry's regions and themes as categories, labelled in the feed's language."""
    language = topic.language or config.site.language

    def dressed(entry: Entry) -> Entry:
        told = tags.get(entry.id)
        if told is None or (entry.source is None and not entry.link):
            return entry
        own = regions.categories(told.regions, language=language, custom=config.regions)
        own += tuple(Category(term=slug, scheme=THEME, label=themes.label(slug)) for slug in told.themes)
        return replace(entry, categories=entry.categories + own)

    return replace(feed, entries=tuple(dressed(entry) for entry in feed.entries))


def _publications(past: Sequence[Publication], feed: Feed, *, now: datetime) -> tuple[Publication, ...]:
    """Return what entered the topic, left it or came back; a place is given once and never again."""
    known = {one.entry for one in past}
    here = {entry.id for entry in feed.entries}
    place_of_next = max((one.place for one in past), default=0) + 1
    entered = [entry.id for entry in reversed(feed.entries) if entry.id not in known]
    left = (replace(one, until=now) for one in past if one.until is None and one.entry not in here)
    back = (replace(one, until=None) for one in past if one.until is not None and one.entry in here)
    new = (
        Publication(entry=entry, since=now, place=place_of_next + n, month=f"{now.astimezone(UTC):%Y-%m}")
        for n, entry in enumerate(entered)
    )
    return (*new, *left, *back)


def _months(feed: Feed, publications: Sequence[Publication]) -> tuple[edition.Month, ...]:
    """Return the archives that can still be made: of months whose entries the feed still shows."""
    by_id = {entry.id: entry for entry in feed.entries}
    months: dict[str, list[Entry]] = {}
    for one in sorted(publications, key=lambda one: -one.place):
        if one.entry in by_id:
            months.setdefault(one.month, []).append(by_id[one.entry])
    return tuple(
        edition.Month(
            month=month,
            fingerprint=edition.fingerprint(repr(entries)),
            feed=partial(replace, feed, entries=tuple(entries)),
        )
        for month, entries in sorted(months.items())
    )


def _edition(
    config: Config,
    state: Store,
    chosen: Sequence[_Chosen],
    decisions: curate.Hand,
    ledger: publish.Ledger,
    *,
    now: datetime,
) -> edition.Edition:
    month = f"{now.astimezone(UTC):%Y-%m}"
    return edition.Edition(
        site=config.site,
        channels=tuple(_channel(config, one, ledger) for one in chosen),
        month=month,
        removed=tuple(_removed(config, state, now=now)),
        withdrawn=frozenset(
            decision.entry for decision in decisions.decisions if decision.act == "withdraw" and decision.entry
        ),
        frame=_frame(config),
    )


def _channel(config: Config, one: _Chosen, ledger: publish.Ledger) -> edition.Channel:
    topic, fingerprint = one.topic, edition.fingerprint(repr(one.feed))
    on_disk = publish.months(config.output.folder, topic.slug) if one.kind == "topic" else ()
    firsts = [*on_disk[:1], *(month.month for month in one.months[:1])]
    return edition.Channel(
        slug=topic.slug,
        title=topic.title,
        fingerprint=fingerprint,
        feed=lambda: one.feed,
        summary=lambda: summary.Summary.read(
            ledger.recall(f"summary:{topic.slug}:{fingerprint}", lambda: summary.of(one.feed).plain())
        ),
        kind=one.kind,
        country=topic.slug.upper() if one.kind == "region" and len(topic.slug) == 2 else None,
        description=topic.description,
        language=topic.language,
        first_month=min(firsts, default=None),
        months=one.months,
    )


def _frame(config: Config) -> tuple[str, ...]:
    """Return the countries that the map frames; none: the world."""
    name = config.site.map
    return () if name is None else tuple(sorted(regions.members(name, config.regions)))


def _removed(config: Config, state: Store, *, now: datetime) -> Iterator[edition.Removed]:
    """Yield the topics that were published once and are no longer configured."""
    space = "topics"
    known = state.marks(space)
    configured = {topic.slug: topic.title for topic in config.topics}
    state.mark(space, {slug: title for slug, title in configured.items() if known.get(slug) != title})
    for slug, told in sorted(known.items()):
        if slug in configured:
            continue
        title, _, since = told.partition("\t")
        if not since:
            since = now.isoformat()
            state.mark(space, {slug: f"{title}\t{since}"})
        yield edition.Removed(slug=slug, title=title, since=datetime.fromisoformat(since))


def warnings(config: Config, now: datetime) -> tuple[str, ...]:
    """Return what is legal in a configuration but old or doubtful."""
    silent = "site.contact is missing: publishers cannot write to you, and block whom they cannot ask"
    return (*regions.stale(now), *(() if config.site.contact else (silent,)))
