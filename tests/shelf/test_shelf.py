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


def _whole(buffer):
    if len(buffer) != 8:
        raise ValueError("torn")
    return bytes(buffer)
