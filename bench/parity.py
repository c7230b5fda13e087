"""Whether both ways of parsing read the documents of folders alike, and how many take the fast one.

    python bench/parity.py ../shared/corpus/feeds CHECKOUT_OF_FEEDPARSER CHECKOUT_OF_GOFEED

Every .xml, .rss and .atom file below a folder is read by lxml where it is plain enough for that, and by feedparser; the
two have to give the same feed. Ends with 1 where one document is read in two ways.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from feeds.parse import bounds, encoding, lenient, repair, strict  # noqa: E402 after the path is set


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folders", nargs="+", type=Path)
    differing = 0
    for folder in asked.parse_args().folders:
        documents, fast = 0, 0
        for path in sorted(one for one in folder.rglob("*") if one.suffix in {".xml", ".rss", ".atom"}):
            documents += 1
            text = encoding.decode(path.read_bytes()).lstrip("\ufeff \t\r\n\0")
            text = bounds.bounded(repair.mend(text))[0] if repair.ROOTS.search(text) else ""
            read = strict.feed(text) if text else None
            if read is None:
                continue
            fast += 1
            if read != lenient.feed(text, source=path.stem):
                differing += 1
                print(f"{path.relative_to(folder)} is read in two ways")
        print(f"{folder.name}: {documents} documents, {fast} by the fast way")
    print(f"{differing} are read in two ways")
    return min(differing, 1)


if __name__ == "__main__":
    sys.exit(main())
