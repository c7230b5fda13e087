"""The second set written apart is well formed; what is made of it is told by bench/apart.py --cases apart2."""

import json
from datetime import datetime
from pathlib import Path

import pytest

DATA = Path(__file__).parent / "data"


def load(folder):
    return [json.loads(line) for line in (DATA / folder / "apart2.jsonl").read_text("utf-8").splitlines()]


def are_codes(codes):
    return all(len(code) == 2 and code.isupper() for code in codes)


@pytest.mark.parametrize("folder", ["regions", "topics", "dedupe"])
def test_every_case_has_an_id_of_its_own_and_a_note(folder):
    cases = load(folder)

    assert len(cases) == len({case["id"] for case in cases})
    assert all(case["note"] for case in cases)


def test_what_a_text_is_about_it_names():
    for case in load("regions"):
        assert are_codes({*case["countries"], *case.get("optional", ())}), case["id"]
        assert set(case["primary"] or ()) <= set(case["countries"]), case["id"]


def test_what_a_switch_decides_is_off_by_default():
    for item in load("topics"):
        assert are_codes(item["primary"]), item["id"]
        assert not (item["ca_diplomacy"] and "switch" in item), item["id"]


def test_pairs_are_two_texts_in_the_order_of_their_time():
    for pair in load("dedupe"):
        first, second = pair["a"], pair["b"]
        assert pair["label"] in {"same_item", "same_story", "different"}, pair["id"]
        assert datetime.fromisoformat(first["published"]) <= datetime.fromisoformat(second["published"]), pair["id"]
        assert (first["title"], first["text"]) != (second["title"], second["text"]), pair["id"]
