"""What an entry is about: its language, its regions and its themes, each by its own stage."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from feeds import language, party, regions, text, themes
from feeds.model import Entry, Source, Tags
from feeds.regions import Custom
from feeds.themes import Vocabulary

# Salience decays along a text (PEERS.md): what stands beyond this repeats what was said before it.
MAX_TAGGED_CHARS = 6_000
# A tenth of markup is text at the worst; what a publisher pads further is not read.
_MAX_MARKUP_CHARS = 10 * MAX_TAGGED_CHARS


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
    custom: Custom = field(default_factory=Custom)
    party: str | None = None  # the country the source or the language speaks for, unnamed in what it did

    @property
    def tags(self) -> Tags:
        """The tags without the evidence, as they are stored and published."""
        places = regions.tags(self.regions)
        if self.party is not None:
            # "The head of state received the ambassador of Brazil", says a presidency: of its own state.
            above = regions.above(self.party, self.custom)
            places = replace(
                places,
                countries=tuple(dict.fromkeys((*places.countries, self.party))),
                primary=(*places.primary, self.party),
                regions=tuple(dict.fromkeys((*places.regions, *above))),
                mentioned=tuple(dict.fromkeys((*places.mentioned, *above))),
            )
        return replace(
            places,
            language=self.language,
            themes=self.themes.themes,
            kinds=self.themes.kinds,
            scores={**places.scores, **dict(self.themes.scores)},
        )


def plain(found: Entry) -> str:
    """Return the plain text that stands for a normalized entry: of its summary or content, the longer."""
    markup = max(found.summary or "", found.content or "", key=len)
    if len(markup) > _MAX_MARKUP_CHARS:
        markup = markup[:_MAX_MARKUP_CHARS]
        if (opened := markup.rfind("<")) > markup.rfind(">"):  # not half a tag
            markup = markup[:opened]
    return text.from_html(markup)[:MAX_TAGGED_CHARS]


def readings(found: Entry, *, body: str, source: Source | None, wordlist: Wordlist, now: datetime) -> Readings:
    """Return all that the stages found in a normalized entry with this `body`, as `all_readings` does."""
    return all_readings((found,), bodies=(body,), source=source, wordlist=wordlist, now=now)[0]


def all_readings(
    entries: Sequence[Entry], *, bodies: Sequence[str], source: Source | None, wordlist: Wordlist, now: datetime
) -> tuple[Readings, ...]:
    """Return all that the stages found in normalized entries of a source, each with its body, in their order.

    The source's language and home count as the editor says.
    """
    hint = source.language if source is not None and source.language else None
    texts = [
        _Text(
            title=entry.title,
            body=body,
            hint=hint or entry.language,
            home=source.country if source is not None and source.home else None,
            when=entry.published or now,
            based=source.country if source is not None else None,
        )
        for entry, body in zip(entries, bodies, strict=True)
    ]
    return _read(texts, wordlist)


def read(
    *, title: str, body: str, hint: str | None, home: str | None, when: datetime | None, wordlist: Wordlist
) -> Readings:
    """Return all that the stages find in a title and a plain text."""
    return _read((_Text(title=title, body=body, hint=hint, home=home, when=when),), wordlist)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """What is read of an entry, and what its source says of it."""

    title: str
    body: str
    hint: str | None
    home: str | None
    when: datetime | None
    based: str | None = None  # where the publisher is


def _read(texts: Sequence[_Text], wordlist: Wordlist) -> tuple[Readings, ...]:
    """Read stage by stage: each finds its vocabulary in the CPU's caches, a third less time than entry by entry."""
    spoken = [language.identify(f"{one.title}\n{one.body}", hint=one.hint) for one in texts]
    places = [
        regions.read(
            title=one.title,
            text=one.body,
            language=said,
            home=one.home,
            when=one.when,
            custom=wordlist.regions,
            identified=True,
        )
        for one, said in zip(texts, spoken, strict=True)
    ]
    return tuple(_themed(one, said, where, wordlist) for one, said, where in zip(texts, spoken, places, strict=True))


def _themed(text: _Text, spoken: str | None, places: regions.Reading, wordlist: Wordlist) -> Readings:
    """Return the readings of a text whose places are known."""
    speaker = party.speaker(home=text.home, based=text.based, spoken=spoken)
    silent = speaker if speaker is not None and speaker.state not in places.primary else None
    named = party.named(places, text.title)
    # An act takes two: who speaks is the other where one is named, surely so at home.
    actors = named + (silent is not None and named == 1)
    found = themes.read(
        title=text.title,
        text=text.body,
        language=spoken,
        actors=actors,
        led=party.led(places, text.title),
        parties=named if text.home is None else actors,
        words=wordlist.themes,
    )
    acts = silent is not None and party.acts(
        silent, title=text.title, body=text.body, parties=named, places=places, found=found
    )
    if party.RELATIONS in found.themes:
        places = regions.related(places, custom=wordlist.regions)
    return Readings(
        language=spoken,
        regions=places,
        themes=found,
        custom=wordlist.regions,
        party=silent.state if silent is not None and acts and silent.state not in places.primary else None,
    )
