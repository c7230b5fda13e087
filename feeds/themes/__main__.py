"""For who writes a vocabulary: check a file, or see what a headline yields."""

import sys
from pathlib import Path

from feeds.themes import read
from feeds.themes.vocabulary import terms


def main(arguments: list[str]) -> int:
    """`FILE...` checks files; `--language TAG HEADLINE...` reads headlines."""
    if arguments[:1] == ["--language"]:
        for headline in arguments[2:]:
            reading = read(title=headline, language=arguments[1])
            sys.stdout.write(f"{headline}\n  {', '.join(reading.themes + reading.kinds) or '-'}\n")
            for found in reading.evidence:
                sys.stdout.write(f"  {found.adds:+.1f} {found.slug}: {found.term} ({found.matched})\n")
        return 0
    failed = 0
    for name in arguments:
        try:
            count = len(tuple(terms(Path(name).read_text("utf-8").splitlines())))
            sys.stdout.write(f"{name}: {count} terms\n")
        except ValueError as exc:
            failed = 1
            sys.stdout.write(f"{name}: {exc}\n")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
