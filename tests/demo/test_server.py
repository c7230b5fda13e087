"""The loopback server answers as the publishers it stands for."""

from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import yaml

from feeds import demo

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
def press():
    with demo.serve(now=NOW) as press:
        yield press


def test_a_sample_comes_with_its_type_and_both_validators(press):
    answer = httpx.get(press.base_url + "/ala-too.atom")

    assert 200 == answer.status_code
    assert "application/atom+xml" == answer.headers["content-type"]
    assert "Mon, 23 Nov 2026 09:30:00 GMT" == answer.headers["last-modified"]
    assert answer.headers["etag"].startswith('"')


@pytest.mark.parametrize(
    ("validator", "condition"), [("etag", "If-None-Match"), ("last-modified", "If-Modified-Since")]
)
def test_who_has_it_already_is_told_so(press, validator, condition):
    first = httpx.get(press.base_url + "/xilu.atom")

    again = httpx.get(press.base_url + "/xilu.atom", headers={condition: first.headers[validator]})

    assert 304 == again.status_code
    assert b"" == again.content


def test_what_is_corrected_is_sent_again_and_the_rest_is_not(press):
    paths = ("/silk-road-wire.rss", "/shati.rss")
    tags = {path: httpx.get(press.base_url + path).headers["etag"] for path in paths}

    press.advance()
    codes = [httpx.get(press.base_url + path, headers={"If-None-Match": tags[path]}).status_code for path in paths]

    assert [200, 304] == codes


def test_trouble_is_served_as_trouble(press):
    assert 500 == httpx.get(press.base_url + "/collapsed.rss").status_code
    assert 404 == httpx.get(press.base_url + "/nowhere.rss").status_code
    assert "text/html; charset=utf-8" == httpx.get(press.base_url + "/page.html").headers["content-type"]


def test_an_outlet_that_moved_says_where_to(press):
    answer = httpx.get(press.base_url + "/bogaz-eski.rss")

    assert 301 == answer.status_code
    assert press.base_url + "/bogaz.rss" == answer.headers["location"]


def test_every_source_of_the_config_is_served_or_fails_on_purpose(press):
    config = yaml.safe_load(demo.config_text(press.base_url, Path("elsewhere")))
    served = [source["url"] for source in config["sources"] if source["id"] not in {"collapsed", "closed"}]

    assert {200} == {httpx.get(url, follow_redirects=True).status_code for url in served}


def test_a_folder_with_any_name_stays_one_yaml_string(tmp_path):
    folder = tmp_path / 'a: "b" #c'

    config = yaml.safe_load(demo.config_text("http://127.0.0.1:1", folder))

    assert str(folder / "public") == config["output"]["folder"]
    assert f"sqlite:///{folder / 'feeds.db'}" == config["store"]["url"]
