"""Open pages of published folders in Chromium and say what axe-core finds: python tools/axe.py AXE.js PAGE.html...

Exit 1 when it has anything to say, or a page runs a script, asks another host, or is wider than a phone.
"""

import functools
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

WIDTH = 360


class Quiet(SimpleHTTPRequestHandler):
    """Says nothing."""

    def log_message(self, *_: object) -> None:
        """As the class says."""


def main(script: str, *pages: str) -> int:
    """Print every violation."""
    handler = functools.partial(Quiet, directory="/")
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    home, axe, complaints = f"http://127.0.0.1:{server.server_address[1]}", Path(script).read_text("utf-8"), 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": WIDTH, "height": 800}, bypass_csp=True)
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for path in pages:
            page.goto(home + str(Path(path).resolve()))
            said = [f"asks {url}" for url in asked if not url.startswith(home)]
            said += ["runs a script"] if page.evaluate("window.hit") is not None else []
            said += (
                ["is wider than a phone"] if page.evaluate("document.documentElement.scrollWidth > innerWidth") else []
            )
            page.evaluate(axe)
            found = page.evaluate("axe.run().then(told => told.violations)")
            said += [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]
            asked.clear()
            complaints += len(said)
            for line in said:
                print(f"{path}: {line}")
    print(f"{len(pages)} pages, {complaints} complaints")
    return 1 if complaints or not pages else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
