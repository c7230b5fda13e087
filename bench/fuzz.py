"""Mutate real feeds through parse and normalize: `nice python bench/fuzz.py MINUTES [SEED]`, of process time.

A failure is anything but a Feed or a ParseError, a feed that normalizes differently the second
time, the two parsers disagreeing, or more than 10 CPU seconds; it is written to build/fuzz/.
"""

import random
import re
import sys
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from feeds import normalize, parse  # noqa: E402 after the path is set
from feeds.errors import ParseError  # noqa: E402
from feeds.model import Document, Source  # noqa: E402
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


def mutated(body: bytes, chance: random.Random) -> bytes:
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


def failure(body: bytes) -> str | None:
    document = Document(url="https://fuzz.example/feed", body=body)
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
        text = encoding.decode(body).lstrip("\ufeff \t\r\n\0")
        text = bounds.bounded(repair.mend(text))[0]
        fast = None if text.startswith("{") else strict.feed(text)
        if fast is not None and fast != lenient.feed(text, source="fuzz"):
            return "the parsers disagree"
    spent = time.process_time() - began
    return f"{spent:.1f} s" if spent > MAX_SECONDS else None


def main() -> None:
    minutes, seed = float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    chance = random.Random(seed)
    paths = [*ROOT.glob("tests/data/parse/*.xml"), *ROOT.glob("../shared/corpus/feeds/*.xml")]
    bodies = [body for path in paths if 0 < len(body := path.read_bytes()) < MAX_BODY_BYTES]
    found, tried, until = {}, 0, time.process_time() + minutes * 60
    while time.process_time() < until:
        body = mutated(chance.choice(bodies), chance)
        tried += 1
        reason = failure(body)
        if reason is not None and (kind := reason.strip().splitlines()[-1][:100]) not in found:
            found[kind] = reason
            folder = ROOT / "build" / "fuzz"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{seed}-{tried}.xml").write_bytes(body)
            print(f"{seed}-{tried}: {reason}", flush=True)
    print(f"{tried} documents, {len(found)} kinds of failure")


if __name__ == "__main__":
    main()
