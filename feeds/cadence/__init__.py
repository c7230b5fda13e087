"""When to ask a source again, and what its answers say about it (pure).

polling = cadence.after(polling, answer, seen, source=source, settings=settings, now=now, random=random)
if cadence.due(polling, now, source=source): ...
"""

from feeds.cadence.learn import typical
from feeds.cadence.schedule import after, current, due, interval, start
from feeds.cadence.settings import Seen, Settings
from feeds.cadence.spread import spread
from feeds.cadence.state import State, state

__all__ = ["Seen", "Settings", "State", "after", "current", "due", "interval", "spread", "start", "state", "typical"]
