"""The entries of the last days that new ones are compared with: read when the first new one comes, then kept.

A pass by itself reads them once. The service lends its passes one window, since reading thirty thousand entries
takes half a second of CPU and a tick may bring a single one; it is let go when nothing new has come for a while.
"""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from feeds.store import Store

if TYPE_CHECKING:
    from feeds import settle

# What has left the window is still in memory: now and then it is read anew. Always at these turns of the clock, so
# that a process that lives on and one that starts in between compare with the same entries.
RENEWED = timedelta(hours=12)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
IDLE = timedelta(minutes=10)


class Window:
    """What the store holds of the last days, as `settle` compares with it."""

    def __init__(self, state: Store) -> None:
        self._state = state
        self._live: settle.Live | None = None
        self._revision: int | None = None  # of the state that `_live` mirrors; None: it may know what was not saved
        self._since: datetime | None = None  # what `_live` was read from
        self._used_at: datetime | None = None

    def live(self, now: datetime) -> "settle.Live":
        """Return the live window, to be told of new entries; `saved` says that those lie in the state.

        It is read anew at every turn, when it was told of what was not saved, or when another hand changed the state.
        """
        from feeds import dedupe, settle  # noqa: PLC0415 numpy and more, which a poll that brings nothing new does not need

        since = now - (now - EPOCH) % RENEWED - dedupe.WINDOW
        if self._live is None or since != self._since or self._revision != self._state.revision():
            self._live = None  # before the next takes as much memory
            self._live = settle.live(self._state.window(since))
            self._since = since
        self._revision = None
        self._used_at = now
        return self._live

    def saved(self) -> None:
        """Take note that all it was told of lies in the state now."""
        self._revision = self._state.revision()

    def rest(self, now: datetime) -> None:
        """Let go of the memory if nothing new has come for a while."""
        if self._used_at is not None and now - self._used_at > IDLE:
            self._live = None
