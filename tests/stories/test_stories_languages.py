"""Events told in several languages: tellings stand together where names and numbers allow, events stay apart."""

import random
import tomllib
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

from feeds import stories

NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)
EVENTS = tomllib.loads((Path(__file__).parents[1] / "data/stories/languages.toml").read_text("utf-8"))["event"]
RECALL, PRECISION = 0.85, 0.94  # .94 and 1.00; before names were compared by themselves, one order gave .44 and .56


def told(seed):
    """The story of each (event, language), the tellings in a shuffled order."""
    tellings = [(number, lang, *text) for number, one in enumerate(EVENTS) for lang, text in one["tellings"].items()]
    random.Random(seed).shuffle(tellings)
    index = stories.Index()
    index.place(
        [
            stories.New(
                id=f"{number}{lang}",
                features=stories.of_text(title=title, body=body),
                when=NOW + timedelta(minutes=minute),
            )
            for minute, (number, lang, title, body) in enumerate(tellings)
        ]
    )
    return {(number, lang): index.story(f"{number}{lang}") for number, lang, *_ in tellings}


def test_one_event_in_several_languages_is_mostly_one_story():
    hits = wrong = missed = 0
    for seed in range(5):
        found = told(seed)
        for first, second in combinations(found, 2):
            same, together = first[0] == second[0], found[first] == found[second]
            hits, wrong, missed = hits + (same and together), wrong + (together > same), missed + (same > together)

    assert hits / (hits + missed) >= RECALL
    assert hits / (hits + wrong) >= PRECISION
