"""Compiles every lexicon and the model of languages, for an image or a folder that will not be writable later."""

import sys

from feeds.language import model
from feeds.regions import lexicon, vocabulary


def main() -> int:
    """Compile what is not compiled yet: some thirty seconds for all."""
    model.load()
    lexicon.keep(*lexicon.missing(vocabulary.languages() | frozenset(model.LANGUAGES)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
