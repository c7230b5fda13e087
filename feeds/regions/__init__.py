"""Where in the world an entry is: countries named, countries it is about, regions, a point.

    reading = regions.read(title=..., text=..., language="kk")
    entry_tags = regions.tags(reading)

fold (folding) -> candidates (matching, by the lexicon of the language) -> evidence (tagger) -> Reading (salience).
The vocabularies are files of feeds/data/regions; its README says how they are written.
"""

import difflib
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from feeds import lazily, model
from feeds.regions import world
from feeds.regions.leaders import stale
from feeds.regions.reading import Custom, Evidence, Mention, Reading, Region

if TYPE_CHECKING:
    from feeds.regions.salience import related
    from feeds.regions.tagger import read
else:
    __getattr__ = lazily.names(__name__, {"salience": ("related",), "tagger": ("read",)})

__all__ = [
    "Custom",
    "Evidence",
    "Mention",
    "Reading",
    "Region",
    "above",
    "categories",
    "known",
    "label",
    "members",
    "nearest",
    "read",
    "related",
    "stale",
    "tags",
]

_NO_CUSTOM = Custom()


def tags(reading: Reading) -> model.Tags:
    """Return a reading as the tags of an entry; themes are left to their stage."""
    return model.Tags(
        language=reading.language,
        countries=reading.countries,
        primary=reading.primary,
        regions=reading.regions,
        mentioned=reading.mentioned,
        scores={mention.country.lower(): mention.score for mention in reading.mentions},
        point=reading.point,
    )


def known(custom: Custom = _NO_CUSTOM) -> frozenset[str]:
    """Return every slug a query may name: countries, subdivisions, M49 groups, the editor's sets."""
    return _shipped() | frozenset(custom.sets)


@cache
def _shipped() -> frozenset[str]:
    own = (code.lower() for code in (*world.countries(), *world.subdivisions()))
    return frozenset(own) | frozenset(world.groups())


def members(slug: str, custom: Custom = _NO_CUSTOM) -> frozenset[str]:
    """Return the countries (alpha-2) of a group or of an editor's set; none for a slug nobody knows."""
    if region := custom.sets.get(slug):
        return region.members
    return frozenset(code for code, country in world.countries().items() if slug in country.above)


def nearest(slug: str, custom: Custom = _NO_CUSTOM) -> tuple[str, ...]:
    """Return the known slugs most like a mistaken one, best first.

    A country may be called by any name that a text may call it by: `iran`, `kazakh`, `Қазақстан`.
    """
    name = slug.replace("-", " ")
    from feeds.regions.tagger import read  # noqa: PLC0415 the lexicons, which a query without mistakes does not need

    for written in (name, name.upper()):  # `usa` is a name in capitals only
        if called := read(title=written, custom=custom).countries:
            return tuple(code.lower() for code in called)[:3]
    by_name = {country.name.lower(): code.lower() for code, country in world.countries().items()}
    slugs = sorted(one for one in known(custom) if "-" not in one or one[:2].upper() not in world.countries())
    close = difflib.get_close_matches(slug.lower(), [*by_name, *slugs, *world.groups()], n=4, cutoff=0.7)
    return tuple(dict.fromkeys(by_name.get(one, one) for one in close))[:3]


def label(slug: str, *, language: str = "en", custom: Custom = _NO_CUSTOM) -> str | None:
    """Return the name of a slug in a language; `None` for one that nobody knows."""
    if region := custom.sets.get(slug):
        return region.label
    return world.label(slug, language)


def above(country: str, custom: Custom = _NO_CUSTOM) -> tuple[str, ...]:
    """Return the slug of a country (ISO 3166-1 alpha-2) and of all that lies above it, the editor's sets included."""
    known = world.countries().get(country)
    own = (slug for slug, region in custom.sets.items() if country in region.members)
    return country.lower(), *(() if known is None else known.above), *own


def categories(
    slugs: Iterable[str], *, language: str = "en", custom: Custom = _NO_CUSTOM
) -> tuple[model.Category, ...]:
    """Return slugs as categories: ISO 3166 codes or M49 numbers as terms, labels in the language."""
    return tuple(
        model.Category(term=term, scheme=scheme, label=label(slug, language=language, custom=custom))
        for slug in slugs
        for scheme, term in [_coded(slug, custom)]
    )


def _coded(slug: str, custom: Custom) -> tuple[str, str]:
    if slug in custom.sets:
        return model.REGION, slug
    if group := world.groups().get(slug):
        return model.M49, group.number
    return (model.ISO_3166_1 if len(slug) == 2 else model.ISO_3166_2), slug.upper()
