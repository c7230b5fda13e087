"""What lies above and below a country: M49, subdivisions, places, and their names in every language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from feeds.regions import vocabulary

Point = tuple[float, float]  # latitude, longitude


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """An M49 group: a continent, a sub-region."""

    number: str
    slug: str
    parent: str | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """An ISO 3166-1 country: the slugs of the groups above it, nearest first, and where it is."""

    code: str
    name: str
    capital: str | None
    above: tuple[str, ...]
    point: Point | None


@cache
def groups() -> Mapping[str, Group]:
    """Return the M49 groups by slug."""
    found = {}
    for number, slug, parent, name in vocabulary.rows("generated/groups.tsv"):
        found[slug] = Group(number=number, slug=slug, parent=None if parent == "-" else parent, name=name)
    return found


@cache
def up(slug: str) -> tuple[str, ...]:
    """Return the slug of a group and of the groups above it, as a country's `above` has them: the world left out."""
    by_number = {group.number: group for group in groups().values()}
    found, group = list[str](), groups().get(slug)
    while group is not None and group.parent is not None:
        found.append(group.slug)
        group = by_number.get(group.parent)
    return tuple(found)


@cache
def countries() -> Mapping[str, Country]:
    """Return the countries by alpha-2 code."""
    slugs = {group.number: group.slug for group in groups().values()}
    found = {}
    for code, _, lat, lon, above, capital, name in vocabulary.rows("generated/world.tsv"):
        found[code] = Country(
            code=code,
            name=name,
            capital=None if capital == "-" else capital,
            above=() if above == "-" else tuple(slugs[number] for number in above.split(",")),
            point=None if lat == "-" else (float(lat), float(lon)),
        )
    return found


@cache
def subdivisions() -> Mapping[str, tuple[str, Point | None]]:
    """Return the ISO 3166-2 subdivisions by code: name, and the place of the biggest city."""
    return {
        code: (name, None if lat == "-" else (float(lat), float(lon)))
        for code, lat, lon, name in vocabulary.rows("generated/subdivisions.tsv")
    }


@cache
def _labels() -> Mapping[tuple[str, str], str]:
    return {
        (language, code): forms.split("|", 1)[0] for language, code, forms in vocabulary.rows("generated/names.tsv")
    }


# A language that another's names are written in.
_SAME = {"prs": "fa"}


@cache
def _written(language: str) -> Mapping[str, str]:
    """Return the names of countries as the words of a language have them: CLDR knows no Kazakh in Latin letters."""
    forms = (form for form in vocabulary.words(language).forms if form.section == "names" and not form.marks)
    found: dict[str, str] = {}
    for form in forms:
        found.setdefault(form.key, form.text.partition("/")[0])
    return found


def label(slug: str, language: str = "en") -> str | None:
    """Return the name of a country or group in a language, in English where that is not known.

    Subdivisions have their own name. `None`: no such slug.
    """
    if group := groups().get(slug):
        code = group.number
    elif (code := slug.upper()) in subdivisions():
        return subdivisions()[code][0]
    elif code not in countries():
        return None
    labels, base = _labels(), language.split("-", maxsplit=1)[0]
    if "-" in language and (language, code) not in labels and (found := _written(language).get(code)):
        return found
    for asked in (language, _SAME.get(base, base), "en"):
        if found := labels.get((asked, code)):
            return found
    return groups()[slug].name if slug in groups() else countries()[code].name
