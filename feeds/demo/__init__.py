"""A region's press in a box: sample sources we wrote, the server they answer from, and a config for them.

    with demo.serve(now=now) as press:
        path.write_text(demo.config_text(press.base_url, folder))
        ...                # a first poll
        press.advance()    # a title is corrected, an entry appears
        ...                # a second poll

The outlets and their news are invented. One entry retells, in our own words, the item the
project was conceived from: Iran-Kazakhstan talks in Tehran.
"""

from feeds.demo.server import Press, config_text, serve

__all__ = ["Press", "config_text", "serve"]
