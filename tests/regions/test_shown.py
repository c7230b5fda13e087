"""What others see of regions: `feeds tag`, `feeds check`, labels, points, how fast a lexicon is there."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds import language, regions
from feeds.regions import vocabulary

ROOT = Path(__file__).parents[2]
CASES = [
    json.loads(line)
    for name in ("apart.jsonl", "apart2.jsonl", "apart3.jsonl", "apart4.jsonl")
    for line in (ROOT / "tests" / "data" / "regions" / name).read_text(encoding="utf-8").splitlines()
]
LOADED_MS = 300
TOLD = 0.97  # of 1,151 titles, without a word of the feed: .990 on 23 November 2026


def feeds(*words, given="", now="2026-11-23T12:00:00Z", cwd=ROOT):
    environ = {**os.environ, "FEEDS_NOW": now, "PYTHONPATH": str(ROOT)}
    run = [sys.executable, "-m", "feeds", *words]
    return subprocess.run(run, input=given, capture_output=True, text=True, check=False, cwd=cwd, env=environ)


def test_feeds_tag_counts_home_where_it_is_said_and_nowhere_else(tmp_path):
    office = {"title": "The president received the ambassador", "text": "", "lang": "en"}
    rows = [office | {"id": 1}, office | {"id": 2, "home": "KZ"}, {"id": 3, "title": "Talks in Kazan", "lang": "en"}]
    said = feeds("tag", given="\n".join(map(json.dumps, rows)), cwd=tmp_path)
    told = [json.loads(line) for line in said.stdout.splitlines()]

    assert [(1, []), (2, ["KZ"]), (3, ["RU"])] == [(one["id"], one["primary"]) for one in told]
    assert {"ru", "ru-ta", "eastern-europe", "europe"} <= set(told[2]["regions"])


@pytest.mark.parametrize(("now", "warned"), [("2026-11-23T12:00:00Z", True), ("2025-11-01T12:00:00Z", False)])
def test_feeds_check_warns_of_office_holders_whom_nobody_reviewed_for_long(tmp_path, now, warned):
    (tmp_path / "config.yaml").write_text(
        "site: {title: A, url: 'https://a.example/', contact: e@a.example}\n"
        "sources: [{id: c, title: C, url: 'https://c.example/f.xml'}]\n"
        "topics: [{slug: t, title: T, match: 'region:central-asia'}]\n",
        encoding="utf-8",
    )
    said = feeds("--config", str(tmp_path / "config.yaml"), "check", now=now)

    assert (0, warned) == (said.returncode, "were last reviewed on" in said.stdout + said.stderr)


@pytest.mark.parametrize("tongue", sorted(vocabulary.languages() - {"en"}))
def test_a_country_and_what_lies_above_it_are_labelled_in_the_language_of_the_feed(tongue):
    labels = [one.label for one in regions.categories(("cn", "asia"), language=tongue)]

    assert {"China", "Asia"} & set(labels) <= {
        # what these languages call them too
        "es": {"China", "Asia"},
        "de": {"China"},
        "pt": {"China"},
        "it": {"Asia"},
        "id": {"Asia"},
    }.get(tongue, set())


def test_dari_is_labelled_as_persian_and_kazakh_in_latin_letters_in_them():
    assert regions.label("kz", language="fa") == regions.label("kz", language="prs")
    assert regions.label("kz", language="kk-Latn") == "Qazaqstan"


def test_an_entry_has_the_point_of_the_place_it_names_most():
    reading = regions.read(title="Summit in Samarkand", text="Samarkand hosts it, not Paris.", language="en")

    assert (39.7, 67.0) == tuple(round(one, 1) for one in reading.point)
    assert regions.read(title="Summit of ministers", language="en").point is None


def test_a_lexicon_that_was_worked_out_once_is_there_at_once():
    code = (
        "import time; from feeds.regions import lexicon; from feeds import shelf\n"
        "start = time.process_time(); lexicon.compiled('en'); print((time.process_time() - start) * 1e3)"
    )
    run = [sys.executable, "-c", code]
    # The first may have to work it out.
    taken = [float(subprocess.run(run, capture_output=True, text=True, check=True, cwd=ROOT).stdout) for _ in range(3)]

    assert LOADED_MS > min(taken[1:])


def test_titles_tell_their_language_without_a_word_of_the_feed():
    def base(tag):
        return {"prs": "fa"}.get(tag, tag.split("-")[0])

    told = sum(base(language.identify(case["title"]) or "") == base(case["lang"]) for case in CASES)

    assert told >= TOLD * len(CASES)


def test_every_language_has_hard_cases_that_name_countries_and_such_that_name_none():
    folder = ROOT / "tests" / "data" / "regions" / "hard"
    for tongue in vocabulary.languages() - {"bg", "cs", "sl"}:
        cases = [json.loads(line) for line in (folder / f"{tongue}.jsonl").read_text(encoding="utf-8").splitlines()]
        named = sum(bool(case["countries"]) for case in cases)
        assert (named >= 5, len(cases) - named >= 1) == (True, True), tongue


def test_the_day_of_a_review_is_what_counts():
    assert regions.stale(datetime(2026, 11, 23, tzinfo=UTC))
