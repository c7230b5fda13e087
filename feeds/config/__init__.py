"""config.yaml becomes values, or a list of every mistake in it with its line.

`load` is the whole of it: YAML with the place of every key (`places`), pydantic for types and
bounds (`schema`), then what only the whole can tell (`whole`): ids used twice, queries that
cannot be read. pydantic lives and dies in this package. `recall` does so only where the file
is another than the one that was found right the last time (`remembered`).
"""

from typing import TYPE_CHECKING

from feeds import lazily
from feeds.config.remembered import recall
from feeds.config.values import Config

if TYPE_CHECKING:
    from feeds.config.checking import load
    from feeds.config.whole import known
else:
    __getattr__ = lazily.names(__name__, {"checking": ("load",), "whole": ("known",)})

__all__ = ["Config", "known", "load", "recall"]
