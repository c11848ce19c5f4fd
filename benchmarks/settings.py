"""Movy's settings with one more address: the view that every page is compared with."""

import os
from pathlib import Path

from movy.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
STATIC_ROOT = Path(os.environ["BENCHMARK_STATIC_ROOT"])  # collected there, or `make run` would find collected files
WHITENOISE_USE_FINDERS = False
HEADLESS_JWT_ACCESS_TOKEN_EXPIRES_IN = 6 * 60 * 60  # on a busy machine a run takes longer than a token lives
