"""Says in which language a text is: letters first, a model only where they leave a doubt."""

import re
from collections import Counter
from functools import cache
from importlib import resources

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_SAMPLE_LENGTH = 600  # characters: more changes no answer
_LETTERS = {
    "Cyrl": re.compile("[\u0400-\u052f]"),
    "Arab": re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]"),
    "Latn": re.compile("[A-Za-z\u00c0-\u024f]"),
    "Hani": re.compile("[\u4e00-\u9fff]"),
    "Kana": re.compile("[\u3041-\u30ff]"),
    "Hang": re.compile("[\uac00-\ud7af]"),
    "Armn": re.compile("[\u0531-\u0587]"),
    "Geor": re.compile("[\u10a0-\u10ff]"),
    "Hebr": re.compile("[\u05d0-\u05ea]"),
    "Deva": re.compile("[\u0900-\u097f]"),
    "Grek": re.compile("[\u0370-\u03ff]"),
    "Thai": re.compile("[\u0e00-\u0e7f]"),
    "Beng": re.compile("[\u0980-\u09ff]"),
}
_ALONE = {"Hang": "ko", "Kana": "ja", "Hani": "zh", "Armn": "hy", "Geor": "ka", "Hebr": "he", "Grek": "el",
          "Thai": "th", "Beng": "bn"}  # fmt: skip
_SURE = 4  # points of traits that leave no doubt
_HINT_POINTS = 3
_GLANCE_LENGTH = 160  # characters in which a language that is said shows itself
_MODEL_KNOWS = "en de fr es it pt pl nl id tr az cs sk sl hr ro hu fi sv da no vi ms ca et lt lv sq"
Trait = tuple[str, int, re.Pattern[str]]  # language, points for each time it is seen, expression


@cache
def _table() -> tuple[dict[str, list[Trait]], dict[str, re.Pattern[str]]]:
    """Return the traits by script, and by language the words that are enough to believe a feed."""
    traits: dict[str, list[Trait]] = {}
    plain: dict[str, re.Pattern[str]] = {}
    text = (resources.files("feeds") / "data" / "language" / "traits.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        written, language, points, expression = line.split("\t")
        if points == "plain":
            plain[language] = re.compile(expression, re.IGNORECASE)
        else:
            traits.setdefault(written, []).append((language, int(points), re.compile(expression)))
    return traits, plain


@cache
def _traited() -> frozenset[str]:
    return frozenset(language for traits in _table()[0].values() for language, _, _ in traits)


@cache
def _model() -> LanguageIdentifier:
    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    model.set_languages(_MODEL_KNOWS.split())
    return model


def script(text: str) -> str | None:
    """Return the ISO 15924 code of the script most of the text is in; `None`: no letters."""
    sample = text[:_SAMPLE_LENGTH]
    if sample.isascii():
        return "Latn" if _LETTERS["Latn"].search(sample) else None
    counts = {name: len(letters.findall(sample)) for name, letters in _LETTERS.items()}
    if counts["Kana"] and counts["Hani"] + counts["Kana"] > counts["Latn"] / 3:
        return "Kana"  # Japanese mixes the two, Chinese has no kana
    for name in ("Hani", "Hang"):
        counts[name] *= 2  # a character is a syllable or a word
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] else None


def identify(text: str, *, hint: str | None = None) -> str | None:
    """Return the BCP 47 language of a text, or `None` where it has no letters and there is no hint.

    `hint` is what the feed says: believed where the text does not speak against it. A script that is not
    the language's usual one is named: `uz-Cyrl`, `kk-Latn`. Good on titles, best with a sentence more.
    """
    sample = text[:_SAMPLE_LENGTH]
    hint = hint.replace("_", "-") if hint else None
    if hint and (plain := _table()[1].get(hint.lower())) and plain.search(sample, 0, _GLANCE_LENGTH):
        return hint
    written = script(sample)
    if written is None:
        return hint
    if written in _ALONE:
        alone = _ALONE[written]
        return hint if hint and hint.split("-", maxsplit=1)[0] in {alone, "yue", "yi"} else alone
    said = _said(hint, written) if hint else ""
    low = sample.lower()
    if said in _traited() and _fits(said, low[:_GLANCE_LENGTH], written):
        return hint if "-" not in said else said
    points = _points(low, written)
    if said in points:
        points[said] += _HINT_POINTS
    best, score = max(points.items(), key=lambda pair: pair[1], default=("", 0))
    if written == "Latn" and score < _SURE:
        if said and (said not in _MODEL_KNOWS.split() or len(sample) < _GLANCE_LENGTH):
            return hint
        return str(_model().classify(sample)[0])
    if score <= 0:
        return {"Cyrl": "ru", "Arab": "ar", "Deva": "hi"}.get(written, "en")
    return hint if best == said and "-" not in said else best


def _said(hint: str, written: str) -> str:
    """Return the language of a hint as the traits call it, given the script seen."""
    base = hint.split("-", maxsplit=1)[0].lower()
    return {("uz", "Cyrl"): "uz-Cyrl", ("kk", "Latn"): "kk-Latn", ("prs", "Arab"): "fa", ("ku", "Arab"): "ckb"}.get(
        (base, written), base
    )


def _fits(said: str, low: str, written: str) -> bool:
    """Tell whether a text shows the language it is said to be in, and nothing against it."""
    good = False
    for language, weight, trait in _table()[0].get(written, ()):
        if language == said and trait.search(low):
            if weight < 0:
                return False
            good = good or weight > 1
    return good


def _points(low: str, written: str) -> Counter[str]:
    points: Counter[str] = Counter()
    for language, weight, trait in _table()[0].get(written, ()):
        points[language] += weight * min(len(trait.findall(low)), 6)
    return points
