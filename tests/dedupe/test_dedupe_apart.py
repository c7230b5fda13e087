"""Pairs written apart from the thresholds: what they say is well formed, and most of them are judged right."""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds import dedupe
from feeds.model import Entry

FOLDER = Path(__file__).parents[1] / "data/dedupe"


def read(name):
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]


PAIRS, SECOND, THIRD = read("apart.jsonl"), read("apart2.jsonl"), read("apart3.jsonl")  # by three authors
OURS, SAID = read("ours.jsonl"), read("said.jsonl")  # by the author of what is tested: a floor, no proof
NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)
# F1 at least, other pairs merged at most; first measured .86, .93, .85; with causes put right .97, .98, .93
FLOOR, MERGED = 0.92, 0.02


def sketched(side):
    return dedupe.sketch(Entry(id="", title=side["title"], summary=side["text"]))


def is_same(first, second):
    index = dedupe.Index()
    index.add("first", sketched(first), NOW)
    return index.find(sketched(second), NOW) is not None


def test_pairs_are_well_formed():
    for pair in PAIRS:
        assert pair["label"] in {"same_item", "same_story", "different"}, pair["id"]
        assert "" not in (pair["note"], *pair["a"].values(), *pair["b"].values()), pair["id"]
        begun, ended = (datetime.fromisoformat(pair[side]["published"]) for side in "ab")
        assert begun.tzinfo, pair["id"]
        assert begun <= ended, pair["id"]
        assert (pair["a"]["title"], pair["a"]["text"]) != (pair["b"]["title"], pair["b"]["text"]), pair["id"]
    assert len(PAIRS) == len({pair["id"] for pair in PAIRS})


@pytest.mark.parametrize("pairs", [OURS, SAID], ids=["hard ones", "the same said otherwise"])
def test_no_look_alike_of_our_own_is_merged_and_most_copies_are_found(pairs):
    judged = [(pair["label"] == "same_item", is_same(pair["a"], pair["b"])) for pair in pairs]

    assert (False, True) not in judged
    assert judged.count((True, True)) >= 0.7 * sum(wanted for wanted, _ in judged)


def test_pairs_cover_the_labels_and_the_languages():
    labels, languages = Counter(pair["label"] for pair in PAIRS), Counter(pair["lang"] for pair in PAIRS)

    assert (True, True, True) == (labels["same_item"] >= 120, labels["same_story"] >= 90, labels["different"] >= 110)
    assert len(languages) >= 13


@pytest.mark.parametrize("pairs", [PAIRS, SECOND, THIRD], ids=["first author", "second author", "third author"])
def test_most_pairs_are_judged_right(pairs):
    judged = [(pair["label"] == "same_item", is_same(pair["a"], pair["b"])) for pair in pairs]
    hits = sum(wanted and found for wanted, found in judged)
    wrong = sum(found and not wanted for wanted, found in judged)

    assert 2 * hits / (sum(wanted for wanted, _ in judged) + hits + wrong) >= FLOOR
    assert wrong <= MERGED * sum(not wanted for wanted, _ in judged)


@pytest.mark.parametrize("pairs", [PAIRS, SECOND, THIRD], ids=["first author", "second author", "third author"])
def test_a_copy_with_a_number_changed_is_another_entry_wherever_its_sentences_stand(pairs):
    judged = [
        is_same(pair["a"], {key: re.sub(rf"(?<!\d){number}(?!\d)", changed, said) for key, said in pair["b"].items()})
        for pair in pairs
        if pair["label"] == "same_item"
        for number in dict.fromkeys(re.findall(r"(?<![\d.,:/-])[1-9]\d{1,4}(?![\d.,:/-]*\d)", pair["b"]["text"]))
        if re.search(rf"(?<!\d){number}(?!\d)", pair["a"]["text"])
        and (changed := str(int(number) + 7)) not in pair["a"]["text"]
    ]

    assert sum(judged) <= 0.05 * len(judged)  # datelines of copies, and numbers counted otherwise
