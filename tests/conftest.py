"""What all tests share: laws are judged by what holds, not by how fast a first, loading call was.

Whoever runs the tests gets the examples that everybody gets: who clones the project is not its fuzzer.
`HYPOTHESIS_PROFILE=explore python -m pytest` looks at others, a new set each time.
"""

import os

from hypothesis import settings

settings.register_profile("feeds", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "feeds"))
