"""docs/politeness.md names a test for every promise; the tests must be there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_promise_names_a_test_that_exists():
    written = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "politeness.md").read_text("utf-8")))
    sources = [
        path
        for folder in ("farm", "cadence", "fetch", "parse", "normalize", "readers")
        for path in (ROOT / "tests" / folder).glob("test_*.py")
    ]
    there = {name for path in sources for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)}

    assert set() == written - there
    assert len(written) > 40


def test_every_promise_names_a_test():
    text = (ROOT / "docs" / "politeness.md").read_text("utf-8")
    promises = [line for line in text.splitlines() if line.startswith("- ")]

    assert [] == [line for line in promises if "`test_" not in line]
