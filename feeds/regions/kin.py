"""Decides whose a people is that lives in another state than the one that bears its name: Iraq's Turkmens."""

from functools import cache

from feeds.regions import vocabulary
from feeds.regions.reading import Evidence


@cache
def _hosts() -> dict[str, frozenset[str]]:
    """Return for a state the countries where its name for a people is first of all that of their own citizens."""
    return {state: frozenset(countries.split()) for state, countries in vocabulary.rows("kin.tsv")}


def settle(evidence: list[Evidence]) -> None:
    """Count a people where it lives, and no word for it for the state of that name, unless anything else names that.

    `[kin]` has what such peoples are called; of those in kin.tsv the country beside them says enough.
    """
    hosts = _hosts()
    for _, _, _, kind, country, _, _, _, _ in evidence:
        if kind == "kin" or (kind == "people" and country in hosts):
            break
    else:  # nearly every entry: it costs no more than this look
        return
    away = set[str]()
    for place, one in enumerate(evidence):
        if one.kind == "kin":
            country, _, state = one.key.partition(" ")
            evidence[place] = one._replace(kind="people", key=country, why="a people of this country")
            away.add(state)
    named = {one.key for one in evidence if one.counted and one.kind != "people"}
    peoples = {one.key for one in evidence if one.counted} - named
    away.update(state for state, countries in hosts.items() if state in peoples and not countries.isdisjoint(named))
    if away := away & peoples:
        for place, one in enumerate(evidence):
            if one.counted and one.key in away and one.kind == "people":
                evidence[place] = one._replace(counted=False, why="a people of another country here")
