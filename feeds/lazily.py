"""Names of a package whose modules are imported when the first of them is asked for (PEP 562).

A command pays for what it does: `feeds status` reads no text, so what reads texts stays on the disk.
"""

import importlib
import sys
from collections.abc import Callable, Mapping


def names(package: str, homes: Mapping[str, tuple[str, ...]]) -> Callable[[str], object]:
    """Return a module's `__getattr__` for names that lie in modules of its package: `{module: names}`."""
    home_of = {name: home for home, those in homes.items() for name in those}

    def named(name: str) -> object:
        home = home_of.get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found: object = getattr(importlib.import_module(f"{package}.{home}"), name)
        setattr(sys.modules[package], name, found)  # asked once
        return found

    return named
