"""Items written apart from the vocabularies and the rules: what they say is well formed, and most are judged right."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from feeds import query, tagging
from feeds.model import Entry, Held

ROOT = Path(__file__).parents[2]


def items(name):
    return [json.loads(line) for line in (ROOT / f"tests/data/topics/{name}.jsonl").read_text("utf-8").splitlines()]


ITEMS, THIRD, FOURTH, FIFTH, SIXTH = (items(name) for name in ("apart", "apart3", "apart4", "apart5", "apart6"))
# What states do to each other besides talking, and what looks alike: written before a vocabulary was opened.
ACTS = items("acts")
THEMES = {
    "diplomacy", "security", "economy-trade", "energy", "transport", "water-climate", "politics-domestic", "rights-law",
    "society", "culture", "sport", "disaster-weather", "science-tech", "health", "crime",
}  # fmt: skip
NOW = datetime(2026, 11, 1, tzinfo=UTC)
# Central Asia diplomacy, F1 and precision; to be raised by those who improve it. First measured, before anything was
# changed for them: .82 and .95, the third .904 and .938, the fourth .862 and .959, the fifth .873 and .948,
# the acts .858 and .980; the sixth .943 and 1.000 without what a switch decides, read once, when all else was done.
FLOORS = {
    "first": (ITEMS, 0.95, 0.95), "third": (THIRD, 0.95, 0.95), "fourth": (FOURTH, 0.95, 0.95),
    "fifth": (FIFTH, 0.95, 0.95),
    "sixth": (SIXTH, 0.93, 0.93),
    "acts": (ACTS, 0.95, 0.95),
}  # fmt: skip


@pytest.mark.parametrize(
    "items",
    [ITEMS, THIRD, FOURTH, FIFTH, SIXTH, ACTS],
    ids=["first", "third", "fourth", "fifth", "sixth", "acts"],
)
def test_items_are_well_formed(items):
    for item in items:
        assert "" not in (item["title"], item["text"], item["note"], item["source_country"]), item["id"]
        assert set(item["themes"]) <= THEMES, item["id"]
        assert isinstance(item["ca_diplomacy"], bool), item["id"]
        assert not (item["ca_diplomacy"] and "switch" in item), item["id"]
        assert all(len(code) == 2 and code.isupper() for code in item["primary"]), item["id"]
    assert len(items) == len({item["id"] for item in items})


def test_items_cover_the_themes_the_languages_and_both_verdicts():
    themes = Counter(theme for item in ITEMS for theme in item["themes"])

    assert all(themes[theme] >= 12 for theme in THEMES)
    assert len({item["lang"] for item in ITEMS}) >= 12
    assert 0.35 <= sum(item["ca_diplomacy"] for item in ITEMS) / len(ITEMS) <= 0.45


@pytest.mark.parametrize(("items", "f1", "precision"), FLOORS.values(), ids=FLOORS)
def test_most_items_are_judged_right(items, f1, precision):
    topics = yaml.safe_load((ROOT / "config.yaml").read_text("utf-8"))["topics"]
    asked = query.parse(next(topic["match"] for topic in topics if topic["slug"] == "central-asia-diplomacy"))
    hits = found = 0
    for item in items:
        tags = tagging.read(
            title=item["title"], body=item["text"], hint=item["lang"], home=item.get("home"), when=NOW,
            wordlist=tagging.Wordlist(),
        ).tags  # fmt: skip
        entry = Entry(id=item["id"], title=item["title"], summary=item["text"])
        selected = query.matches(asked, Held(entry=entry, source="s", first_seen=NOW, changed=NOW, tags=tags))
        found += selected
        hits += selected and item["ca_diplomacy"]
    wanted = sum(item["ca_diplomacy"] for item in items)

    assert 2 * hits / (found + wanted) >= f1
    assert hits / found >= precision
