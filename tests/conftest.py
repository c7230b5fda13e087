"""What all tests share: laws are judged by what holds, not by how fast a first, loading call was."""

from hypothesis import settings

settings.register_profile("feeds", deadline=None)
settings.load_profile("feeds")
