"""Writes feeds/data/han.txt: each traditional Chinese character that has a simplified one, and that one.

    make han

Source: the character table of OpenCC (PyPI opencc-python-reimplemented, Apache 2.0). Of several simplified ones the
first counts. What is beyond the Basic Multilingual Plane is left out: news does not write it.
"""

import importlib.util
from pathlib import Path

OUT = Path(__file__).parents[1] / "feeds" / "data" / "han.txt"
ROW = 30


def main() -> None:
    """Write the table."""
    package = importlib.util.find_spec("opencc")
    if package is None or package.origin is None:
        raise SystemExit("run `make han`, which brings the package")
    table = Path(package.origin).with_name("dictionary") / "TSCharacters.txt"
    rows = (line.split() for line in table.read_text(encoding="utf-8").splitlines())
    pairs = sorted(row[0] + row[1] for row in rows if row[0] != row[1] and max(map(ord, row[0] + row[1])) < 0x10000)
    lines = (" ".join(pairs[at : at + ROW]) for at in range(0, len(pairs), ROW))
    OUT.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
