"""The main job as an editor and a subscriber meet it: one command line, real sockets, real files."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from feeds import demo
from tests.e2e.conftest import NOW


def entries(deployment, topic):
    return json.loads((deployment.public / f"{topic}.json").read_text(encoding="utf-8"))["items"]


def everything(folder):
    return {path.relative_to(folder): (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*.*")}


@pytest.fixture
def published(deployment):
    done = deployment.run("once", "--all")
    assert done.returncode == 0, done.stderr
    return deployment


@pytest.fixture
def untroubled(deployment):
    """Another deployment of the same sources, after a pass that nothing disturbed."""
    other = deployment.folder / "other"
    other.mkdir()
    (other / "config.yaml").write_text(demo.config_text(deployment.press.base_url, other), encoding="utf-8")
    beside = replace(deployment, folder=other)
    beside.run("once", "--all")
    return beside


def test_the_seed_lands_in_central_asia_diplomacy_about_kazakhstan_and_iran_only(published):
    (seed,) = [
        entry
        for entry in entries(published, "central-asia-diplomacy")
        if "Rakhmetullin" in json.dumps(entry, ensure_ascii=False)
    ]
    told = subprocess.run(
        [
            sys.executable,
            "-m",
            "feeds",
            "--config",
            str(published.folder / "config.yaml"),
            "explain",
            "--json",
            seed["id"],
        ],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    tags = json.loads(told.stdout)["held"]["tags"]

    assert {"KZ", "IR"} == set(tags["primary"])


def test_sport_crime_and_venues_stay_out_of_central_asia_diplomacy(published):
    titles = " | ".join(entry["title"] for entry in entries(published, "central-asia-diplomacy"))

    for stranger in ("chess", "beat Uzbekistan", "fraud", "car plant", "Astana-format", "обыграла", "орке", "құрамасы"):
        assert stranger not in titles


def test_publishing_twice_writes_nothing_and_touches_nothing(published):
    before = everything(published.public)
    again = published.run("publish", now="2026-11-23T13:30:00Z")

    assert 0 == again.returncode
    assert before == everything(published.public)


def test_a_late_correction_is_the_same_entry_and_says_when(published):
    before = {entry["id"]: entry["title"] for entry in entries(published, "central-asia-diplomacy")}
    published.press.advance()
    published.run("once", "--all", now="2026-11-23T13:00:00Z")
    after = {entry["id"]: entry["title"] for entry in entries(published, "central-asia-diplomacy")}

    assert set(before) <= set(after)
    (key,) = [key for key in before if before[key] != after[key]]
    (told,) = [entry for entry in entries(published, "central-asia-diplomacy") if entry["id"] == key]
    assert "Corrected 23 November 2026, 13:00 UTC" in told["content_html"]
    assert "2026-11-23T13:00:00Z" == told["date_modified"]
    assert told["date_published"] < told["date_modified"]


def test_copies_of_a_story_appear_once_with_who_else_reported_it(published):
    told = [entry for entry in entries(published, "central-asia-diplomacy") if "47" in entry["title"]]

    assert 1 == len(told)
    assert "stepnoy-vestnik" in json.dumps(told[0]) or "Степной" in json.dumps(told[0], ensure_ascii=False)


def test_losing_the_state_republishes_nothing_under_a_new_id(published):
    before = {entry["id"] for entry in entries(published, "central-asia-diplomacy")}
    for lost in published.folder.glob("feeds.db*"):
        lost.unlink()
    published.run("once", "--all", now="2026-11-23T14:00:00Z")

    assert before == {entry["id"] for entry in entries(published, "central-asia-diplomacy")}


def test_renaming_a_source_and_moving_the_site_republish_nothing_under_a_new_id(published):
    before = {entry["id"] for entry in entries(published, "central-asia-diplomacy")}
    config = published.folder / "config.yaml"
    text = config.read_text(encoding="utf-8")
    for old, new in (
        ("id: silk-road-wire", "id: another-name"),
        ("title: Silk Road Wire", "title: The Wire"),
        ("/silk-road-wire.rss", "/silk-road-wire.rss?moved=1"),
    ):
        assert old in text
        text = text.replace(old, new)
    config.write_text(text, encoding="utf-8")
    done = published.run("once", "--all", now="2026-11-23T14:00:00Z", FEEDS_SITE__URL="https://elsewhere.example/")

    assert 0 == done.returncode, done.stderr
    assert before == {entry["id"] for entry in entries(published, "central-asia-diplomacy")}


def test_a_source_that_is_down_or_no_feed_shows_in_status_and_never_as_an_entry(published):
    told = {source["id"]: source for source in json.loads(published.run("status", "--json").stdout)}

    assert "500" in told["collapsed"]["answer"]
    assert "refused" in told["closed"]["answer"]
    assert "page" in told["page"]["answer"]
    assert not [entry for entry in entries(published, "central-asia-diplomacy") if "500" in entry["title"]]


def test_all_sources_down_is_still_exit_0(deployment):
    done = deployment.run("once", "--all", FEEDS_POLL__ALLOW_NETWORKS="[]")

    assert 0 == done.returncode, done.stderr


def test_five_mistakes_exit_2_with_their_lines_and_no_traceback(deployment):
    (deployment.folder / "config.yaml").write_text(
        "site: {url: nowhere}\npoll: {interval: soon}\nsources:\n- {id: A B, url: ftp://x}\n- {id: b}\n"
    )
    done = deployment.run("check")

    assert 2 == done.returncode
    assert 5 == sum(line.startswith("  line ") for line in done.stderr.splitlines())
    assert "Traceback" not in done.stderr


def test_an_output_that_cannot_be_written_is_one_clear_line_and_exit_1(published):
    (published.folder / "config.yaml").write_text(
        (published.folder / "config.yaml").read_text(encoding="utf-8").replace(str(published.public), "/dev/null/out"),
        encoding="utf-8",
    )
    done = published.run("publish", now="2026-11-23T16:00:00Z")

    assert 1 == done.returncode
    assert 1 == len(done.stderr.strip().splitlines())
    assert "/dev/null/out" in done.stderr


@pytest.mark.parametrize("largest_file_bytes", [60_000, 300_000])
def test_a_disk_that_fills_up_is_one_line_and_the_next_run_has_everything(deployment, untroubled, largest_file_bytes):
    failed = deployment.run("once", "--all", largest_file_bytes=largest_file_bytes)

    assert 1 == failed.returncode
    assert 1 == len(failed.stderr.strip().splitlines())
    assert "feeds.db" in failed.stderr

    done = deployment.run("once", "--all")

    assert 0 == done.returncode, done.stderr
    assert entries(untroubled, "central-asia-diplomacy") == entries(deployment, "central-asia-diplomacy")


def test_the_service_drains_on_sigterm_and_refuses_a_second_beside_it(deployment):
    service = subprocess.Popen(
        [sys.executable, "-m", "feeds", "--config", str(deployment.folder / "config.yaml"), "run"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    try:
        _until((deployment.public / "index.html").exists)
        second = deployment.run("once")
        (deployment.folder / "config.yaml").write_text("sources: nonsense\n")
        service.send_signal(signal.SIGHUP)
        time.sleep(1)

        assert service.poll() is None, "a wrong configuration must not end the service"
        assert 1 == second.returncode
    finally:
        service.send_signal(signal.SIGTERM)
        said, _ = service.communicate(timeout=90)

    assert 0 == service.returncode, said
    assert "configuration refused" in said
    assert "Traceback" not in said


def entries_held(deployment):
    try:
        with closing(sqlite3.connect(f"file:{deployment.folder}/feeds.db?mode=ro", uri=True)) as state:
            return {row[0] for row in state.execute("SELECT id FROM entries")}
    except sqlite3.OperationalError:  # no file, or no table in it yet
        return set()


@pytest.mark.parametrize(
    "reached",
    [entries_held, lambda deployment: list(deployment.public.glob("*.json"))],
    ids=["entries are saved", "topics are written"],
)
def test_a_pass_killed_once(deployment, untroubled, reached):
    """Nothing that was committed is lost, no file is torn, and the next pass makes up for the rest."""
    killed = subprocess.Popen(
        [sys.executable, "-m", "feeds", "--config", str(deployment.folder / "config.yaml"), "once", "--all"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "FEEDS_NOW": NOW},
    )
    _until(lambda: reached(deployment), every=0.01)
    killed.kill()
    killed.wait()
    held = entries_held(deployment)
    for path in deployment.public.glob("*.json"):
        json.loads(path.read_text(encoding="utf-8"))
    done = deployment.run("once", "--all")

    assert 0 == done.returncode, done.stderr
    assert held
    assert held <= entries_held(deployment)
    assert entries(untroubled, "central-asia-diplomacy") == entries(deployment, "central-asia-diplomacy")


def _until(true, *, seconds=60, every=0.2):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never happened"
        time.sleep(every)


def test_exit_codes_tell_scripts_what_happened(deployment, tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><title>No feed</title>")

    assert 1 == deployment.run("status", "--alive").returncode
    assert 1 == deployment.run("parse", "--json", str(page)).returncode
    assert 2 == deployment.run("preview", "--match", "region:centralasia").returncode
    assert 2 == deployment.run("nonsense").returncode


def test_what_the_editor_hides_leaves_every_file_and_explain_says_so(published):
    entry = entries(published, "central-asia-diplomacy")[0]
    hidden = published.run("hide", entry["id"])
    published.run("publish", now="2026-11-23T12:01:00Z")
    told = json.loads(published.run("explain", "--json", entry["id"], now="2026-11-23T12:02:00Z").stdout)

    assert 0 == hidden.returncode, hidden.stderr
    assert "central-asia-diplomacy" not in told["published"]
    assert not [path for path in published.public.rglob("*.json") if entry["id"] in path.read_text(encoding="utf-8")]


def test_what_is_withdrawn_does_not_return_with_a_copy_when_the_state_is_lost_and_its_source_gone(published):
    copies = {
        "Five ministers, one river",
        "Water council for Central Asia agreed",
        "agree to set up joint water council",
    }
    done = published.run("withdraw", "https://caspian-monitor.example/water-council-deal", "--why", "a letter")
    assert 0 == done.returncode, done.stderr

    for lost in published.folder.glob("feeds.db*"):
        lost.unlink()
    config = published.folder / "config.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(re.sub(r"  - id: arman-en\n(    .*\n)+", "", text), encoding="utf-8")
    done = published.run("once", "--all", now="2026-11-23T14:00:00Z")

    assert 0 == done.returncode, done.stderr
    assert "arman-en" not in config.read_text(encoding="utf-8")
    told = {path: path.read_text(encoding="utf-8") for path in published.public.rglob("*.*") if path.suffix != ".png"}
    assert told
    assert not [path for path, text in told.items() if any(one in text for one in copies)]


def test_explain_shows_the_correction_beside_the_machines_reading(published):
    entry = entries(published, "central-asia-diplomacy")[0]
    published.run("retag", entry["id"], "--regions", "mn", "--themes", "culture", "--why", "a mix-up")
    told = published.run("explain", entry["id"]).stdout

    assert re.search(r"retag by .*: mn, culture \(a mix-up\)", told)
    assert "corrected about: MN, where the machine reads " in told
    assert re.search("corrected themes: culture, where the machine reads .*diplomacy", told)


def test_explain_tells_in_a_line_or_three_why_an_entry_is_in_a_topic_or_out(published):
    entry = entries(published, "central-asia-diplomacy")[0]
    told = published.run("explain", entry["id"]).stdout
    topics = dict(
        re.findall(r"^  ((?:in |out) [a-z-]+).*\n((?:      .*\n)+)", told.partition("Topics\n")[2], re.MULTILINE)
    )

    assert list(topics) == sorted(topics, key=lambda topic: topic.startswith("out"))
    assert max(clauses.count("\n") for clauses in topics.values()) <= 4
    assert "✓ region:central-asia, theme:diplomacy, -theme:sport" in topics["in  central-asia-diplomacy"]
    assert all("✗" in clauses for topic, clauses in topics.items() if topic.startswith("out"))


def test_search_finds_stored_entries_by_the_language_of_topics(published):
    found = json.loads(published.run("search", "--json", "region:kz", "theme:diplomacy").stdout)
    wrong = published.run("search", "region:kazakhstan")

    assert found == sorted(found, key=lambda hit: hit["published"], reverse=True)
    assert any("central-asia-diplomacy" in hit["topics"] for hit in found)
    assert (2, "  region:kazakhstan\n         ^ no region is called kazakhstan; did you mean kz?\n") == (
        wrong.returncode,
        wrong.stderr.partition("\n")[2],
    )


def test_a_source_asked_for_by_name_that_is_not_due_says_so(published):
    source = json.loads(published.run("status", "--json").stdout)[0]["id"]
    told = published.run("poll", "--source", source).stdout

    assert told.startswith(f"{source} is not due before 2026-11-23")


@pytest.fixture
def serving(deployment):
    """The service on the demo, looking every second, and what it has said so far."""
    config = deployment.folder / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8") + "publish: {interval: 1s}\n", encoding="utf-8")
    said = deployment.folder / "service.log"
    with said.open("w", encoding="utf-8") as log:
        service = subprocess.Popen(
            [sys.executable, "-m", "feeds", "--config", str(config), "run"],
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=Path(__file__).parents[2],
        )
        try:
            _until((deployment.public / "central-asia-diplomacy.json").exists)
            _until(lambda: entries(deployment, "central-asia-diplomacy"))
            yield lambda: said.read_text(encoding="utf-8")
        finally:
            service.send_signal(signal.SIGTERM)
            service.wait(timeout=90)


def test_a_running_service_tells_who_decided_what_and_holds_to_it_while_the_hands_file_is_wrong(deployment, serving):
    hidden = entries(deployment, "central-asia-diplomacy")[0]["id"]
    hand = deployment.folder / "hand.yaml"

    def shown():
        return {entry["id"] for entry in entries(deployment, "central-asia-diplomacy")}

    other = min(shown() - {hidden})
    deployment.run("hide", hidden, "--why", "a letter")
    _until(lambda: hidden not in shown())
    assert re.search(rf"decided .*act=hide.*{re.escape(hidden)} .*why='a letter'", serving())

    right = hand.read_text(encoding="utf-8")
    for wrong, told in (
        (right + "- {at: 2026-11-23, act: hid, entry: x}\n", "act is one of pin"),
        (right + "- {act: hide\n", "not YAML"),
        ("", "is gone or empty"),
    ):
        hand.write_text(wrong, encoding="utf-8")
        _until(lambda told=told: told in serving())
        # It publishes on: what is asked of the configuration meanwhile is done.
        config = deployment.folder / "config.yaml"
        text = config.read_text(encoding="utf-8")
        config.write_text(re.sub("title: Feeds demo.*", f"title: Feeds demo {told}", text), encoding="utf-8")
        _until(lambda told=told: told in (deployment.public / "index.html").read_text(encoding="utf-8"))
        assert hidden not in shown()
    assert 3 == serving().count("decisions refused")

    hand.write_text(right + f"- {{at: 2026-11-23, act: hide, entry: {json.dumps(other)}, by: Aigul}}\n", "utf-8")
    _until(lambda: other not in shown())
    hand.write_text("[]\n", encoding="utf-8")
    _until(lambda: {hidden, other} <= shown())
    assert "taken back" in serving()
    assert "by=Aigul" in serving()
