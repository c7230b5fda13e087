"""A deployment in a folder: sources on loopback, the command line as people type it."""

import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from feeds import demo

NOW = "2026-11-23T12:00:00Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A folder with a config.yaml, and the sources it reads."""

    folder: Path
    press: demo.Press

    def run(
        self, *words: str, now: str = NOW, largest_file_bytes: int | None = None, **environ: str
    ) -> subprocess.CompletedProcess[str]:
        """Run `feeds WORDS` there and return what it said; a limit fails writes as a full disk does."""

        def limit() -> None:
            if largest_file_bytes is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file_bytes, largest_file_bytes))

        return subprocess.run(
            [sys.executable, "-m", "feeds", "--config", str(self.folder / "config.yaml"), *words],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            cwd=Path(__file__).parents[2],
            env={**os.environ, "FEEDS_NOW": now, **environ},
            preexec_fn=limit,
        )

    @property
    def public(self) -> Path:
        return self.folder / "public"


@pytest.fixture
def deployment(tmp_path):
    with demo.serve(now=datetime.fromisoformat(NOW)) as press:
        (tmp_path / "config.yaml").write_text(demo.config_text(press.base_url, tmp_path), encoding="utf-8")
        yield Deployment(folder=tmp_path, press=press)
