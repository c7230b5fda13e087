"""A feed as bytes: Atom, RSS, JSON Feed, OPML and pages. Pure: the same values give the same bytes everywhere."""
