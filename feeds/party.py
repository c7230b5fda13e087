"""Whose act it is where the text need not say: its source's own state's, or the one state's of its language."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from feeds import language, regions, text, themes
from feeds.query import plain

# Without a title the beginning of the text stands in for it.
UNTITLED_CHARS = 200
# "Three neighbours strike a bargain": the first sentence says who; four or more countries in it are a list.
OPENING_CHARS = 160
MOST_OPENING = 3
# The theme that takes two.
RELATIONS = "diplomacy"
TWO = 2
# The themes and kinds of a state's own offices, which its press need not call by its name.
OFFICES = frozenset({"politics-domestic", "kind:leader"})
# "the president of the Italian Republic": no longer word stands between an office and whose it is.
_LONGEST_BETWEEN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """The state that need not be named: of the source, where an editor says it speaks from home, or of the language."""

    state: str
    home: bool


def speaker(*, home: str | None, based: str | None, spoken: str | None) -> Speaker | None:
    """Return who speaks in a text; `based` is where its publisher is, `None` if nobody said."""
    if home is not None:
        return Speaker(state=home, home=True)
    state = language.state(spoken)
    return Speaker(state=state, home=False) if state is not None and based in {None, state} else None


def named(places: regions.Reading, title: str) -> int:
    """Return between how many countries and organisations an act is.

    Those the title names, or it and the first sentence if they are no list; or those it is about, if they are more.
    """
    organisations = (found for found in places.passed if found.kind == "organisation")
    titled = {found.key for found in chain(_countries(places), organisations) if _is_first(found, title)}
    opening = {found.key for found in _countries(places) if found.field == "title" or found.offset < OPENING_CHARS}
    return max(len(titled), len(places.primary), len(opening) if len(opening) <= MOST_OPENING else 0)


def led(places: regions.Reading, title: str) -> bool:
    """Tell whether the title names a leader beside another country or another's leader."""
    titled = [found for found in _countries(places) if _is_first(found, title)]
    return any(found.kind == "leader" for found in titled) and len({found.key for found in titled}) >= TWO


def _countries(places: regions.Reading) -> Iterator[regions.Evidence]:
    return (found for mention in places.mentions for found in mention.evidence if found.counted and found.key)


def _is_first(found: regions.Evidence, title: str) -> bool:
    return found.field == "title" if title.strip() else found.offset < UNTITLED_CHARS


def acts(
    silent: Speaker, *, title: str, body: str, parties: int, places: regions.Reading, found: themes.Reading
) -> bool:
    """Tell whether the speaker's state acts in a text that is not about it by name. `parties`: how many are named."""
    relations = RELATIONS in found.themes and bool(places.primary)
    if silent.home:
        # A presidency is a party to what it tells; news of two others are theirs, unless it is named or an office acts.
        lacks_one = parties < TWO or silent.state in places.countries
        return relations and (lacks_one or _somebody(title, body, places, found))
    lacks_one = len(places.primary) == 1 and (parties == 1 or silent.state in places.countries)
    if not places.primary:
        return not OFFICES.isdisjoint(chain(found.themes, (f"kind:{kind}" for kind in found.kinds)))
    # "Orusiya expels the diplomats" says whose act it is. Ours is with another, or an office of ours acts in it.
    office = any(one.slug in OFFICES and one.matched and one.adds > 0 for one in found.evidence)
    ours = office or language.with_another(places.language, text.words(title or body))
    others = frozenset(places.countries) - {silent.state}
    return relations and lacks_one and ours and len(others) == 1


def _somebody(title: str, body: str, places: regions.Reading, found: themes.Reading) -> bool:
    """Tell whether an office stands before every country, and is none of theirs: "The minister met the envoy of"."""
    before = _before_countries(title, body, places)
    follows = language.owner_follows(places.language)
    for office in (one.matched for one in found.evidence if one.slug in OFFICES and one.matched):
        place = before.find(f" {office}")
        if place < 0:
            continue
        between = before[place + 1 + len(office) :].partition(" ")[2].split()
        if not follows or any(len(word) > _LONGEST_BETWEEN for word in between):
            return True
    return False


def _before_countries(title: str, body: str, places: regions.Reading) -> str:
    """Return the words before the first name of a country or an organisation, as terms are compared."""
    counted = (found for mention in places.mentions for found in mention.evidence)
    seen = chain(counted, (found for found in places.passed if found.kind == "organisation"))
    begins = [(found.field == "text", found.offset) for found in seen]
    in_text, offset = min(begins, default=(True, len(body)))
    return f"{plain(title)}|{plain(body[:offset])}" if in_text else plain(title[:offset])
