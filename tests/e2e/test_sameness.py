"""What is published does not depend on the machine; `make same` asks every Python that there is."""

import sys
from pathlib import Path

import pytest

from bench import sameness


@pytest.mark.slow
def test_another_locale_zone_umask_and_number_of_processors_publish_the_same_bytes(tmp_path: Path):
    found = [tree for _, _, tree in sameness.trees([sys.executable], None, tmp_path)]

    assert 2 == len(found)
    assert {"index.html", "central-asia-diplomacy.atom.gz", "archive/central-asia-diplomacy/2026-11.xml"} <= found[
        0
    ].keys()
    assert [] == sameness.differences(*found)
