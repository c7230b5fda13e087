"""Bytes to text: what the document is written in, whatever it and its server declare.

Publishers of the region declare utf-8 and send windows-1251, or the other way round, so a
declaration is evidence and the bytes have the last word (RFC 7303 section 3 for the order).
"""

import codecs
import re

SAMPLE_BYTES = 1 << 16  # of non-ASCII text is plenty to tell KOI8-R from windows-1251
MAX_BROKEN_SHARE = 0.02  # of the non-ASCII bytes: a UTF-8 document with scars is still UTF-8

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ((b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
# What each says is less than what its bytes are used for.
_SUPERSETS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "tis-620": "cp874",
}
_GUESSES = (
    "cp1251",
    "koi8-r",
    "gb18030",
    "cp1256",
    "cp932",
    "euc_jp",
    "cp949",
    "big5hkscs",
    "cp1252",
    "cp1254",
    "cp866",
)
_CHINESE = {"gb18030", "big5hkscs"}
# Codecs that would do more than name characters: unpack, unescape or resolve.
_REFUSED = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7", "mbcs", "oem"}

_EASTERN = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff"
_UNLIKELY = re.compile(
    "[\x80-\x9f\ufffd\ue000-\uf8ff]"  # controls and private use: nobody writes them
    "|[A-Za-z][\u0400-\u04ff\u0600-\u06ff]|[\u0400-\u04ff\u0600-\u06ff][A-Za-z]"  # two scripts in one word
    rf"|[a-z][{_EASTERN}]|[{_EASTERN}][a-z]"  # an apostrophe or an accent and the letter behind it: two bytes make one
    "|[\u00c0-\u00ff]{3,}"  # a run of accented letters: Cyrillic or Arabic read as Latin
    "|[\u0430-\u044f][\u0410-\u042f]"  # small then capital: KOI8-R read as windows-1251, or the reverse
    "|[\u2500-\u25ff]"  # box drawing
    "|[\u00a1-\u00bf\u00d7\u00f7]{2,}"
)
_ALONE = re.compile("[\u0400-\u04ff\u0600-\u06ff]")
_TOGETHER = re.compile("[\u0400-\u04ff]{2}|[\u0600-\u06ff]{2}")
_SWAPPED = re.compile("\\b[\u0430-\u044f][\u0410-\u042f]{2,}")
_ICELANDIC = re.compile("[ðþýÐÞÝ]")
_TURKISH = re.compile("[ğşıĞŞİ]")
_ACCENTS = re.compile("[áíóúæÁÍÓÚÆ]")
_HAN = re.compile("[\u3400-\u9fff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_KANA = re.compile("[\u3040-\u30ff]")
# A third of any Chinese text, in both ways of writing it.
_COMMON_HAN = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同部方議這個國為時來們對會發動"
)
_LETTERS = re.compile(r"[^\W\d_]")


def decode(body: bytes, content_type: str | None = None) -> str:
    """Return the text of the document, its byte order mark gone; wrong bytes become U+FFFD."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    body = body.removeprefix(codecs.BOM_UTF8)  # put there by an editor, before what a program wrote in another encoding
    start = body[:64].lstrip(b" \t\r\n")
    for pattern, name in _WIDE:
        if start.startswith(pattern) and start.count(0) > len(start) // 4:
            return body.decode(name, "replace")
    declared = _declared(body, content_type)
    if body.isascii():
        # ISO-2022 hides its characters in ASCII.
        escaped = next((name for name in declared if b"\x1b" in body and name.startswith("iso2022")), "ascii")
        return body.decode(escaped, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _paired(body) or _best(body, declared)


def _paired(body: bytes) -> str | None:
    """Return the text of CESU-8, None where it is not: UTF-8 as databases of 16-bit characters write emoji."""
    try:
        return body.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    except UnicodeDecodeError:
        return None


def _declared(body: bytes, content_type: str | None) -> tuple[str, ...]:
    """Return the codecs the server and then the document name, those that exist."""
    found = _CHARSET.search(content_type or "")
    within = _DECLARED.match(body[:1024])
    names = (found[1] if found else None, within[1].decode("ascii") if within else None)
    return tuple(dict.fromkeys(codec for name in names if name and (codec := _codec(name))))


def _codec(name: str) -> str | None:
    try:
        found = codecs.lookup(name.lower().removeprefix("x-"))
    except LookupError:
        return None
    if found.name in _REFUSED or not found._is_text_encoding:  # noqa: SLF001  # the only way to tell base64 from a charset
        return None
    return _SUPERSETS.get(found.name, found.name)


def _best(body: bytes, declared: tuple[str, ...]) -> str:
    """Return the reading that looks most like writing; what is declared wins when it is close."""
    as_utf8 = body.decode("utf-8", "replace")
    high = sum(byte > 0x7F for byte in body[:SAMPLE_BYTES]) or 1
    broken = as_utf8[:SAMPLE_BYTES].count("\ufffd")
    if broken <= max(1, high * MAX_BROKEN_SHARE) and broken < high:  # where all are broken it was never UTF-8
        return as_utf8
    sample = _sample(body)
    best, best_score = as_utf8, -1.0
    for name in dict.fromkeys((*declared, *_GUESSES)):
        score = _score(sample.decode(name, "replace"), name) + (0.1 if name in declared else 0.0)
        if score > best_score:
            best, best_score = name, score
    return body.decode(best, "replace") if best is not as_utf8 else as_utf8


def _sample(body: bytes) -> bytes:
    """Return lines with bytes above ASCII, where the evidence is."""
    kept, size = [], 0
    for line in body.splitlines(keepends=True):
        if line.isascii():
            continue
        kept.append(line[:SAMPLE_BYTES])
        size += len(line)
        if size > SAMPLE_BYTES:
            break
    return b"".join(kept)


def _score(text: str, codec: str) -> float:
    """Return how much the characters above ASCII look like writing, at most 1."""
    strange = "".join(character for character in text if character > "\x7f")
    if not strange:
        return 0.0
    unlikely = len(_UNLIKELY.findall(text)) * 3 / len(strange)
    letters = len(_LETTERS.findall(strange)) / len(strange)
    letters -= _foreign(strange)
    if _ALONE.search(strange) and not _TOGETHER.search(text):
        letters -= 1.0  # a dash or a sign of a currency among Latin words: nobody writes in single letters
    if codec in _CHINESE and len(_KANA.findall(strange)) * 20 > len(strange):
        letters -= 0.6  # Japanese, whose kana lie where they do in Chinese sets, and whose Han do not
    if codec in _LATIN and _LATIN[codec](strange):
        letters -= 0.2
    return letters - unlikely - _swapped(text, strange)


def _swapped(text: str, strange: str) -> float:
    """Return the share of words small in their first letter and large in the rest: one Cyrillic set read as another."""
    return sum(map(len, _SWAPPED.findall(text))) / len(strange)


def _icelandic(strange: str) -> bool:
    """Return whether Turkish letters are read as Icelandic ones: no Icelandic goes without its accents."""
    return _ICELANDIC.search(strange) is not None and _ACCENTS.search(strange) is None


def _turkish(strange: str) -> bool:
    """Return whether Icelandic letters are read as Turkish ones."""
    return _TURKISH.search(strange) is not None and _ACCENTS.search(strange) is not None


_LATIN = {"cp1252": _icelandic, "cp1254": _turkish}


def _foreign(strange: str) -> float:
    """Return how unlike Chinese, Japanese or Korean the wide characters are: any two bytes make one."""
    han, hangul, kana = (len(script.findall(strange)) for script in (_HAN, _HANGUL, _KANA))
    if not han + hangul + kana:
        return 0.0
    if hangul and (hangul < 4 * han or kana):  # Korean is written with hardly any Han and no kana
        return 0.6
    if kana * 5 >= han or hangul:
        return 0.0
    return max(0.0, 0.6 - 6 * sum(map(strange.count, _COMMON_HAN)) / han)
