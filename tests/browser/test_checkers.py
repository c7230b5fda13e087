"""What checkers of others say of every page: the Nu Html Checker, axe-core, and a look from afar."""

import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.apt

ROOT = Path(__file__).parents[2]
MODULES = ROOT / "node_modules"  # `make checkers` fills it
LOOKS = ROOT / "tests" / "data" / "browser"
PAGES = {
    "index": "index.html",
    "topic": "diplomacy.html",
    "persian": "fa.html",
    "region": "regions/kz.html",
    "archive": "archive/diplomacy/2026-10.html",
    "status": "status.html",
    "removed": "old.html",
}
SEARCHES = ("search", "search?q=region:kz", "search?q=region:kazakhstan+OR+theme:diplomcy", "search?q=nothing-like-it")
COLUMNS, ROWS = 24, 32  # of a look: fonts differ from machine to machine, blocks of a page do not
# Brightness, 0 to 15, that two looks may differ by: on average, and in this share of the squares by more than three.
MEAN, OUTLIERS = 1.0, 0.12

LOOK = """async ([address, columns, rows]) => {
  const image = new Image(); image.src = address; await image.decode();
  const canvas = new OffscreenCanvas(columns, rows), pen = canvas.getContext('2d');
  pen.imageSmoothingQuality = 'high'; pen.drawImage(image, 0, 0, columns, rows);
  const seen = pen.getImageData(0, 0, columns, rows).data, lines = [];
  for (let row = 0; row < rows; row++) {
    let line = '';
    for (let column = 0; column < columns; column++) {
      const at = 4 * (row * columns + column);
      line += Math.round((seen[at] * .3 + seen[at + 1] * .59 + seen[at + 2] * .11) / 17).toString(16);
    }
    lines.push(line);
  }
  return lines;
}"""


def module(path: str) -> Path:
    found = MODULES / path
    assert found.exists(), f"{path} is not installed: make checkers"
    return found


def test_the_nu_html_checker_finds_no_error(served):
    _, folder = served
    pages = sorted(map(str, folder.rglob("*.html")))
    jar = module("vnu-jar/build/dist/vnu.jar")
    told = subprocess.run(
        ["java", "-jar", jar, "--errors-only", *pages], capture_output=True, text=True, check=False, timeout=180
    )

    assert "" == told.stderr
    assert 0 == told.returncode


def test_the_nu_html_checker_finds_no_error_in_an_answer_to_a_query(asked, tmp_path):
    jar = module("vnu-jar/build/dist/vnu.jar")
    for number, path in enumerate(SEARCHES):
        (tmp_path / f"{number}.html").write_bytes(httpx.get(asked + path).content)
    told = subprocess.run(
        ["java", "-jar", jar, "--errors-only", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )

    assert "" == told.stderr


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_no_violation(chromium, served, asked, width, scheme):
    url, _ = served
    axe = module("axe-core/axe.min.js").read_text(encoding="utf-8")
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    found = {}
    pages = {name: url + path for name, path in PAGES.items()} | {path: asked + path for path in ("", *SEARCHES)}
    for name, address in pages.items():
        page.goto(address)
        page.evaluate(axe)
        violations = page.evaluate("axe.run().then(told => told.violations)")
        if violations:
            found[name] = [(one["id"], one["nodes"][0]["html"]) for one in violations]
    context.close()

    assert {} == found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_pages_look_as_they_were_seen_to_look(chromium, served, width, scheme):
    url, _ = served
    context = chromium.new_context(viewport={"width": width, "height": width * 4 // 3}, color_scheme=scheme)
    page, eye = context.new_page(), context.new_page()
    strange = {}
    for name, path in PAGES.items():
        page.goto(url + path)
        look = _look(eye, page.screenshot())
        kept = LOOKS / f"{name}-{width}-{scheme}.txt"
        if not kept.exists():  # delete the file to write it anew, then look at the page
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text("\n".join(look) + "\n", encoding="ascii")
        if difference := _difference(kept.read_text(encoding="ascii").split(), look):
            strange[name] = difference
    context.close()

    assert {} == strange


def _look(eye, picture: bytes) -> list[str]:
    import base64  # noqa: PLC0415

    address = "data:image/png;base64," + base64.b64encode(picture).decode()
    return eye.evaluate(LOOK, [address, COLUMNS, ROWS])


def _difference(kept: list[str], seen: list[str]) -> str | None:
    steps = [
        abs(int(before, 16) - int(now, 16))
        for was, line in zip(kept, seen, strict=True)
        for before, now in zip(was, line, strict=True)
    ]
    mean, outliers = sum(steps) / len(steps), sum(step > 3 for step in steps) / len(steps)
    return f"{mean:.2f} on average, {outliers:.0%} by more than three" if mean > MEAN or outliers > OUTLIERS else None


def test_a_look_tells_another_page_apart():
    blank, page = ["f" * COLUMNS] * ROWS, ["f" * 12 + "0" * 12] * ROWS

    assert _difference(blank, page) is not None
    assert _difference(page, page) is None


def test_what_the_tests_need_is_here():
    assert shutil.which("java") is not None
    assert shutil.which("chromium") is not None
