"""Whatever happens in whatever order: a pass that goes on from the last one publishes what one from nothing would."""

import shutil
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from feeds.model import Copy, Tags
from tests.press.desk import NOON, Desk, held

CONFIG = """
site: {title: Wire, url: "https://wire.example.org/"}
output: {region_feeds: true, formats: [atom, html]}
store: {keep: 3d}
publish: {burst: 3, burst_every: 2h}
sources:
  - {id: one, url: "https://one.example/feed", title: One}
  - {id: two, url: "https://two.example/feed", title: Two, paywalled: true}
topics:
  - {slug: kazakhstan, title: Kazakhstan, match: "region:kz matter", limit: 4, max_age: 2d}
  - {slug: fair, title: Fair, match: "region:kz OR region:ir", per_source_a_day: 2, one_per_story: true, max_age: 4d}
  - {slug: strong, title: Strong, match: "theme:diplomacy", order: score, limit: 3, language: ru}
"""
COUNTRIES = (("KZ", ("kz", "central-asia")), ("IR", ("ir",)))
entries = st.builds(
    lambda number, age, country, source, story, score, title, copied: held(
        number,
        source=source,
        story=story,
        tags=Tags(
            language="en",
            regions=country[1],
            primary=(country[0],),
            countries=(country[0],),
            themes=("diplomacy",) if score else (),
            scores={"diplomacy": score or 0.0},
        ),
        copies=(Copy(source="two", title="Told", link="https://two.example/x"),) if copied else (),
        first_seen=NOON - timedelta(hours=age),
        changed=NOON,
        entry=replace(held(number).entry, title=title, published=NOON - timedelta(hours=age + 1)),
    ),
    number=st.integers(0, 11),
    age=st.integers(0, 60),
    country=st.sampled_from(COUNTRIES),
    source=st.sampled_from(("one", "two")),
    story=st.sampled_from((None, "s", "t")),
    score=st.sampled_from((None, 0.5, 0.9)),
    title=st.sampled_from(("A matter", "No such thing", "Another matter")),
    copied=st.booleans(),
)
DECISIONS = st.sampled_from(
    [
        "{{at: {at}, act: hide, entry: 'https://one.example/{n}'}}",
        "{{at: {at}, act: pin, entry: 'https://one.example/{n}', topic: kazakhstan}}",
        "{{at: {at}, act: note, entry: 'https://one.example/{n}', text: Both.}}",
        "{{at: {at}, act: withdraw, entry: 'https://one.example/{n}'}}",
        "{{at: {at}, act: hold, source: one}}",
        "{{at: {at}, act: release, source: one}}",
        "{{at: {at}, act: retag, entry: 'https://one.example/{n}', regions: [ir]}}",
    ]
)


class Passes(RuleBasedStateMachine):
    """Two deployments that live through the same; one forgets everything between two passes."""

    @initialize()
    def begin(self):
        # In memory where there is such a folder: every published file is flushed to the disk.
        self.folder = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
        self.desks = [Desk(self.folder / name, CONFIG) for name in ("goes-on", "forgets")]
        self.now = NOON
        self.known = {}
        self.merged = set()
        self.said = ""

    @rule(helds=st.lists(entries, max_size=6))
    def poll(self, helds):
        # A poll knows that an id leads elsewhere now, and saves what comes under it there.
        told = {one.entry.id: one for one in helds if one.entry.id not in self.merged}
        for key, one in told.items():
            before = self.known.get(key)
            first_seen = before.first_seen if before else self.now - (NOON - one.first_seen)
            self.known[key] = told[key] = replace(one, first_seen=first_seen, changed=self.now)
        for desk in self.desks:
            desk.keep(*told.values())

    @precondition(lambda self: len(self.known) > 1)
    @rule(data=st.data())
    def merge(self, data):
        younger, older = data.draw(st.lists(st.sampled_from(sorted(self.known)), min_size=2, max_size=2, unique=True))
        del self.known[younger]
        self.merged.add(younger)
        for desk in self.desks:
            desk.keep(aliases=[(younger, older)])

    @rule(text=DECISIONS, number=st.integers(0, 11))
    def decide(self, text, number):
        self.said += "- " + text.format(n=number, at=f"{self.now:%Y-%m-%dT%H:%M:%SZ}") + "\n"
        for desk in self.desks:
            (desk.folder / "hand.yaml").write_text(self.said, encoding="utf-8")

    @rule(hours=st.integers(0, 30))
    def wait(self, hours):
        self.now += timedelta(hours=hours)

    @rule()
    def upkeep(self):
        for desk in self.desks:
            desk.state.prune(keep=desk.config.store.keep, now=self.now)

    @invariant()
    def published_is_what_a_pass_from_nothing_would(self):
        if not hasattr(self, "desks") or not self.known:
            return
        goes_on, forgets = self.desks
        forgets.forget()
        reports = [desk.publish(self.now) for desk in self.desks]

        assert forgets.tree() == goes_on.tree()
        assert [topic.entries for topic in reports[1].topics] == [
            topic.entries for topic in reports[0].topics
        ] or not reports[0].topics

    def teardown(self):
        if hasattr(self, "desks"):
            for desk in self.desks:
                desk.state.close()
            shutil.rmtree(self.folder)


TestPasses = Passes.TestCase
TestPasses.settings = settings(
    max_examples=10, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
