"""Files appear whole, only when they changed, and a crash leaves nothing torn."""

import gzip
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds import publish
from feeds.errors import PublishError


@dataclass
class File:
    path: str
    body: bytes
    inputs: str = ""
    keep: bool = False
    lost: bool = False
    amend: Any = None
    basis: str | None = None
    patch: Any = None

    def __post_init__(self):
        self.inputs = self.inputs or self.body.hex()

    def make(self):
        return self.body


def stamps(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_what_is_new_is_written_and_what_is_the_same_is_left_alone(tmp_path):
    files = [File("a.atom", b"one"), File("regions/kz.atom", b"two")]
    known = publish.Ledger()
    first = publish.write(tmp_path, files, known=known)
    before = stamps(tmp_path)
    again = publish.write(tmp_path, files, known=known)

    assert ("a.atom", "regions/kz.atom") == first.written
    assert publish.Report(unchanged=2) == again
    assert before == stamps(tmp_path)


def test_a_lost_ledger_writes_nothing_either(tmp_path):
    files = [File("a.atom", b"one", inputs="1")]
    publish.write(tmp_path, files, known=publish.Ledger())
    before = stamps(tmp_path)
    again = publish.write(tmp_path, [File("a.atom", b"one", inputs="2")], known=publish.Ledger())

    assert publish.Report(unchanged=1) == again
    assert before == stamps(tmp_path)


def test_a_file_changed_by_somebody_else_is_put_right(tmp_path):
    files = [File("a.atom", b"one")]
    known = publish.Ledger()
    publish.write(tmp_path, files, known=known)
    (tmp_path / "a.atom").write_bytes(b"defaced")

    assert ("a.atom",) == publish.write(tmp_path, files, known=known).written
    assert b"one" == (tmp_path / "a.atom").read_bytes()


def test_unchanged_inputs_are_not_even_rendered(tmp_path):
    class Costly(File):
        def make(self):
            raise AssertionError

    known = publish.Ledger()
    publish.write(tmp_path, [File("a.atom", b"one")], known=known)

    assert publish.Report(unchanged=1) == publish.write(tmp_path, [Costly("a.atom", b"one")], known=known)


def test_what_is_no_longer_published_goes_and_strangers_and_archives_stay(tmp_path):
    (tmp_path / "mine.txt").write_text("the editor's")
    known = publish.Ledger()
    publish.write(tmp_path, [File("a.atom", b"1"), File("archive/a/2026-10.atom", b"2")], known=known)
    report = publish.write(tmp_path, [], known=known)

    assert ("a.atom",) == report.removed
    assert ["archive/a/2026-10.atom", "mine.txt"] == sorted(
        str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()
    )


def test_a_closed_archive_is_never_written_again_but_for_a_withdrawal(tmp_path):
    closed = File("archive/a/2026-10.atom", b"<fh:archive/> one two", keep=True)
    publish.write(tmp_path, [closed], known=publish.Ledger())
    forgotten = File("archive/a/2026-10.atom", b"<fh:archive/>", keep=True)
    withdrawn = File("archive/a/2026-10.atom", b"", keep=True, amend=lambda body: body.replace(b" one", b""))

    assert 1 == publish.write(tmp_path, [forgotten], known=publish.Ledger()).unchanged
    assert b"<fh:archive/> one two" == (tmp_path / closed.path).read_bytes()
    assert (closed.path,) == publish.write(tmp_path, [withdrawn], known=publish.Ledger()).written
    assert b"<fh:archive/> two" == (tmp_path / closed.path).read_bytes()


def test_a_document_whose_entries_are_no_longer_held_stays_as_it_is(tmp_path):
    publish.write(tmp_path, [File("archive/a/2026-10.atom", b"one two")], known=publish.Ledger())
    publish.write(tmp_path, [File("archive/a/2026-10.atom", b"", keep=True, lost=True)], known=publish.Ledger())

    assert b"one two" == (tmp_path / "archive/a/2026-10.atom").read_bytes()


def test_notes_nobody_asks_for_are_forgotten_with_their_kind_only(tmp_path):
    known = publish.ledger(tmp_path / "published.json")
    known.recall("summary:1", lambda: 1)
    known.recall("since:old", lambda: 2)
    known.save()
    known = publish.ledger(tmp_path / "published.json")
    known.recall("summary:2", lambda: 3)
    known.save()

    assert {"since:old": 2, "summary:2": 3} == publish.ledger(tmp_path / "published.json").notes


def test_packed_copies_follow_their_file(tmp_path):
    known = publish.Ledger()
    pack = ("gzip", "br")
    publish.write(tmp_path, [File("a.atom", b"one" * 500)], known=known, compress=pack)
    before = stamps(tmp_path)
    publish.write(tmp_path, [File("a.atom", b"one" * 500)], known=known, compress=pack)

    assert 3 == len(before)
    assert before == stamps(tmp_path)
    assert ("a.atom.br", "a.atom.gz") == publish.write(
        tmp_path, [File("a.atom", b"one" * 500, inputs="x")], known=known
    ).removed


def test_a_packed_copy_tells_neither_the_clock_nor_the_system_that_packed_it(tmp_path):
    publish.write(tmp_path, [File("a.atom", b"one" * 500)], known=publish.Ledger(), compress=("gzip",))
    head = (tmp_path / "a.atom.gz").read_bytes()[:10]

    assert (bytes(4), 255) == (head[4:8], head[9])  # RFC 1952 2.3: MTIME and OS, both unknown


def test_a_packed_copy_that_a_killed_run_left_behind_is_made_anew(tmp_path):
    publish.write(tmp_path, [File("a.atom", b"one" * 500)], known=publish.Ledger(), compress=("gzip",))
    (tmp_path / "a.atom").write_bytes(b"two" * 500)
    report = publish.write(tmp_path, [File("a.atom", b"two" * 500)], known=publish.Ledger(), compress=("gzip",))

    assert 1 == report.unchanged
    assert b"two" * 500 == gzip.decompress((tmp_path / "a.atom.gz").read_bytes())


def test_a_packed_copy_nobody_remembers_goes_when_its_file_changes(tmp_path):
    publish.write(tmp_path, [File("a.atom", b"one" * 500)], known=publish.Ledger(), compress=("gzip", "br"))
    report = publish.write(tmp_path, [File("a.atom", b"two" * 500)], known=publish.Ledger(), compress=("gzip",))

    assert ("a.atom.br",) == report.removed
    assert ["a.atom", "a.atom.gz"] == sorted(path.name for path in tmp_path.iterdir())


def test_an_archive_keeps_no_packed_copy_when_its_month_is_over(tmp_path):
    known = publish.Ledger()
    running = File("archive/a/2026-10.atom", b"one" * 500)
    publish.write(tmp_path, [running], known=known, compress=("gzip",))
    closed = File("archive/a/2026-10.atom", b"<fh:archive/>" + b"one" * 500, keep=True)
    report = publish.write(tmp_path, [closed], known=known, compress=("gzip",))

    assert ("archive/a/2026-10.atom.gz",) == report.removed


def test_half_written_files_of_a_killed_run_are_swept(tmp_path):
    (tmp_path / ".feeds-partial-1234").write_bytes(b"torn")
    publish.write(tmp_path, [], known=publish.Ledger())

    assert [] == list(tmp_path.iterdir())


def test_the_ledger_comes_back_and_a_torn_one_is_empty(tmp_path):
    path = tmp_path / "published.json"
    known = publish.ledger(path)
    publish.write(tmp_path / "public", [File("a.atom", b"1")], known=known)

    assert known.files == publish.ledger(path).files

    path.write_text("{torn")

    assert {} == publish.ledger(path).files


def test_a_place_that_cannot_be_written_is_one_error_that_names_it(tmp_path):
    (tmp_path / "public").write_text("a file where the folder should be")

    with pytest.raises(PublishError, match="public"):
        publish.write(tmp_path / "public", [File("a.atom", b"1")], known=publish.Ledger())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_is_one_error_and_the_old_file_stays(tmp_path):
    publish.write(tmp_path, [File("a.atom", b"old")], known=publish.Ledger())
    script = (
        "import resource, signal, sys\nfrom pathlib import Path\nfrom feeds import errors, publish\n"
        "from types import SimpleNamespace as F\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "file = F(path='a.atom', inputs='x', make=lambda: b'n' * 5000, "
        "keep=False, lost=False, amend=None, basis=None, patch=None)\n"
        "try:\n    publish.write(Path(sys.argv[1]), [file], known=publish.Ledger())\n"
        "except errors.PublishError as exc:\n    print(exc)\n"
    )
    said = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)

    assert "a.atom: File too large" in said.stdout
    assert b"old" == (tmp_path / "a.atom").read_bytes()
    assert ["a.atom"] == [path.name for path in tmp_path.iterdir()]


def test_killed_at_any_moment_every_file_is_whole(tmp_path):
    script = (
        "import sys\nfrom pathlib import Path\nfrom types import SimpleNamespace as F\nfrom feeds import publish\n"
        "n = 0\n"
        "while True:\n    n += 1\n    body = (b'%d ' % n) * 20000 + b'end'\n"
        "    same = {'make': lambda: body, 'keep': False, 'lost': False, 'amend': None}\n"
        "    files = [F(path=f'{k}.atom', inputs=str(n), **same) for k in 'abc']\n"
        "    publish.write(Path(sys.argv[1]), files, known=publish.Ledger())\n    print(n, flush=True)\n"
    )
    for pause in (0.005, 0.011, 0.023):
        running = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE)
        running.stdout.readline()
        time.sleep(pause)
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
        running.stdout.close()

        bodies = [path.read_bytes() for path in tmp_path.glob("*.atom")]

        assert 3 == len(bodies)
        assert all(body.endswith(b"end") and 1 == len(set(body[:-3].split())) for body in bodies)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from("abcd"), st.binary(max_size=8), max_size=4), max_size=5))
def test_the_folder_is_always_what_was_last_published(tmp_path_factory, editions):
    folder = tmp_path_factory.mktemp("public")
    known = publish.Ledger()
    for edition in editions:
        publish.write(folder, [File(name, body, inputs=f"{body!r}") for name, body in edition.items()], known=known)

        assert edition == {path.name: path.read_bytes() for path in folder.iterdir()}
