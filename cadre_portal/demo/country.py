"""Placeholder filled below."""

COUNTRY_FROM = 100_000
FULL_SIZE = 2_000_000


def load_country(scale, *, seed=1, as_of=None):
    raise NotImplementedError
