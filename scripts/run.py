"""`make run`: everything on this machine, on SQLite, with the demo and the stand-ins. Ctrl-C stops all of it."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import sys
import urllib.error
import urllib.request
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from movy import env
from scripts import parts
from scripts.supervisor import Part, Supervisor, die_with_parent

ENV_FILE = Path(".env")
COLLECTED = Path("var/static")
ENV_TEXT = """\
# Written by `make run`; yours to change. Variables of the environment win over these; .env.example names all there are.
# Addresses are not here: they follow PORT.
SECRET_KEY={secret_key}
ALLOWED_HOSTS=*
ALLOW_STANDINS=1
DATABASE_URL=sqlite:///var/movy.sqlite3
EMAIL_URL=console:
PAYSTACK_SECRET_KEY=sk_test_movy_standin
TMDB_ACCESS_TOKEN=movy-standin-token
GOOGLE_CLIENT_ID=movy-standin.apps.googleusercontent.test
GOOGLE_CLIENT_SECRET=movy-standin-secret
"""
STANDINS = {  # name: (the variable that replaces it, its port beyond PORT)
    "paystack": ("PAYSTACK_BASE_URL", 2),
    "tmdb": ("TMDB_BASE_URL", 3),
    "google": ("GOOGLE_BASE_URL", 4),
}
HIGHEST_PORT = 65535
PORT_MAX = HIGHEST_PORT - max(offset for _, offset in STANDINS.values())
SIGN_INS = """\
  Sign in with the password movy-demo:
    ada@movy.test, kofi@movy.test   moviegoers
    manager@movy.test               manager of the Lagos theatre with Grand Hall; its office is at {url}/admin/
    desk@movy.test, door@movy.test  box office and door of the same theatre
    rival@movy.test                 manager of the Accra theatre
    admin@movy.test                 platform owner"""


def env_file_write() -> None:
    """Write the embedded defaults, with a key of this machine's own, when there is no .env yet."""
    if not ENV_FILE.exists():
        ENV_FILE.touch(mode=0o600)
        ENV_FILE.write_text(ENV_TEXT.format(secret_key=secrets.token_urlsafe(50)))


def standins_wanted(*, port: int) -> list[tuple[str, str, int]]:
    """Return (name, variable, port) of each stand-in that no variable replaces, not even an empty one."""
    return [
        (name, variable, port + offset) for name, (variable, offset) in STANDINS.items() if variable not in os.environ
    ]


def ports_taken(ports: list[int]) -> list[int]:
    """Return the ports that somebody listens on already."""

    def is_taken(port: int) -> bool:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a connection of the last run is no listener
            try:
                probe.bind((parts.EVERYWHERE, port))
            except OSError:
                return True
        return False

    return [port for port in ports if is_taken(port)]


def own_address() -> str:
    """Return the address that other devices on this network know the machine by. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1: a route is looked up, and that is all
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 (our own address)
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def welcome(*, port: int) -> str:
    url = f"http://127.0.0.1:{port}"
    elsewhere = own_address()
    also = "" if elsewhere == "127.0.0.1" else f"   (from another device: http://{elsewhere}:{port})"
    return f"\nMovy is at {url}{also}\n\n{SIGN_INS.format(url=url)}\n\n  Ctrl-C stops all of it.\n"


def main() -> int:
    die_with_parent()
    env_file_write()
    env.read_file(ENV_FILE)
    shutil.rmtree(COLLECTED, ignore_errors=True)  # what `make serve` collected once would hide what is edited now
    COLLECTED.mkdir(parents=True)
    port = env.whole("PORT", default=8000)
    live_port = env.whole("LIVE_PORT", default=port + 1)
    for name, number, most in (("PORT", port, PORT_MAX), ("LIVE_PORT", live_port, HIGHEST_PORT)):
        if not 0 < number <= most:
            print(f"{name} must be from 1 to {most}, not {number}.", file=sys.stderr)
            return 2
    standins = standins_wanted(port=port)
    if taken := ports_taken([port, live_port, *(own_port for _, _, own_port in standins)]):
        numbers = ", ".join(str(number) for number in taken)
        print(f"Somebody listens already, on port {numbers}. `PORT=9000 make run` moves Movy.", file=sys.stderr)
        return 1

    home = f"http://127.0.0.1:{port}"
    os.environ["PORT"] = str(port)
    os.environ.setdefault("BASE_URL", home)
    os.environ.setdefault("LIVE_URL", f"http://{{host}}:{live_port}")  # also for a phone, by the machine's address
    for _, variable, own_port in standins:
        os.environ[variable] = f"http://127.0.0.1:{own_port}"
    webhooks = {"PAYSTACK_WEBHOOK_URL": f"{home}/webhooks/paystack"}
    running: list[Part] = [
        parts.web(port=port, workers=1, threads=env.whole("WEB_THREADS", default=4)),
        parts.live(port=live_port),
        parts.worker(),
        *(parts.standin(name, port=own_port, env=webhooks) for name, _, own_port in standins),
    ]
    with Supervisor(running) as supervisor:
        if status := supervisor.call(parts.commands("migrate", "demo")):
            return status
        supervisor.watch(until=lambda: answers(f"{home}/healthz"))
        if not supervisor.is_stopping:
            print(welcome(port=port), flush=True)
        supervisor.watch()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ImproperlyConfigured as error:
        sys.exit(str(error))
