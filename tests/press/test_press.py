"""A publishing pass: what of the state, the configuration and the editor's files reaches the folder, and when."""

import json
from dataclasses import replace
from datetime import timedelta

from tests.press.desk import CONFIG, NOON, held


def test_entries_of_a_story_stand_together_on_the_page(desk):
    desk.keep(held(1, story="s"), held(2), held(3, story="s"))
    desk.publish()
    page = desk.file("all.html")

    assert page.index("Matter 1") < page.index("Matter 3") < page.index("Matter 2")


def test_the_editors_own_language_is_read_from_the_folder_of_templates(desk):
    own = desk.folder / "own"
    own.mkdir()
    (own / "kk.json").write_text(json.dumps({"topics": "Тақырыптар"}), encoding="utf-8")
    desk.write(CONFIG.replace("site: {", "output: {templates: own}\nsite: {language: kk, "))
    desk.keep(held(1))
    desk.publish()

    assert "Тақырыптар" in desk.file("index.html")


def test_an_edited_template_is_published_at_the_next_pass(desk):
    desk.keep(held(1))
    own = desk.folder / "own"
    own.mkdir()
    desk.write(CONFIG + "\noutput: {templates: own}\n")
    desk.publish()
    (own / "removed.html").write_text("never used", encoding="utf-8")
    (own / "index.html").write_text("<p>Mine.</p>", encoding="utf-8")
    desk.publish(NOON + timedelta(minutes=1))

    assert "<p>Mine.</p>" == desk.file("index.html")


def test_a_changed_entry_keeps_its_place_and_its_id(desk):
    desk.keep(held(1), held(2))
    desk.publish()
    mended = held(2)
    desk.keep(replace(mended, entry=replace(mended.entry, title="Mended")))
    desk.publish(NOON + timedelta(minutes=1))
    items = json.loads(desk.file("all.json"))["items"]

    assert [("https://one.example/1", "Matter 1"), ("https://one.example/2", "Mended")] == [
        (item["id"], item["title"]) for item in items
    ]
