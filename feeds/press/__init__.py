"""What subscribers get: topics are curated from what is held, rendered, and written where they changed.

    Store ── held ──► curate(Topic) ──► Feed ── render ──► bytes ── publish ──► files

A pass first asks whether anything could have changed: the state's revision, the configuration, the
hand, and the next moment at which an entry grows too old. If not, it ends there. If so, it goes on from what
it remembers of the last pass:

ground     what every judgement stands on, so that a pass with nothing to do ends before it begins
passing    one pass
stock      the entries a pass has at hand: changed, withdrawn, or shown anew
choosing   what each topic shows: only entries that changed are judged, only topics that change are placed
turns      a burst is spread over time
filing     who has which place in a topic, and in which archive
dressing   regions and themes as categories
naming     by what title and page each source is known
channels   the feeds as the site publishes them: subscription documents, archives, what was removed
memory     what one pass leaves to the next; may be lost at any time
report     what a pass did
"""

from datetime import datetime

from feeds import curate, hand, publish, regions
from feeds.config import Config
from feeds.press import ground
from feeds.press.report import PublishReport
from feeds.render import digests
from feeds.store import Store

__all__ = ["PublishReport", "issue", "warnings"]

LEDGER = "published.json"


def issue(config: Config, state: Store, *, now: datetime, decisions: curate.Hand | None = None) -> PublishReport:
    """Bring the output folder to what the state, the configuration and the hand say.

    `decisions` are the hand's; None: as its file says now. Raises PublishError when a file cannot be
    written: what was written by then is whole, and the next pass goes on.
    """
    decisions = hand.load(config.hand, custom=config.regions) if decisions is None else decisions
    ledger = publish.ledger(config.private / LEDGER)
    overrides = publish.templates(config.output.templates), publish.translations(config.output.templates)
    revision = state.revision()
    soil = ground.of(config, state, decisions, now=now)
    stamp = digests.fingerprint(soil, revision, *map(ground.said, overrides))
    marks = state.marks(ground.SPACE)
    if marks.get("stamp") == stamp and now.isoformat() < marks.get("until", "") and _all_there(config, ledger):
        return PublishReport(folder=config.output.folder, unchanged=len(ledger.files))
    from feeds.press import passing  # noqa: PLC0415 what renders, which a pass that ends here does not need

    standing = ground.Standing(stamp=stamp, before=marks.get("pass"), ground=soil, revision=revision, at=now)
    return passing.run(config, state, decisions, standing, ledger=ledger, overrides=overrides)


def _all_there(config: Config, ledger: publish.Ledger) -> bool:
    """Say whether nobody took a file away since it was published."""
    return bool(ledger.files) and all((config.output.folder / path).exists() for path in ledger.files)


def warnings(config: Config, now: datetime) -> tuple[str, ...]:
    """Return what is legal in a configuration but old or doubtful."""
    silent = "site.contact is missing: publishers cannot write to you, and block whom they cannot ask"
    return (*regions.stale(now), *(() if config.site.contact else (silent,)))
