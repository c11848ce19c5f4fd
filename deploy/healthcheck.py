"""Whether the web of this container answers, or with the argument `live` its live process: exit status 0 or 1. Asks
under a host that Movy answers for."""

from __future__ import annotations

import http.client
import os
import sys
from urllib.parse import urlsplit

PORTS = {"web": ("PORT", 8000), "live": ("LIVE_PORT", 8001)}


def main(part: str = "web") -> int:
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip() or urlsplit(os.environ["BASE_URL"]).hostname or ""
    variable, default = PORTS[part]
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get(variable) or default), timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return 0 if connection.getresponse().status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
