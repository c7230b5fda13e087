"""Mutate real feeds through parse and normalize: `nice python bench/fuzz.py MINUTES [SEED]`, of process time.

Two of three documents are broken in their bytes; of the third the elements are moved, renamed and given other texts
and attributes, so that it stays well-formed and both parsers read it. A failure is anything but a Feed or a ParseError,
a feed that normalizes differently the second time, the two parsers disagreeing, or more than 10 CPU seconds; it is
written to build/fuzz/.
"""

import random
import re
import sys
import time
import traceback
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from feeds import normalize, parse  # noqa: E402 after the path is set
from feeds.errors import ParseError  # noqa: E402
from feeds.model import Document, Feed, Source  # noqa: E402
from feeds.parse import bounds, encoding, lenient, repair, strict  # noqa: E402

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SOURCE = Source(id="fuzz", url="https://fuzz.example/feed")
MAX_BODY_BYTES = 150_000
MAX_SECONDS = 10
TOKENS = re.findall(
    rb"[^~]+",
    b"<item>~</item>~<entry>~</entry>~<title>~</title>~<description>~<![CDATA[~]]>~<!--~-->~&amp;~&#0;~&#x110000;"
    b"~&nbsp;~&x;~<~>~\"~'~<div>~</div>~ xml:base='http://['~ xml:lang='fa'~ type='html'~ type='base64'~ mode='base64'"
    b"~<link/>~<guid>~<link rel='alternate'/>~<tags>~<links/>~<authors>~<svg>~</svg>~<media:content>"
    b"~<content:encoded>~</content:encoded>~<dc:date>~\xe2\x80\xae~\xef\xbb\xbf~\x0b",
)
LEAF = re.compile(rb"<([A-Za-z][\w:.-]*)((?:\s[^<>]*)?)(?:/>|>([^<>]*|<!\[CDATA\[[^\]]*\]\]>)</\1\s*>)")
NAMES = (
    b"title link guid id description summary content content:encoded pubDate published updated dc:date author"
    b" dc:creator category dc:subject enclosure media:content media:thumbnail media:title media:description"
    b" media:keywords itunes:image itunes:summary source language dc:language rights copyright comments image name"
    b" subtitle ttl x"
).split()
TEXTS = (
    b"~ ~x~&lt;b&gt;x&lt;/b&gt;~&amp;amp;~https://a.example/?a=1&amp;b=2~/a~http://[~javascript:x~true~"
    b"Mon, 06 Sep 2021 10:00:00 +0600~2021-09-06T10:00:00Z~mail@a.example (Name)~<![CDATA[<p>&amp;]]>~"
    b"\xd0\x94\xd0\xb5\xd0\xbb\xd0\xbe~\xda\xa9\xe2\x80\x8c\xd9\x87~\xc3\x83\xc2\xa9\xc3\x83\xc2\xa9~&#x85;~\x93"
).split(b"~")
ATTRIBUTES = (
    b"type='html'~type='text'~type='text/plain'~rel='alternate'~rel='enclosure'~rel='self'~href='https://a.example/b'"
    b"~url='https://a.example/c.jpg'~isPermaLink='false'~medium='image'~length='5'~scheme='s'~label='l'~term='t'"
    b"~domain='d'~xml:lang='fa'~lang='ru'~src='/x'~\xd8\xa7='1'~x\xef\xbf\xbd='2'~a='&gt;'"
).split(b"~")
HEADERS = (None, None, None, "text/xml", "text/xml; charset=windows-1251", "a/rss+xml; charset=utf-8", "x; charset=x")


def mutated(body: bytes, chance: random.Random) -> bytes:
    return broken(body, chance) if chance.random() < 2 / 3 else rearranged(body, chance)


def rearranged(body: bytes, chance: random.Random) -> bytes:
    leaves = list(LEAF.finditer(body))
    count = min(len(leaves), chance.choice((1, 2, 4, 20)))
    for leaf in sorted(chance.sample(leaves, count), key=re.Match.start, reverse=True):
        before, name, attributes, text = b"", leaf[1], leaf[2], leaf[3] or b""
        other = chance.choice(leaves)
        match chance.randrange(5):
            case 0:
                name = chance.choice(NAMES)
            case 1:
                attributes += b" " + chance.choice(ATTRIBUTES)
            case 2:
                text = chance.choice(TEXTS)
            case 3:
                text = other[3] or b""
            case _:
                before = other[0]
        body = b"%b%b<%b%b>%b</%b>%b" % (body[: leaf.start()], before, name, attributes, text, name, body[leaf.end() :])
    return body


def broken(body: bytes, chance: random.Random) -> bytes:
    body = bytearray(body)
    for _ in range(chance.choice((1, 1, 2, 4, 8, 30))):
        start = chance.randrange(len(body) + 1)
        end = min(len(body), start + int(chance.paretovariate(0.7)))
        match chance.randrange(6):
            case 0:
                del body[start:end]
            case 1:
                body[start:start] = chance.choice(TOKENS)
            case 2:
                body[start:end] = chance.randbytes(min(8, end - start))
            case 3:
                body[start:start] = body[start:end][:5000]
            case 4:
                other = chance.randrange(len(body) + 1)
                body[start:end] = body[other : other + end - start][:5000]
            case _:
                if chance.random() < 0.2:
                    del body[start:]
    return bytes(body)


def failure(body: bytes, content_type: str | None = None) -> str | None:
    document = Document(url="https://fuzz.example/feed", body=body, content_type=content_type)
    began = time.process_time()
    try:
        feed = parse.feed(document)
    except ParseError:
        feed = None
    except Exception:  # noqa: BLE001 a failure is what is looked for
        return traceback.format_exc()
    if feed is not None:
        try:
            once = normalize.feed(feed, source=SOURCE, base=document.url, now=NOW)
            if once != normalize.feed(once, source=SOURCE, base=document.url, now=NOW):
                return "normalizing twice is not normalizing once"
        except Exception:  # noqa: BLE001 as above
            return traceback.format_exc()
        text = encoding.decode(body, content_type).lstrip("\ufeff \t\r\n\0")
        text = bounds.bounded(repair.mend(text))[0]
        fast = None if text.startswith("{") else strict.feed(text)
        if fast is not None and (parted := apart(fast, lenient.feed(text, source="fuzz"))):
            return f"the parsers disagree on {parted}"
    spent = time.process_time() - began
    return f"{spent:.1f} s" if spent > MAX_SECONDS else None


def apart(one: Feed, other: Feed) -> str:
    """Return the names of what two readings differ in."""
    pairs = [(one, other), *zip(one.entries, other.entries, strict=False)]
    names = (
        field.name
        for pair in pairs
        for field in fields(pair[0])
        if len({getattr(each, field.name) for each in pair}) > 1
    )
    return " ".join(dict.fromkeys(names))


def main() -> None:
    minutes, seed = float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    chance = random.Random(seed)
    paths = sorted([*ROOT.glob("tests/data/parse/*.xml"), *ROOT.glob("../shared/corpus/feeds/*.xml")])
    bodies = [body for path in paths if 0 < len(body := path.read_bytes()) < MAX_BODY_BYTES]
    found, tried, until = {}, 0, time.process_time() + minutes * 60
    while time.process_time() < until:
        body = mutated(chance.choice(bodies), chance)
        header = chance.choice(HEADERS)
        tried += 1
        reason = failure(body, header)
        if reason is not None and (kind := reason.strip().splitlines()[-1][:100]) not in found:
            found[kind] = reason
            folder = ROOT / "build" / "fuzz"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{seed}-{tried}.xml").write_bytes(body)
            print(f"{seed}-{tried} ({header}): {reason}", flush=True)
    print(f"{tried} documents, {len(found)} kinds of failure, {minutes:g} minutes of process time, seed {seed}")


if __name__ == "__main__":
    main()
