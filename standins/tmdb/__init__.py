"""The stand-in of TMDb: `python -m standins.tmdb`, or start() in a test. See standins/README.md."""

import os

from standins.http import Server
from standins.tmdb.api import TmdbRouter
from standins.tmdb.demo import demo_films
from standins.tmdb.films import Shelf
from standins.tmdb.invented import INVENTED

ACCESS_TOKEN = os.environ.get("TMDB_ACCESS_TOKEN") or "movy-standin-token"


class TmdbStandin(Server):
    router: TmdbRouter


def make(
    *, host: str = "127.0.0.1", port: int = 0, access_token: str = ACCESS_TOKEN, requests_per_second: int = 40
) -> TmdbStandin:
    """Return a stand-in that listens but doesn't serve yet."""
    shelf = Shelf([*demo_films(), *INVENTED])
    router = TmdbRouter(shelf, access_token=access_token, requests_per_second=requests_per_second)
    return TmdbStandin(router, host=host, port=port)


def start(*, port: int = 0, access_token: str = ACCESS_TOKEN, requests_per_second: int = 40) -> TmdbStandin:
    """Serve in a thread: `.base_url`, `.stop()`, `.router.faults`, `.router.requests`, `.router.clock`."""
    return make(port=port, access_token=access_token, requests_per_second=requests_per_second).start()
