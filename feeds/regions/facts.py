"""What is known of a form before any text is seen: worked out once, so that no entry pays for it."""

from dataclasses import dataclass

from feeds.regions.lexicon import BACKED, CAPITAL, CUED, EXACT, Sense

_TOWNS = frozenset({"city", "name", "namesake"})
_NAMED_AFTER = _TOWNS | {"people"}
_IN_TIME = frozenset({"leader"})  # what these say depends on the day

Row = tuple[str, str, bool, str, str | None, tuple[float, float] | None]  # of evidence, from its kind on


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Facts:
    """The senses of a form, and what follows from them alone."""

    senses: tuple[Sense, ...]
    asks: int = 0  # EXACT: one asks how the text writes it; CAPITAL: all ask for a capital letter and for nothing else
    boilerplate: bool = False
    waits: bool = False  # none stands by itself
    ordinary: bool = False  # a country, a people, a town: what streets are named after
    town: bool = False
    looks: bool = False  # the words beside may change what it means
    capital: bool = False  # every sense asks for a capital letter
    hints: tuple[tuple[str, str], ...] = ()  # country and word
    passed: Row | None = None  # it names no country
    stands: tuple[Sense, ...] = ()  # what stands by itself
    shared: tuple[Sense, ...] = ()  # the towns that carry a name which stands by itself
    rows: tuple[Row, ...] | None = None  # what these say, where that is the same in any text
    towns: int = 0  # of what stands by itself


def learn(senses: tuple[Sense, ...]) -> Facts:
    """Return what follows from some senses of one form."""
    kinds = {sense.kind for sense in senses}
    stands = tuple(sense for sense in senses if not sense.flags & (CUED | BACKED))
    capital = all(sense.flags & CAPITAL for sense in senses)
    written = any(sense.flags & (EXACT | CAPITAL) for sense in senses)
    plain = capital and not any(sense.flags & EXACT for sense in senses)
    return Facts(
        senses=senses,
        asks=0 if not written else CAPITAL if plain else EXACT,
        boilerplate=senses[0].kind == "boilerplate",
        waits=not stands,
        ordinary=kinds <= _NAMED_AFTER,
        town=kinds <= _TOWNS,
        looks=not stands or kinds <= _NAMED_AFTER or capital,
        capital=capital,
        hints=tuple((sense.key, sense.written) for sense in senses if sense.kind == "hint"),
        passed=_passed(senses, kinds),
        stands=stands,
        shared=tuple(sense for sense in senses if sense.kind == "namesake") if 0 < len(stands) < len(senses) else (),
        rows=_rows(stands),
        towns=sum(sense.kind == "city" for sense in stands),
    )


def _passed(senses: tuple[Sense, ...], kinds: set[str]) -> Row | None:
    if "group" in kinds:
        group = next(sense.key for sense in senses if sense.kind == "group")
        return "group", group, False, "a part of the world, not a country", None, None
    return ("block", "", False, "a phrase that names no place", None, None) if "block" in kinds else None


def _rows(stands: tuple[Sense, ...]) -> tuple[Row, ...] | None:
    """Return what some senses say in any text; `None` where the day or the other countries named decide."""
    kinds = [sense.kind for sense in stands]
    if not stands or not _IN_TIME.isdisjoint(kinds) or kinds.count("city") > 1:
        return None
    rows: dict[str, Row] = {}
    for sense in stands:
        if (first := rows.get(sense.key)) is None or (first[0] == sense.kind and first[4] is None):
            rows[sense.key] = row(sense)  # of "Tatarstan, in Russia" and "Tatarstan, RU-TA" the second
    return tuple(rows.values())


def row(sense: Sense) -> Row:
    """Return what a sense says that stands by itself and asks for nothing else."""
    if sense.kind == "organisation":
        return sense.kind, sense.key, False, "an organisation, not a country", sense.place, sense.point
    return sense.kind, sense.key, True, "named", sense.place, sense.point
