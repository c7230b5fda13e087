"""Each entry just read is new, changed, the same as another source's, or nothing: what the store then holds."""

from feeds.settle.backlog import backlog
from feeds.settle.folding import Settled, fold
from feeds.settle.judging import Facts, Live, Target, live, targets

__all__ = ["Facts", "Live", "Settled", "Target", "backlog", "fold", "live", "targets"]
