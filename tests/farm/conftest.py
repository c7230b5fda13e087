"""The farm's fixture, for every test of this folder."""

from publishers import play

__all__ = ["play"]
