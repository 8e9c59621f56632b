"""Settings of the benchmarks: as local, on a database of their own, without debugging aids."""

import os

from cadre_portal.settings.local import *  # noqa: F403
from cadre_portal.settings.local import DATABASES

DEBUG = False
WHITENOISE_AUTOREFRESH = False
#: Another one for parts that need a country of another size.
BENCH_DATABASE = os.environ.get("BENCH_DATABASE", "portal_bench")
DATABASES["default"]["NAME"] = BENCH_DATABASE
