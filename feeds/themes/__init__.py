"""What entries are about: themes and kinds, by vocabularies that editors can read and change.

vocabulary  a language's file, its marks of inflection, one automaton
reading     title and text to themes with their evidence
"""

from typing import TYPE_CHECKING

from feeds import lazily
from feeds.themes.vocabulary import Change, Vocabulary, languages, rules

if TYPE_CHECKING:
    from feeds.themes.reading import Evidence, Reading, read
else:
    __getattr__ = lazily.names(__name__, {"reading": ("Evidence", "Reading", "read")})

__all__ = ["Change", "Evidence", "Reading", "Vocabulary", "kinds", "label", "languages", "read", "slugs"]


def slugs() -> frozenset[str]:
    """Return the shipped themes."""
    return frozenset(rules().themes)


def kinds() -> frozenset[str]:
    """Return the shipped kinds."""
    return frozenset(rules().kinds)


def label(slug: str) -> str:
    """Return the English name of a theme or kind; of one that is not shipped, the slug."""
    return rules().themes.get(slug) or rules().kinds.get(slug.removeprefix("kind:")) or slug
