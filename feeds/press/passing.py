"""One pass: choose, render, write, tell, and remember what was done."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from feeds import curate, health, publish
from feeds.config import Config
from feeds.errors import PublishError
from feeds.press import channels, ground, naming
from feeds.press.choosing import Choosing, Chosen
from feeds.press.filing import PLACES
from feeds.press.memory import Memory, Pass
from feeds.press.report import PublishReport, TopicCount
from feeds.render import digests, edition, site, status
from feeds.store import Store

MEMORY = "press.db"
# A pass is looked at anew at least so often, since entries grow old.
LOOK_AGAIN = timedelta(hours=1)

# The status pages are, too, where no source's state is another.
STATUS_AGAIN = timedelta(minutes=10)

# The editor's own templates and translations.
Overrides = tuple[Mapping[str, str], Mapping[str, Mapping[str, Any]]]


def run(
    config: Config,
    state: Store,
    decisions: curate.Hand,
    standing: ground.Standing,
    *,
    ledger: publish.Ledger,
    overrides: Overrides,
) -> PublishReport:
    """Return what one pass did."""
    now, program = standing.at, digests.program()
    this = Pass(name=standing.name, program=program, ground=standing.ground, revision=standing.revision, at=now)
    with closing(Memory(config.private / MEMORY, program=program)) as memory:
        last = memory.last()
        goes_on = last is not None and last.name == standing.before and last.ground == this.ground
        choosing = Choosing(config, state, decisions, memory, last if goes_on else None, now=now)
        with _uncollected():
            report, chosen = _pass(choosing, ledger, this, *overrides)
    until = min([now + LOOK_AGAIN, *(one.waiting for one in chosen if one.waiting is not None)])
    state.mark(ground.SPACE, {"stamp": standing.stamp, "until": until.isoformat(), "pass": this.name})
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
    if told := _news_of_sources(config, state, found, this.ground, ground.said((templates, translations))):
        _status_pages(found, site.desk(config.site, templates=templates, translations=translations), config.private)
        state.mark(ground.SPACE, {"status": told})
    desk.remember(chosen, replace(this, hidden=tuple(sorted(choosing.stock.hidden, key=repr))))
    return report, chosen


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


def _news_of_sources(config: Config, state: Store, found: status.Health, *stands_on: object) -> str | None:
    """Return a digest of what the status pages shall tell; None while they do.

    Numbers that grow at every poll are told again after a while: a page of a thousand sources takes 0.1 s.
    """
    named = [(one.source.id, one.source.title, one.source.url, one.source.link, one.state) for one in found.sources]
    told = digests.fingerprint(*stands_on, named, int(found.at.timestamp() // STATUS_AGAIN.total_seconds()))
    there = (config.private / "status" / "status.html").exists()
    return None if there and state.marks(ground.SPACE).get("status") == told else told


def _status_pages(found: status.Health, desk: site.Desk, private: Path) -> None:
    """Write the pages that tell whom the editor watches, for `feeds serve` on this machine."""
    files = [
        edition.File(path=path, inputs=digests.fingerprint(found.at, path), make=make)
        for path, make in status.files(found, desk)
    ]
    publish.write(private / "status", files, known=publish.Ledger())


def _counts(chosen: Sequence[Chosen], report: publish.Report) -> Iterator[TopicCount]:
    written = {path.split(".")[0] for path in report.written}
    for one in chosen:
        if one.wanted.kind == "topic":
            topic = one.wanted.topic
            yield TopicCount(
                slug=topic.slug, title=topic.title, entries=one.about.entries, changed=topic.slug in written
            )
