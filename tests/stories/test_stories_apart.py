"""Tellings written before anything was tuned on them: events of one kind, each told by several outlets."""

import json
from collections import Counter
from datetime import datetime
from itertools import combinations
from pathlib import Path

from feeds import group

ROWS = list(map(json.loads, (Path(__file__).parents[1] / "data/stories/apart.jsonl").read_text("utf-8").splitlines()))


def test_every_event_has_two_tellings_and_stands_beside_another_of_its_kind():
    events = Counter(row["event"] for row in ROWS)

    assert 2 <= min(events.values())
    assert all({f"{event[:-1]}A", f"{event[:-1]}B"} <= set(events) for event in events)


def test_tellings_in_other_words_are_found_and_unrelated_events_stay_apart():
    rows = sorted(
        ({**row, "ts": datetime.fromisoformat(row["published"]).timestamp()} for row in ROWS),
        key=lambda row: (row["ts"], row["id"]),
    )
    story = {one.id: one.story for one in group.group(rows)}
    hits = wrong = missed = strange = 0
    for first, second in combinations(rows, 2):
        same, together = first["event"] == second["event"], story[first["id"]] == story[second["id"]]
        if first["event"][:-1] != second["event"][:-1]:
            strange += together
        else:
            hits, wrong, missed = hits + (same and together), wrong + (together > same), missed + (same > together)

    assert hits / (hits + missed) >= 0.54  # .30 before evidence was weighed, .60 now
    assert hits / (hits + wrong) >= 0.62  # .57, .68
    assert strange <= 7  # 16, 4
