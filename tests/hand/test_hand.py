"""The file in which the editor's decisions stand."""

from datetime import UTC, datetime

import pytest

from feeds import hand
from feeds.curate import Decision
from feeds.errors import ConfigError

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def test_no_file_is_no_decisions(tmp_path):
    assert () == hand.load(tmp_path / "hand.yaml").decisions


def test_what_is_recorded_is_read_back(tmp_path):
    path = tmp_path / "hand.yaml"
    decision = Decision(
        at=AT,
        act="retag",
        entry="https://a.example/1",
        links=("https://A.example/One",),
        regions=("kz",),
        themes=(),
        by="Aigul",
    )
    hand.record(path, decision)

    assert (decision,) == hand.load(path).decisions


def test_recording_leaves_every_line_that_stands_there(tmp_path):
    path = tmp_path / "hand.yaml"
    before = "# Ours\n- {at: 2026-11-01, act: hide, entry: x}  # asked by phone"
    path.write_text(before, "utf-8")
    hand.record(path, Decision(at=AT, act="unhide", entry="x"))

    assert path.read_text("utf-8").startswith(before + "\n")


def test_a_region_counts_for_all_that_lies_above(tmp_path):
    path = tmp_path / "hand.yaml"
    path.write_text("- {at: 2026-11-01, act: retag, entry: x, regions: [KZ]}\n", "utf-8")

    assert {"kz", "central-asia", "asia"} <= set(hand.load(path).above["kz"])


def test_every_mistake_is_told_at_once(tmp_path):
    path = tmp_path / "hand.yaml"
    path.write_text(
        "- {at: 2026-11-01, act: pni, entry: x}\n- {act: pin, entry: x}\n- {at: 2026-11-01, act: hide}\n"
        "- {at: 2026-11-01, act: hide, entry: x, tpoic: y}\n",
        "utf-8",
    )
    with pytest.raises(ConfigError) as refused:
        hand.load(path)

    assert [
        "line 1: act is one of pin, unpin, hide, unhide, note, retag, hold, release, withdraw, not pni",
        "line 2: at is not a date",
        "line 3: hide of what? entry is missing",
        "line 4: does not know `tpoic`; did you mean `topic`?",
    ] == list(refused.value.mistakes)


def test_a_mistake_in_the_file_is_not_recorded_over(tmp_path):
    path = tmp_path / "hand.yaml"
    path.write_text("not: a list\n", "utf-8")
    with pytest.raises(ConfigError):
        hand.record(path, Decision(at=AT, act="pin", entry="x"))

    assert path.read_text("utf-8") == "not: a list\n"
