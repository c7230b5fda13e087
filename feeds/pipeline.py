"""Where the stages meet. Read this first.

    Source ── fetch ──► Document ── parse ──► Feed of Entry ── normalize ──► Entry
       ── dedupe ──► Entry (new | changed | same as) ── tag ──► Entry with regions, themes, language
       ── store ──► … ── curate(Topic) ──► Feed ── render ──► bytes ── publish ──► files

One direction, one type per hop (`feeds.model`). parse, normalize, dedupe, tag, curate, render
and cadence are pure: `now` is an argument. fetch, store, publish, config and service touch the
world. `poll` is the first line of the drawing and the second, `publish` the third.
"""
