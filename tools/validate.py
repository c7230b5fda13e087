"""Run the W3C feed validator over a published folder: python tools/validate.py FOLDER SITE_URL.

It must be importable (PYTHONPATH=<checkout of w3c/feedvalidator>/src). Exit 1 when it has anything to say.
"""

import sys
from pathlib import Path

import feedvalidator
from feedvalidator import compatibility
from feedvalidator.formatter.text_plain import Formatter

FORMS = {".atom", ".xml", ".opml"}


def main(folder: str, site_url: str) -> int:
    """Print every error and warning."""
    checked = complaints = 0
    for path in sorted(path for path in Path(folder).rglob("*") if path.suffix in FORMS):
        address = site_url + path.relative_to(folder).as_posix()
        events = feedvalidator.validateString(path.read_text("utf-8"), firstOccurrenceOnly=1, base=address)
        said = list(Formatter(compatibility.AA(events["loggedEvents"])))
        checked, complaints = checked + 1, complaints + len(said)
        for line in said:
            print(f"{path}: {line}")
    print(f"{checked} documents, {complaints} complaints")
    return 1 if complaints or not checked else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
