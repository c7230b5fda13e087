"""What an entry is about: its language, its regions and its themes, each by its own stage."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from feeds import language, regions, text, themes
from feeds.model import Entry, Source, Tags
from feeds.regions import Custom
from feeds.themes import Vocabulary

# Salience decays along a text (PEERS.md): what stands beyond this repeats what was said before it.
MAX_TAGGED_CHARS = 6_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wordlist:
    """What the editor adds to the shipped vocabularies, or takes out of them."""

    regions: Custom = field(default_factory=Custom)
    themes: Vocabulary = field(default_factory=Vocabulary)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """What the stages found, with their evidence, for `feeds explain`."""

    language: str | None
    regions: regions.Reading
    themes: themes.Reading

    @property
    def tags(self) -> Tags:
        """The tags without the evidence, as they are stored and published."""
        places = regions.tags(self.regions)
        return replace(
            places,
            language=self.language,
            themes=self.themes.themes,
            kinds=self.themes.kinds,
            scores={**places.scores, **dict(self.themes.scores)},
        )


def entry(found: Entry, *, source: Source | None, wordlist: Wordlist, now: datetime) -> Tags:
    """Return the tags of a normalized entry; the source's language and home count as the editor says."""
    return readings(found, source=source, wordlist=wordlist, now=now).tags


def readings(found: Entry, *, source: Source | None, wordlist: Wordlist, now: datetime) -> Readings:
    """Return all that the stages found in a normalized entry."""
    longest = max(found.summary or "", found.content or "", key=len)
    return read(
        title=found.title,
        body=text.from_html(longest)[:MAX_TAGGED_CHARS],
        hint=source.language if source is not None and source.language else found.language,
        home=source.country if source is not None and source.home else None,
        when=found.published or now,
        wordlist=wordlist,
    )


def read(
    *, title: str, body: str, hint: str | None, home: str | None, when: datetime | None, wordlist: Wordlist
) -> Readings:
    """Return all that the stages find in a title and a plain text."""
    spoken = language.identify(f"{title}\n{body}", hint=hint)
    places = regions.read(title=title, text=body, language=spoken, home=home, when=when, custom=wordlist.regions)
    return Readings(
        language=spoken,
        regions=places,
        themes=themes.read(title=title, text=body, language=spoken, actors=_actors(places), words=wordlist.themes),
    )


def _actors(places: regions.Reading) -> int:
    """Return how many countries and organisations the title names: two make an act between them likely."""
    seen = (found for mention in places.mentions for found in mention.evidence)
    return len({found.key for found in seen if found.field == "title" and found.counted and found.key})
