"""What every judgement of a pass stands on: while it is the same, only what changed is judged.

Imports nothing that renders, so that a pass which finds nothing changed does not pay for it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

import feeds
from feeds import curate
from feeds.config import Config
from feeds.press import naming
from feeds.render import digests
from feeds.store import Store

SPACE = "press"  # where the store keeps the marks of passes


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a pass stands."""

    stamp: str  # digest of all that it follows from
    ground: str  # digest of what judgements stand on
    revision: int  # of the state
    before: str | None  # the name of the last pass
    at: datetime

    @property
    def name(self) -> str:
        """No other pass has it."""
        return digests.fingerprint(self.at, self.stamp, self.before)


def of(config: Config, state: Store, decisions: curate.Hand, *, now: datetime) -> str:
    """Return a digest of what every judgement stands on: another one, and all entries are judged anew."""
    longest = max((topic.max_age for topic in config.topics), default=timedelta())
    # Who keeps entries for a shorter time than topics show them loses some at every upkeep.
    pruned = state.marks("store").get("pruned") if config.store.keep < longest else None
    return digests.fingerprint(
        feeds.__version__,
        digests.program(),
        said(config),
        said(decisions),
        month(now),
        pruned,
        *naming.retold(state),
    )


def said(value: object) -> bytes:
    """Return a value as bytes that are the same in every process: the order of a set's repr is not."""
    return msgspec.json.encode(value, order="deterministic", enc_hook=str)


def month(now: datetime) -> str:
    """Return the month of a moment: "2026-11"."""
    return f"{now.astimezone(UTC):%Y-%m}"
