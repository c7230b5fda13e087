"""Builds feeds/data/commonness.tsv: of each common word, what share of entries has it.

    pip install wordfreq==3.1.1 && python tools/commonness.py

From the frequencies of words that wordfreq counts over news, the web, books, subtitles and encyclopedias (Robyn
Speer, 2022; its data is CC BY-SA 4.0, and so is the table).
"""

import math
import sys
from collections import defaultdict
from pathlib import Path

import wordfreq

sys.path.insert(0, str(Path(__file__).parents[1]))

from feeds.stories import terms

OUT = Path(__file__).parents[1] / "feeds" / "data" / "commonness.tsv"
LANGUAGES = "en ru uk fa ar tr zh de fr es"  # of the region and of the world's agencies, as far as they are counted
WORDS_OF_AN_ENTRY = 40
RAREST = 9  # a stem in one of 2**9 entries; among rarer ones the entries of a window tell better


def main() -> None:
    """Write a line for each language and number of halvings: the stems that one in 2**halvings entries has."""
    lines = []
    for language in LANGUAGES.split():
        frequencies: defaultdict[str, float] = defaultdict(float)
        for word, frequency in wordfreq.get_frequency_dict(language, wordlist="small").items():
            for stem in terms.stems(word):
                frequencies[stem] += frequency
        classes = defaultdict(list)
        for stem, frequency in frequencies.items():
            share = 1 - (1 - min(frequency, 1.0)) ** WORDS_OF_AN_ENTRY
            if (halvings := round(-math.log2(share))) <= RAREST:
                classes[halvings].append(stem)
        lines += [f"{language}\t{halvings}\t{' '.join(sorted(found))}" for halvings, found in sorted(classes.items())]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
