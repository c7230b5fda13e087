"""Tells which ISO 3166-2 subdivision a first-level division of GeoNames is: by its name, else by hand.

The two lists have their own numbers, and the same number is chance: GeoNames counts the provinces of Iran and
Kazakhstan in another order than ISO. Names are compared without the words that only say what a division is.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

Admin = tuple[str, str]  # country, GeoNames' number of a division or the name of a city

HAND = Path(__file__).parents[1] / "feeds" / "data" / "regions" / "divisions.tsv"
WORDS = frozenset(
    """province provincia provincie provinsi region regions regione oblast oblasts oblys oblysy krai kray krajina
    governorate gouvernorat muhafazat muhafazah wilaya wilayah wilayat state states of the city municipality municipal
    prefecture department departement departamento do district distrikt districts county counties ken fu to shi sheng
    zizhiqu si gwangyeoksi teukbyeolsi republic republika respublika respublikasy parish canton kanton council emirate
    territory division avtonomnyy okrug autonomous raion rajon rayon rayony viloyati viloyat velayat welayaty oblasti
    oblastj land lan fylke maakond apskritis novads novada komuna komunu voivodeship wojewodztwo kraj zupanija judetul
    dzongkhag atoll federal capital special administrative sar al ad an ar as ash at az el area national metropolitan
    metropolis il ili ilcesi ostan tinh thanh pho changwat khet uezd aimag distrito estado regency daerah istimewa
    island islands gobolka d de du des la le les l y and e et da dos das kotor""".split()  # noqa: SIM905
)
# Where ISO gave codes to other divisions, and CLDR keeps the names these had before.
RENUMBERED = frozenset({"IR", "MA"})
# letters that no decomposition makes plain
PLAIN = str.maketrans({"ı": "i", "ə": "a", "ǝ": "a", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ß": "ss"})


def core(name: str) -> str:
    """Return what is left of the name of a division without the words that say what it is."""
    name = re.sub(r"\s*[\[(].*?[\])]|[¹²]", "", name).lower().translate(PLAIN)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().replace("'", "")
    words = re.findall(r"[a-z0-9]+", plain)
    return "".join(word for word in words if word not in WORDS) or "".join(words)


def codes(named: Mapping[Admin, str], english: Mapping[str, str]) -> dict[Admin, str]:
    """Return the ISO code of every division that can be told, `-` for those that are left out by hand.

    `named` are GeoNames' names by country and number, `english` CLDR's English names by ISO code.
    """
    by_hand = hand()
    by_name = _by_name(english)
    told = {admin: code for admin, name in named.items() if (code := by_name.get((admin[0], core(name))))}
    # Two divisions of one name are a city and what lies around it: neither is sure.
    often = Counter(code for admin, code in told.items() if admin not in by_hand)
    return {admin: code for admin, code in told.items() if often[code] == 1} | by_hand


def hand() -> dict[Admin, str]:
    """Return what is written by hand: a number or the name of a city, `*` for all of a country."""
    lines = HAND.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {(country, admin): code for country, admin, code in rows}


def code(of: Mapping[Admin, str], country: str, admin: str, city: str) -> str:
    """Return the ISO code of the division a city lies in, `-` where nobody can tell."""
    found = of.get((country, city)) or of.get((country, "*")) or of.get((country, admin), "-")
    return found if found.startswith(country) else "-"


def _by_name(english: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Return the ISO codes by country and name, as far as a name is of one only: the first level before the second."""
    import pycountry  # noqa: PLC0415

    every = sorted(pycountry.subdivisions, key=lambda one: one.code)
    said = {
        one.code: one.name
        if one.country_code in RENUMBERED
        else english.get(one.code.lower().replace("-", ""), one.name)
        for one in every
    }
    found: dict[tuple[str, str], str] = {}
    for level in (_first(every), every):
        names: dict[tuple[str, str], set[str]] = defaultdict(set)
        for one in level:
            for name in {
                part
                for whole in (one.name, said[one.code])
                for part in (whole, *whole.split(" / "), whole.split(", ")[0])
            }:
                names[one.country_code, core(name)].add(one.code)
        found = {key: next(iter(some)) for key, some in names.items() if len(some) == 1 and key not in found} | found
    return found


def _first(every: Iterable[object]) -> list[object]:
    return [one for one in every if one.parent_code is None]  # type: ignore[attr-defined]
