"""A pass that finds nothing changed ends at once, in whatever process."""

import os
import subprocess
import sys

import msgspec

from feeds import themes

PROGRAM = (
    "from pathlib import Path; from feeds.press import ground\n"
    "print(ground.said((frozenset({'AZ', 'IR', 'KZ', 'RU', 'TM'}), {'b': 1, 'a': Path('x')})))"
)


def test_the_configuration_says_the_same_in_every_process():
    said = {
        subprocess.check_output(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": "."},
            text=True,
        )
        for seed in range(3)
    }

    assert 1 == len(said)


def test_what_a_vocabulary_has_read_so_far_is_not_what_it_says():
    words = themes.Vocabulary()
    before = msgspec.json.encode(words)

    words.language("en")

    assert before == msgspec.json.encode(words)
