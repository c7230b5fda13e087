"""Which country a word names, by its stem, in the languages of stories.toml: a country is one term in all of them.

The forms are the generated ones of feeds/data/regions; names of several words are left to the tags.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Stem of a word, or two Han characters a name begins with -> ISO 3166 code."""

    countries: dict[str, str]
    capitals: dict[str, str]


def read(languages: Iterable[str], *, stem: Callable[[str], str | None]) -> Places:
    """Return the places as the languages (BCP 47) name them; forms of which `stem` makes nothing are left out."""
    wanted = frozenset(languages)
    countries = {made: code for form, code in _forms("names.tsv", wanted) if (made := stem(form))}
    capitals = {made: code for form, code in _forms("capitals.tsv", wanted) if (made := stem(form))}
    return Places(
        countries=countries, capitals={made: code for made, code in capitals.items() if made not in countries}
    )


def _forms(name: str, languages: frozenset[str]) -> Iterator[tuple[str, str]]:
    table = resources.files("feeds").joinpath("data/regions/generated", name).read_text(encoding="utf-8")
    for line in table.splitlines():
        language, code, *_, forms = line.split("\t")
        if language in languages and not code.isdigit():  # a continent is where many countries are
            yield from ((form, code) for form in forms.split("|"))
