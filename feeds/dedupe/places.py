"""Countries and capitals in the scripts that have no capitals, which alone would show a name.

The forms are the generated ones of feeds/data/regions; two forms of one place stand for one word.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from feeds import han, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What stands for a place: folded words between spaces, and runs of Han or kana with simplified characters."""

    spaced: dict[str, str]
    unspaced: dict[str, str]
    attached: tuple[str, ...]  # what is written together with the word after it

    def spaced_place(self, folded: str) -> str | None:
        """Return which place a folded word names, if any, with or without what is attached."""
        found = self.spaced.get(folded)
        if found is None and folded.startswith(self.attached):
            found = self.spaced.get(folded[1:])
            if found is None and folded.startswith("لل"):  # the article loses its alif after li-
                found = self.spaced.get("ا" + folded[1:])
        return found

    def unspaced_names(self) -> str:
        """Return a pattern of the unspaced names, the longest first; looked for only where one may begin."""
        first, second = ("".join(sorted({name[at] for name in self.unspaced})) for at in (0, 1))
        names = sorted(self.unspaced, key=lambda name: (-len(name), name))
        return f"(?=[{first}][{second}])(?:{'|'.join(names)})"


@cache
def known(spaced: tuple[str, ...], unspaced: tuple[str, ...], attached: tuple[str, ...]) -> Places:
    """Return the places as the languages (BCP 47) name them, written with spaces or without."""
    words = (
        (text.fold(form), place) for form, place in _forms(spaced) if form.isalpha() and form.upper() == form.lower()
    )
    runs = (
        (han.simplify(form), place)
        for form, place in _forms(unspaced)
        if len(form) > 1 and form.isalpha() and form > "\u3040"
    )
    return Places(spaced=_first(words), unspaced=_first(runs), attached=attached)


def _first(forms: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return by form the place named first: a country before a capital of the same name."""
    found: dict[str, str] = {}
    for form, place in forms:
        found.setdefault(form, place)
    return found


def _forms(languages: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for code, forms in _rows("names.tsv", languages):
        if not code.isdigit():  # a continent is where many countries are
            yield from ((form, code) for form in forms.split("|"))
    for code, name, form in _rows("capitals.tsv", languages):
        yield form, f"{code} {name}"


def _rows(name: str, languages: tuple[str, ...]) -> Iterator[list[str]]:
    table = resources.files("feeds").joinpath("data/regions/generated", name).read_text(encoding="utf-8")
    for line in table.splitlines():
        language, *rest = line.split("\t")
        if language in languages:
            yield rest
