"""Settings of the benchmarks: as local, on a database of their own, without debugging aids."""

from cadre_portal.settings.local import *  # noqa: F403
from cadre_portal.settings.local import DATABASES

DEBUG = False
BENCH_DATABASE = "portal_bench"
DATABASES["default"]["NAME"] = BENCH_DATABASE
