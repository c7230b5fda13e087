"""Traditional Chinese characters as the simplified ones they stand for, so that one text in either is one text."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

_HAN = re.compile("[\u3400-\u9fff]")


def simplify(written: str) -> str:
    """Return the text with each traditional character as its simplified one; its length stays.

    For comparing, never for showing: one simplified character may stand for several. Japanese loses nothing by it,
    as long as both sides of a comparison are simplified.
    """
    return written.translate(_simplified()) if _HAN.search(written) else written


@cache
def _simplified() -> Mapping[int, str]:
    pairs = resources.files("feeds").joinpath("data/han.txt").read_text(encoding="utf-8").split()
    return {ord(pair[0]): pair[1] for pair in pairs}
