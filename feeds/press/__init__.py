"""What subscribers get: topics are curated from what is held, rendered, and written where they changed.

    Store ── held ──► curate(Topic) ──► Feed ── render ──► bytes ── publish ──► files

A pass first asks whether anything could have changed: the state's revision, the configuration, the
hand, and the next moment at which an entry grows too old. If not, it ends there. If so, it goes on from what
it remembers of the last pass:

stock      the entries a pass has at hand: changed, withdrawn, or shown anew
choosing   what each topic shows: only entries that changed are judged, only topics that change are placed
turns      a burst is spread over time
filing     who has which place in a topic, and in which archive
dressing   regions and themes as categories
naming     by what title and page each source is known
channels   the feeds as the site publishes them: subscription documents, archives, what was removed
memory     what one pass leaves to the next; may be lost at any time
"""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

import feeds
from feeds import curate, hand, health, publish, regions
from feeds.config import Config
from feeds.errors import PublishError
from feeds.press import channels, naming
from feeds.press.choosing import Choosing, Chosen
from feeds.press.filing import PLACES
from feeds.press.memory import Memory, Pass
from feeds.render import edition, site, status
from feeds.store import Store

LEDGER = "published.json"
MEMORY = "press.db"
SPACE = "press"  # where the store keeps our marks
# A pass is looked at anew at least so often, since entries grow old.
LOOK_AGAIN = timedelta(hours=1)


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


def issue(config: Config, state: Store, *, now: datetime, decisions: curate.Hand | None = None) -> PublishReport:
    """Bring the output folder to what the state, the configuration and the hand say.

    `decisions` are the hand's; None: as its file says now. Raises PublishError when a file cannot be
    written: what was written by then is whole, and the next pass goes on.
    """
    decisions = hand.load(config.hand, custom=config.regions) if decisions is None else decisions
    ledger = publish.ledger(config.private / LEDGER)
    overrides = publish.templates(config.output.templates), publish.translations(config.output.templates)
    revision = state.revision()
    ground = _ground(config, state, decisions, now=now)
    stamp = edition.fingerprint(ground, revision, *map(_said, overrides))
    marks = state.marks(SPACE)
    if marks.get("stamp") == stamp and now.isoformat() < marks.get("until", "") and _all_there(config, ledger):
        return PublishReport(folder=config.output.folder, unchanged=len(ledger.files))
    this = Pass(
        name=edition.fingerprint(now, stamp, marks.get("pass")),
        program=edition.program(),
        ground=ground,
        revision=revision,
        at=now,
    )
    with closing(Memory(config.private / MEMORY, program=this.program)) as memory:
        last = memory.last()
        goes_on = last is not None and last.name == marks.get("pass") and last.ground == ground
        choosing = Choosing(config, state, decisions, memory, last if goes_on else None, now=now)
        with _uncollected():
            report, chosen = _pass(choosing, ledger, this, *overrides)
    until = min([now + LOOK_AGAIN, *(one.waiting for one in chosen if one.waiting is not None)])
    state.mark(SPACE, {"stamp": stamp, "until": until.isoformat(), "pass": this.name})
    return PublishReport(
        folder=config.output.folder,
        written=report.written,
        removed=report.removed,
        unchanged=report.unchanged,
        topics=tuple(_counts(chosen, report)),
        warnings=tuple(_told(config, report)) if report.changed else (),
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Spare the garbage collector a pass: what it makes lives to its end, and a quarter of its time went there."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _pass(
    choosing: Choosing,
    ledger: publish.Ledger,
    this: Pass,
    templates: Mapping[str, str],
    translations: Mapping[str, Mapping[str, Any]],
) -> tuple[publish.Report, tuple[Chosen, ...]]:
    """Choose, render, write, and remember what was done."""
    config, state, now = choosing.config, choosing.stock.state, choosing.now
    pollings = state.pollings()
    sources = {source.id: source for source in naming.sources(config, state, pollings, now=now)}
    chosen = choosing.chosen(channels.wanted(config, state, choosing.stock.every(), now=now), sources)
    desk = channels.Desk(choosing, ledger, templates=templates, translations=translations)
    found = health.report(sources.values(), pollings, now=now)
    whole = desk.whole(
        chosen,
        removed=tuple(channels.removed(config, state, now=now)),
        health=found if config.site.public_status else None,
    )
    report = publish.write(config.output.folder, edition.tree(whole), known=ledger, compress=config.site.compress)
    entered = {one.wanted.topic.slug: one for one in chosen if one.publications}
    state.record_publications({slug: one.publications for slug, one in entered.items()})
    state.mark(PLACES, {slug: str(one.documents.last_place) for slug, one in entered.items() if one.documents})
    status_pages(found, site.desk(config.site, templates=templates, translations=translations), config.private)
    desk.remember(chosen, replace(this, hidden=tuple(sorted(choosing.stock.hidden, key=repr))))
    return report, chosen


def _ground(config: Config, state: Store, decisions: curate.Hand, *, now: datetime) -> str:
    """Return a digest of what every judgement stands on: another one, and all entries are judged anew."""
    longest = max((topic.max_age for topic in config.topics), default=timedelta())
    # Who keeps entries for a shorter time than topics show them loses some at every upkeep.
    pruned = state.marks("store").get("pruned") if config.store.keep < longest else None
    return edition.fingerprint(
        feeds.__version__,
        edition.program(),
        _said(config),
        _said(decisions),
        channels.month(now),
        pruned,
        *naming.retold(state),
    )


def _said(value: object) -> bytes:
    """Return a value as bytes that are the same in every process: the order of a set's repr is not."""
    return msgspec.json.encode(value, order="deterministic", enc_hook=str)


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


def status_pages(found: status.Health, desk: site.Desk, private: Path) -> None:
    """Write the pages that tell whom the editor watches, for `feeds serve` on this machine."""
    files = [
        edition.File(path=path, inputs=edition.fingerprint(found.at, path), make=make)
        for path, make in status.files(found, desk)
    ]
    publish.write(private / "status", files, known=publish.Ledger())


def _all_there(config: Config, ledger: publish.Ledger) -> bool:
    """Say whether nobody took a file away since it was published."""
    return bool(ledger.files) and all((config.output.folder / path).exists() for path in ledger.files)


def _counts(chosen: Sequence[Chosen], report: publish.Report) -> Iterator[TopicCount]:
    written = {path.split(".")[0] for path in report.written}
    for one in chosen:
        if one.wanted.kind == "topic":
            topic = one.wanted.topic
            yield TopicCount(
                slug=topic.slug, title=topic.title, entries=one.about.entries, changed=topic.slug in written
            )


def warnings(config: Config, now: datetime) -> tuple[str, ...]:
    """Return what is legal in a configuration but old or doubtful."""
    silent = "site.contact is missing: publishers cannot write to you, and block whom they cannot ask"
    return (*regions.stale(now), *(() if config.site.contact else (silent,)))
