"""A thousand news feeds that look like real ones, served by nginx on loopback, changing when told to.

    python bench/farm.py generate FOLDER [--feeds 1000]    generation 0
    python bench/farm.py advance FOLDER                    a tenth of the feeds get 1 to 3 new entries
    python bench/farm.py serve FOLDER [--port 8300]        nginx (apt install nginx-light), until Ctrl-C

What is like the world: 30 entries and about 53 KB a feed; 70 % RSS 2.0, 30 % Atom; five languages in
three scripts; a fifth of the entries are wire stories that several outlets carry with small edits;
CDATA and escaped HTML, tracking parameters, ETag and Last-Modified. Everything follows from the seed,
the number of the feed and the number of the entry, so an entry never changes and an advance is exact.
"""

import argparse
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from html import escape
from pathlib import Path

ENTRIES = 30  # in a feed at any time
CHANGED = 10  # one feed of so many changes at an advance
EVERY = timedelta(minutes=20)  # between two entries of a feed

# language: share, onsets, vowels, codas, words in a paragraph (so that bytes come out alike), places
LANGUAGES = {
    "en": (40, "b c d f g l m n p r s t tr st pr", "a e i o u ea", "n r s t nd l  ", 58,
           "Astana Tashkent Bishkek Dushanbe Ashgabat Kazakhstan Uzbekistan London Paris Kenya Ankara Tehran Baku"),
    "ru": (25, "б в г д к л м н п р с т ст пр", "а е и о у я ы", "н р с т л й  ", 38,
           "Астана Ташкент Бишкек Душанбе Ашхабад Казахстан Узбекистан Алматы Лондон Париж Москва Анкара Тегеран Баку"),
    "tr": (13, "b c d g k l m n p r s ş t y", "a e ı i o ö u ü", "n r s t k l  ", 58,
           "Astana Taşkent Bişkek Duşanbe Aşkabat Kazakistan Özbekistan Londra Paris Moskova Ankara Tahran Bakü"),
    "fa": (12, "ب پ ت ج خ د ر ز س ش ک گ ل م ن", "ا و ی ", "ن ر د ت م  ", 42,
           "آستانه تاشکند بیشکک دوشنبه قزاقستان ازبکستان تاجیکستان تهران مسکو پکن آنکارا لندن باکو"),
    "kk": (10, "б д ж к қ л м н п р с т ш", "а ә е і о ө ұ ү ы", "н р с т қ л  ", 36,
           "Астана Ташкент Бішкек Душанбе Ашғабат Қазақстан Өзбекстан Алматы Лондон Париж Мәскеу Анкара Тегеран Баку"),
}  # fmt: skip
SECTIONS = ("World", "Diplomacy", "Energy", "Trade & Economy", "Politics", "Security", "Water", "Culture", "Sport")
AGENCIES = ("Northwire", "Steppe Press", "UniNews", "Inter-Agency")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An entry before it takes a format."""

    key: str
    title: str
    lead: str
    body: str
    link: str
    author: str
    sections: tuple[str, ...]
    at: datetime


def luck(*key: object) -> random.Random:
    """Return the same fortune for the same key, on every machine."""
    return random.Random(repr(key))


@cache
def vocabulary(language: str) -> tuple[str, ...]:
    """Return 5,000 words that could be words, the common ones first."""
    _, onsets, vowels, codas, _, _ = LANGUAGES[language]
    die = luck("vocabulary", language)
    pick = [onsets.split(), vowels.split(), codas.split(" ")]
    return tuple(
        "".join("".join(die.choice(part) for part in pick) for _ in range(die.choice((1, 2, 2, 3, 3))))
        for _ in range(5000)
    )


def word(die: random.Random, language: str) -> str:
    """Return a word, a common one more often (Zipf, about)."""
    words = vocabulary(language)
    return words[int(len(words) * die.random() ** 3)]


def sentence(die: random.Random, language: str, length: int) -> str:
    """Return a sentence; every second one names a place, some a number."""
    words = [word(die, language) for _ in range(length)]
    if die.random() < 0.5:
        words[die.randrange(length)] = die.choice(LANGUAGES[language][5].split())
    if die.random() < 0.15:
        words.insert(die.randrange(length), die.choice(("&", "“so”", "—", "<5%", "R&D", str(die.randint(2, 900)))))
    text = " ".join(words)
    return text[:1].upper() + text[1:] + "."


def story(die: random.Random, language: str) -> tuple[str, str, list[str]]:
    """Return a title, a lead and paragraphs."""
    length = LANGUAGES[language][4]
    paragraphs = [" ".join(sentence(die, language, 9) for _ in range(length // 14)) for _ in range(die.randint(2, 3))]
    return sentence(die, language, die.randint(6, 10))[:-1], sentence(die, language, 14), paragraphs


def entry(feed: int, number: int, language: str, *, seed: int, feeds: int, start: datetime) -> Written:
    """Return entry `number` of a feed, for ever the same."""
    die = luck(seed, "entry", feed, number)
    if die.random() < 0.2:  # of the wire: about five outlets of the language carry each, edited
        running = max(1, feeds * LANGUAGES[language][0] // 100 // 25)
        title, lead, paragraphs = story(luck(seed, "wire", language, number, die.randrange(running)), language)
        edit = die.random()
        if edit < 0.35:
            title += f" – {die.choice(AGENCIES)}"
        elif edit < 0.6:
            paragraphs = [*paragraphs[:-1], sentence(die, language, 9)]
        else:
            paragraphs[0] += " " + sentence(die, language, 7)
    else:
        title, lead, paragraphs = story(die, language)
    host = f"www.outlet{feed:05d}.example"
    slug = f"{die.getrandbits(40):010x}"
    at = start + EVERY * (number - ENTRIES) + timedelta(seconds=die.randrange(1200))
    image = f'<p><img src="https://{host}/i/{slug}.jpg" alt="{escape(title)}" width="640" height="360" /></p>'
    tagged = f'<a href="https://{host}/t/{number}?a=1&amp;b=2">{word(die, language)}</a>'
    marked_up = [image, *(f"<p>{escape(text, quote=False)} {tagged}&nbsp;</p>" for text in paragraphs)]
    marked_up.append(f'<p class="more"><strong>&copy; {host}</strong> <em onclick="x()">&hellip;</em></p>')
    return Written(
        key=f"{host}-{slug}",
        title=title,
        lead=f"<p>{escape(lead, quote=False)}</p>",
        body="\n".join(marked_up),
        link=f"https://{host}/{at:%Y/%m}/{slug}.html?utm_source=rss&utm_campaign=c{feed % 7}",
        author=f"{word(die, language)} {word(die, language)}".title(),
        sections=tuple(die.sample(SECTIONS, die.randint(1, 3))),
        at=at,
    )


def language_of(seed: int, feed: int) -> str:
    """Return what a feed is written in."""
    shares = [share for share, *_ in LANGUAGES.values()]
    return luck(seed, "feed", feed).choices(list(LANGUAGES), shares)[0]


def document(seed: int, feeds: int, feed: int, offset: int, start: datetime) -> bytes:
    """Return a feed `offset` entries after the start."""
    die = luck(seed, "shape", feed)
    language = language_of(seed, feed)
    numbers = range(offset + ENTRIES - 1, offset - 1, -1)
    entries = [entry(feed, number, language, seed=seed, feeds=feeds, start=start) for number in numbers]
    title = f"{word(die, language)} {word(die, language)} {feed:05d}".title()
    full = die.random() < 0.75
    text = _cdata if die.random() < 0.55 else _escaped
    shape = _rss if die.random() < 0.7 else _atom
    return shape(feed, title, language, entries, text=text, full=full).encode()


def _escaped(text: str) -> str:
    return escape(text, quote=False)


def _cdata(text: str) -> str:
    return f"<![CDATA[{text}]]>"


def _rss(feed, title, language, entries, *, text, full) -> str:
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">\n<channel>\n'
        f"<title>{_escaped(title)}</title><link>https://www.outlet{feed:05d}.example/</link>"
        f"<description>{_escaped(title)}</description><language>{language}</language>"
        f"<lastBuildDate>{format_datetime(entries[0].at)}</lastBuildDate><ttl>30</ttl>\n"
    )
    lines = [head]
    for each in entries:
        body = (
            f"<description>{text(each.lead)}</description><content:encoded>{text(each.body)}</content:encoded>"
            if full
            else f"<description>{text(each.lead + each.body)}</description>"
        )
        sections = "".join(f"<category>{_escaped(section)}</category>" for section in each.sections)
        lines.append(
            f"<item><title>{_escaped(each.title)}</title><link>{_escaped(each.link)}</link>"
            f'<guid isPermaLink="false">{each.key}</guid>'
            f"<pubDate>{format_datetime(each.at)}</pubDate><dc:creator>{_escaped(each.author)}</dc:creator>{sections}{body}</item>\n"
        )
    return "".join([*lines, "</channel></rss>\n"])


def _atom(feed, title, language, entries, *, text, full) -> str:
    host = f"www.outlet{feed:05d}.example"
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">\n'
        f"<title>{_escaped(title)}</title><id>https://{host}/</id><updated>{entries[0].at.isoformat()}</updated>"
        f'<link rel="alternate" type="text/html" href="https://{host}/" />'
        f"<author><name>{_escaped(title)}</name></author>\n"
    )
    lines = [head]
    for each in entries:
        sections = "".join(f'<category term="{escape(section)}" />' for section in each.sections)
        content = f'<content type="html">{text(each.body)}</content>' if full else ""
        lines.append(
            f"<entry><title>{_escaped(each.title)}</title><id>tag:{host},2026:{each.key}</id>"
            f'<link rel="alternate" type="text/html" href="{escape(each.link)}" />'
            f"<published>{each.at.isoformat()}</published><updated>{each.at.isoformat()}</updated><author><name>{_escaped(each.author)}</name></author>{sections}"
            f'<summary type="html">{text(each.lead if full else each.lead + each.body)}</summary>{content}</entry>\n'
        )
    return "".join([*lines, "</feed>\n"])


# On disk


def changed(state: dict, generation: int) -> dict[int, int]:
    """Return how many entries each changed feed gains in a generation."""
    die = luck(state["seed"], "generation", generation)
    return {feed: die.randint(1, 3) for feed in die.sample(range(state["feeds"]), max(1, state["feeds"] // CHANGED))}


def offsets(state: dict) -> list[int]:
    """Return how far each feed has come."""
    reached = [0] * state["feeds"]
    for generation in range(1, state["generation"] + 1):
        for feed, gained in changed(state, generation).items():
            reached[feed] += gained
    return reached


def _write(job: tuple[str, dict, int, int]) -> int:
    folder, state, feed, offset = job
    target = Path(folder) / "www" / f"{feed:05d}.xml"
    body = document(state["seed"], state["feeds"], feed, offset, datetime.fromisoformat(state["start"]))
    partial = target.with_suffix(".partial")
    partial.write_bytes(body)
    # whole seconds are what Last-Modified can say: a generation, or another life of it, is another time
    stamp = int(datetime.fromisoformat(state["start"]).timestamp()) + 60 * state["generation"] + 7 * state["life"]
    os.utime(partial, (stamp, stamp))
    partial.replace(target)
    return len(body)


def _fill(folder: Path, state: dict, feeds: list[int]) -> int:
    reached = offsets(state)
    jobs = [(str(folder), state, feed, reached[feed]) for feed in feeds]
    with multiprocessing.Pool() as pool:
        size = sum(pool.map(_write, jobs, chunksize=20))
    (folder / "farm.json").write_text(json.dumps(state))
    return size


def generate(folder: Path, feeds: int = 1000, seed: int = 11) -> int:
    """Write generation 0 and return its size in bytes."""
    (folder / "www").mkdir(parents=True, exist_ok=True)
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    state = {"seed": seed, "feeds": feeds, "generation": 0, "life": 0, "start": start.isoformat()}
    return _fill(folder, state, list(range(feeds)))


def advance(folder: Path) -> int:
    """Change a tenth of the feeds and return how many that were."""
    state = json.loads((folder / "farm.json").read_text())
    state["generation"] += 1
    touched = sorted(changed(state, state["generation"]))
    _fill(folder, state, touched)
    return len(touched)


def reset(folder: Path) -> None:
    """Go back to generation 0."""
    state = json.loads((folder / "farm.json").read_text())
    touched = sorted({feed for number in range(1, state["generation"] + 1) for feed in changed(state, number)})
    state |= {"generation": 0, "life": state["life"] + 1}
    _fill(folder, state, touched)


NGINX = """daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log warn;
events {{ worker_connections 4096; }}
http {{
  types {{ application/xml xml; }} default_type text/plain; sendfile on; etag on; if_modified_since exact;
  log_format asked "$status $uri"; access_log {folder}/access.log asked;
  keepalive_timeout 65; keepalive_requests 100000;
  server {{ listen 127.0.0.1:{port} backlog=4096; root {folder}/www; }}
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
}}
"""


@contextmanager
def served(folder: Path, port: int):
    """Serve the folder while the body runs."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        sys.exit("the benchmark needs nginx: apt install nginx-light")
    folder = folder.resolve()
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
    server = subprocess.Popen([program, "-c", str(folder / "nginx.conf"), "-p", str(folder)])
    try:
        time.sleep(0.3)
        yield
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def urls(feeds: int, port: int) -> list[str]:
    """Return where the feeds are."""
    return [f"http://127.0.0.1:{port}/{feed:05d}.xml" for feed in range(feeds)]


def main() -> None:
    """Read the command line."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("command", choices=("generate", "advance", "reset", "serve"))
    asked.add_argument("folder", type=Path)
    asked.add_argument("--feeds", type=int, default=1000)
    asked.add_argument("--port", type=int, default=8300)
    told = asked.parse_args()
    match told.command:
        case "generate":
            print(f"{told.feeds} feeds, {generate(told.folder, told.feeds) / 1e6:.1f} MB")
        case "advance":
            print(f"{advance(told.folder)} feeds changed")
        case "reset":
            reset(told.folder)
        case _:
            with served(told.folder, told.port):
                signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    main()
