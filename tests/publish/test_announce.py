"""The hub hears which feeds changed, the editor's command what files did; either may fail, in one line."""

from urllib.parse import parse_qs

import httpx
import pytest

from feeds import publish
from feeds.errors import PublishError

SITE = "https://wire.example.org/"


def hub(status, seen):
    def answer(request):
        seen.append(parse_qs(request.content.decode()))
        return httpx.Response(status)

    return httpx.Client(transport=httpx.MockTransport(answer))


def test_the_hub_hears_of_feeds_and_of_nothing_else():
    seen = []
    written = ["a.atom", "a.html", "archive/a/2026-10.atom", "a.xml"]
    publish.ping("https://hub.example/", SITE, written, client=hub(202, seen))

    assert [{"hub.mode": ["publish"], "hub.url": [SITE + "a.atom", SITE + "a.xml"]}] == seen


def test_the_hub_is_left_alone_when_no_feed_changed():
    seen = []
    publish.ping("https://hub.example/", SITE, ["a.html"], client=hub(202, seen))

    assert [] == seen


def test_a_hub_that_refuses_is_one_error():
    with pytest.raises(PublishError, match=r"hub\.example"):
        publish.ping("https://hub.example/", SITE, ["a.atom"], client=hub(500, []))


def test_the_command_gets_the_folder_and_what_changed(tmp_path):
    publish.after('cat > "$FEEDS_FOLDER/said"', tmp_path, ["a.atom"], ["b.atom"])

    assert "a.atom\nb.atom\n" == (tmp_path / "said").read_text()


def test_a_command_that_fails_says_why(tmp_path):
    with pytest.raises(PublishError, match=r"publish\.after: exit 3: no such bucket"):
        publish.after("echo no such bucket >&2; exit 3", tmp_path, [])


def test_the_editors_files_are_read_and_a_broken_one_is_named(tmp_path):
    (tmp_path / "index.html").write_text("mine")
    (tmp_path / "kk.json").write_text('{"topics": "Тақырыптар"}')

    assert {"index.html": "mine"} == publish.templates(tmp_path)
    assert {"kk": {"topics": "Тақырыптар"}} == publish.translations(tmp_path)

    (tmp_path / "uz.json").write_text("{")

    with pytest.raises(PublishError, match=r"uz\.json"):
        publish.translations(tmp_path)
