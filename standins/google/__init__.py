"""The stand-in of Google's sign-in: `python -m standins.google`, or start() in a test. See standins/README.md."""

import os
from urllib.parse import urlsplit

from standins.google.api import GoogleRouter
from standins.google.signin import Application, is_private_host
from standins.http import Server

CLIENT_ID = os.environ.get("GOOGLE_CLIENT_ID") or "movy-standin.apps.googleusercontent.test"
CLIENT_SECRET = os.environ.get("GOOGLE_CLIENT_SECRET") or "movy-standin-secret"


class GoogleStandin(Server):
    router: GoogleRouter


def make(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    base: str = "",
    client_id: str = CLIENT_ID,
    client_secret: str = CLIENT_SECRET,
    redirect_uris: tuple[str, ...] = (),
) -> GoogleStandin:
    """Return a stand-in that listens but doesn't serve yet.

    base: what `iss` says, because the application compares it with a fixed setting; the address listened on unless
    given. redirect_uris: the only ones allowed; without, Movy's callback on any private host. Raises ValueError for a
    public host.
    """
    for name in (host, urlsplit(base).hostname if base else host):
        if not is_private_host(name or ""):
            raise ValueError(f"{name} is public: a stand-in lets anybody sign in as anybody.")
    router = GoogleRouter(Application(client_id, client_secret, redirect_uris))
    standin = GoogleStandin(router, host=host, port=port)
    router.issuer = base.rstrip("/") or standin.base_url
    return standin


def start(
    *,
    port: int = 0,
    base: str = "",
    client_id: str = CLIENT_ID,
    client_secret: str = CLIENT_SECRET,
    redirect_uris: tuple[str, ...] = (),
) -> GoogleStandin:
    """Serve in a thread: `.base_url`, `.stop()`, `.router.faults`, `.router.requests`, `.router.clock`."""
    return make(
        port=port, base=base, client_id=client_id, client_secret=client_secret, redirect_uris=redirect_uris
    ).start()
