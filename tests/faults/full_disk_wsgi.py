"""Movy on a disk that is full: no file grows, and nobody takes what is logged."""

from __future__ import annotations

import os
import resource

from movy.wsgi import application

__all__ = ["application"]

resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # EFBIG where a full disk says ENOSPC: both are an OSError on writing
if os.path.exists("/dev/full"):  # macOS has none
    full = os.open("/dev/full", os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(full, stream)
