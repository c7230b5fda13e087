"""What was worked out is kept for the next process."""

import pytest

from feeds import shelf


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """The folders a thing may be kept in, the first one like an installation, the second the user's."""
    installed = tmp_path / "installed"
    installed.mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return installed, tmp_path / "cache"


def test_what_was_made_once_is_not_made_again_unless_it_is_torn(folders):
    installed, _ = folders
    made = []

    def kept(digest):
        return shelf.kept("thing", digest, lambda: made.append(1) or b"12345678", _whole, folder=installed)

    assert [b"12345678", b"12345678"] == [kept("0"), kept("0")]
    assert 1 == len(made)
    (path,) = (installed / "__pycache__").iterdir()
    path.write_bytes(b"1234")
    assert b"12345678" == kept("0")
    assert 2 == len(made)


def test_what_another_process_made_is_read_and_not_made_here(folders, monkeypatch):
    installed, _ = folders
    making = "from feeds import shelf\nfrom pathlib import Path\n"
    making += "def keep(where): shelf.keep('thing', '0', b'12345678', folder=Path(where))\n"
    (installed / "making.py").write_text(making, encoding="utf-8")
    monkeypatch.syspath_prepend(installed)

    def here():
        raise AssertionError

    apart = ("making", str(installed))
    assert b"12345678" == shelf.kept("thing", "0", here, _whole, folder=installed, apart=apart)


def test_what_another_process_cannot_make_is_made_here(folders):
    installed, _ = folders
    apart = ("no_such_module",)

    assert b"12345678" == shelf.kept("thing", "0", lambda: b"12345678", _whole, folder=installed, apart=apart)


def test_what_follows_from_something_else_takes_the_place_of_the_old(folders):
    installed, _ = folders
    for digest in "01":
        shelf.kept("thing", digest, lambda: b"12345678", _whole, folder=installed)

    assert ["thing.1.kept"] == [path.name for path in (installed / "__pycache__").iterdir()]


def test_an_installation_that_may_not_be_written_is_kept_in_the_cache_of_the_user(folders):
    installed, cache = folders
    (installed / "__pycache__").write_text("no folder can be here")

    assert b"12345678" == shelf.kept("thing", "0", lambda: b"12345678", _whole, folder=installed)
    assert b"12345678" == shelf.kept("thing", "0", lambda: b"", _whole, folder=installed)
    assert 1 == len(list((cache / "feeds").iterdir()))


def test_without_any_folder_it_is_made_each_time(folders):
    installed, cache = folders
    (installed / "__pycache__").write_text("no folder can be here")
    cache.write_text("nor here")

    assert b"12345678" == shelf.kept("thing", "0", lambda: b"12345678", _whole, folder=installed)


def test_what_is_mapped_can_be_let_go_and_read_again(folders):
    installed, _ = folders
    mapped = shelf.kept("thing", "0", lambda: bytes(range(256)) * 64, lambda buffer: buffer, folder=installed)
    before = mapped[:]
    shelf.let_go()

    assert before == mapped[:]


def _whole(buffer):
    if len(buffer) != 8:
        raise ValueError("torn")
    return bytes(buffer)
