"""A desk to publish from."""

from pathlib import Path

import pytest

from tests.press.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)
