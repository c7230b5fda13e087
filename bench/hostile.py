"""Documents of hostile markup, addresses, languages and dates, for a run whose output the validators are to accept.

    python bench/hostile.py FOLDER
    python bench/captured.py corpus FOLDER --into OUTPUT

Every field of an RSS, an Atom and a JSON feed takes each of the values below in turn; the list of entries is what
`captured.py` compares with.
"""

import itertools
import json
import sys
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

MARKUP = (
    "<script>window.hit=1</script>Astana hosts talks",
    '<b onclick="window.hit=1" style="position:fixed">Tehran</b>',
    '<svg><a xlink:href="javascript:window.hit=1">Almaty</a></svg><math><mtext></mtext></math>',
    '<a href="jav&#x09;ascript:window.hit=1">Baku</a><a href="data:text/html,x">Tbilisi</a>',
    '<img src=x onerror="window.hit=1"><img src="//tracker.example/p.gif" width=1 height=1>',
    '<iframe srcdoc="<script>window.hit=1</script>"></iframe><object data="x"></object>',
    "</title></head></html>--><![CDATA[ ]]]]><![CDATA[>",
    "<p><div><table><tr><td>Tashkent<li>Bishkek</p></span></b>",
    "<style>*{display:none}</style><form action=/x><input name=q></form>",
    "&lt;script&gt;window.hit=1&lt;/script&gt; &amp;amp;lt; &nbsp;&unknown;",
    "\u202eevil\u202c \u2066isolated \u200b\ufeff zero",
    "<ul><li><ul><li>" * 60 + "deep",
    "<!-- --!> --><?php echo 1 ?><!DOCTYPE html>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'><base href='https://evil.example/'>",
    "وزیر <b>خارجه</b> ایران <script>x</script>",
    "W" * 5000,
    "",
    '{{ 7*7 }} {% include "x" %} ${HOME}',
)
ADDRESSES = (
    "javascript:window.hit=1",
    "data:text/html,<script>window.hit=1</script>",
    "https://host.example/a b?q=<x>&r=\"y\"#'z'",
    "http://[bad/",
    "https://host.example:99999/x",
    "https://пример.рф/путь?ключ=значение",
    "//host.example/relative",
    "https://user:pw@host.example/",
    "https://host.example/" + "a" * 3000,
    "ftp://host.example/x",
    "mailto:x@host.example",
    "https://host.example/%zz%00%0a",
    "",
)
LANGUAGES = ("en", "xx-!!", "en_US", "c", "zh-Hans-CN-x-private", "fa", "12", "", "x" * 50)
DATES = (
    "Mon, 23 Nov 2026 09:00:00 GMT",
    "0000-00-00T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "Thu, 31 Feb 2026 25:61:61 +9999",
    "1900-01-01T00:00:00Z",
    "yesterday",
    "",
    "2026-11-22T10:00:00.123456789+05:45",
)
NAMES = ("<b>Nobody</b>", "a@b@c (x\ny)", "", "x" * 500, "Имя \u202e", "javascript:alert(1)")
TERMS = ("<i>energy</i>", "", " ", "a,b;c", "t" * 400, "ترانزیت")
POINTS = ("43.2 76.9", "999 999", "nan inf", "x", "")
SIZES = ("-1", "99999999999999999999", "many", "")
TYPES = ("audio/mpeg", "text/html; <x>", "", "nonsense")
ENTRIES = 120


def values():
    """Yield the fields of each entry: every list goes round at a pace of its own."""
    rounds = [itertools.cycle(one) for one in (MARKUP, ADDRESSES, LANGUAGES, DATES, NAMES, TERMS, POINTS, SIZES, TYPES)]
    for number in range(ENTRIES):
        markup, address, language, date, name, term, point, size, kind = map(next, rounds)
        yield {
            "id": f"{address}#{number}" if number % 3 else f"urn:x:{number}:{markup[:40]}",
            "title": f"{number} {MARKUP[(number * 5) % len(MARKUP)]}",
            "text": f"<p>Kazakhstan and Iran, matter {number}.</p>{markup}",
            "link": address,
            "language": language,
            "date": date,
            "name": name,
            "term": term,
            "point": point,
            "size": size,
            "type": kind,
        }


def legal(text):
    """XML has no place for control characters; what is not well-formed is another bench's business."""
    return escape("".join(char for char in text if char >= " " or char in "\t\n"))


def attribute(text):
    return quoteattr("".join(char for char in text if char >= " "))


def rss(entries):
    items = "".join(
        f"<item><title>{legal(one['title'])}</title><link>{legal(one['link'])}</link><guid>{legal(one['id'])}</guid>"
        f"<pubDate>{legal(one['date'])}</pubDate><author>{legal(one['name'])}</author>"
        f"<dc:language>{legal(one['language'])}</dc:language><category>{legal(one['term'])}</category>"
        f"<description>{legal(one['text'])}</description><georss:point>{legal(one['point'])}</georss:point>"
        f"<enclosure url={attribute(one['link'])} length={attribute(one['size'])} type={attribute(one['type'])}/>"
        f"<media:thumbnail url={attribute(one['link'])}/><source url={attribute(one['link'])}>x</source></item>"
        for one in entries
    )
    return (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:georss="http://www.georss.org/georss"'
        ' xmlns:media="http://search.yahoo.com/mrss/"><channel>'
        f"<title>{legal(MARKUP[0])}</title><link>javascript:x</link><language>xx-!!</language>{items}</channel></rss>"
    )


def atom(entries):
    items = "".join(
        f"<entry xml:lang={attribute(one['language'])}><id>{legal(one['id'])}</id>"
        f'<title type="html">{legal(one["title"])}</title><link href={attribute(one["link"])}/>'
        f'<link rel="enclosure" href={attribute(one["link"])} length={attribute(one["size"])} type="x"/>'
        f"<updated>{legal(one['date'])}</updated><author><name>{legal(one['name'])}</name><uri>{legal(one['link'])}</uri>"
        f"<email>{legal(one['name'])}</email></author><category term={attribute(one['term'])} scheme='not a uri'/>"
        f'<rights type="html">{legal(one["text"])}</rights><content type="html">{legal(one["text"])}</content></entry>'
        for one in entries
    )
    head = '<feed xmlns="http://www.w3.org/2005/Atom"><title>&lt;b&gt;x</title><id>x y</id><updated>never</updated>'
    return f"{head}{items}</feed>"


def jsonfeed(entries):
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": MARKUP[1],
            "language": "!!",
            "items": [
                {
                    "id": one["id"],
                    "url": one["link"],
                    "title": one["title"],
                    "content_html": one["text"],
                    "date_published": one["date"],
                    "language": one["language"],
                    "image": one["link"],
                    "authors": [{"name": one["name"], "url": one["link"]}],
                    "tags": [one["term"], 7, None],
                    "attachments": [{"url": one["link"], "mime_type": one["type"], "size_in_bytes": one["size"]}],
                }
                for one in entries
            ],
        }
    )


def main(folder):
    where = Path(folder)
    where.mkdir(parents=True, exist_ok=True)
    entries = list(values())
    lines = ["file\titems"]
    for name, make in (("hostile.rss", rss), ("hostile.atom", atom), ("hostile.json", jsonfeed)):
        for part in range(3):
            mine = entries[part::3]
            (where / f"{part}-{name}").write_text(make(mine), encoding="utf-8", errors="replace")
            lines.append(f"{part}-{name}\t{len(mine)}")
    (where / "manifest.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
