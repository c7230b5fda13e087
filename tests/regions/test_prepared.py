"""The lexicons that new sources need are worked out before their documents are read."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import feeds


def test_what_is_missing_is_worked_out_in_one_process_and_kept(tmp_path):
    package = Path(feeds.__file__).parent
    shutil.copytree(package, tmp_path / "feeds", ignore=shutil.ignore_patterns("__pycache__", "demo"))
    code = "from feeds.regions import tagger; tagger.prepare(['ky', 'tg-TJ', 'nobody-speaks-this', 'ky'])"
    for _ in range(2):
        subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)}, check=True
        )

    kept = (tmp_path / "feeds/data/regions/__pycache__").glob("*.kept")
    assert ["ky", "tg", "und"] == sorted(path.name.partition(".")[0] for path in kept)
