"""What is measured, against what, and what design asks of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.management import call_command

from benchmarks.figures import Figure, Rate, Run, Target, figure, interleaved
from benchmarks.holds import hold_workers
from benchmarks.web import WebServer, hold_requests
from benchmarks.world import PAIRS_A_SHOW, Wish, World, holds_count, holds_forget, tokens, world_build
from movy.lib.clock import database_now

DRIVER, OK_VIEW = "bare driver, same statements", "a view that answers ok"
HOLD, HOLD_HTTP = "hold in the process, 8 connections", "hold over HTTP, 2 workers"
MAP_PAGE, MAP_JSON = "seat map of 420 seats, page", "seat map of 420 seats, JSON"
MAP_SAME, MOVIES_PAGE, MOVIES_JSON = "seat map again, unchanged (304)", "movie list, page", "movie list, JSON"

TARGETS = [
    Target(HOLD, DRIVER, floor=0.55, goal=0.80),
    Target(HOLD_HTTP, DRIVER, floor=0.20, goal=0.40),
    Target(MAP_PAGE, OK_VIEW, floor=0.30, goal=0.60),
    Target(MAP_JSON, OK_VIEW, floor=0.30, goal=0.60),
    Target(MAP_SAME, OK_VIEW, floor=0.40, goal=0.60),
    Target(MOVIES_PAGE, OK_VIEW, floor=0.30, goal=0.80),
    Target(MOVIES_JSON, OK_VIEW, floor=0.30, goal=0.80),
]


@dataclass(frozen=True)
class Size:
    """shows: with PAIRS_A_SHOW holds each in a round. seconds: of each page in a round."""

    rounds: int
    shows: int
    seconds: float


FULL, QUICK = Size(rounds=9, shows=4, seconds=1.0), Size(rounds=5, shows=2, seconds=0.5)


def figures_all(*, quick: bool) -> list[Figure]:
    """Fill the database, run everything interleaved, return a figure for each target."""
    size = QUICK if quick else FULL
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    call_command("demo", verbosity=0)
    world = world_build(shows=size.shows, now=database_now())
    print(f"rounds={size.rounds} holds_a_round={size.shows * PAIRS_A_SHOW}", flush=True)
    with WebServer() as server, hold_workers(world.wishes) as (by_movy, by_driver):
        asked = hold_requests(server, world.wishes, tokens(world.wishes))
        holds: dict[str, Run] = {
            HOLD: _on_empty_seats(world.wishes, by_movy),
            DRIVER: _on_empty_seats(world.wishes, by_driver),
            HOLD_HTTP: _on_empty_seats(world.wishes, lambda: server.each(asked, status=201)),
        }
        rates = interleaved(holds, rounds=size.rounds)
    holds_forget()
    with WebServer() as server:
        rates |= interleaved(_pages(server, world, size.seconds), rounds=size.rounds)
    return [figure(target, rates) for target in TARGETS]


def _on_empty_seats(wishes: Sequence[Wish], run: Run) -> Run:
    """Let a round of holds find all seats free, and see that it took every one of them."""

    def on_empty_seats() -> Rate:
        holds_forget()
        rate = run()
        if holds_count() != len(wishes):
            raise RuntimeError("a round held fewer seats than were asked for")
        return rate

    return on_empty_seats


def _pages(server: WebServer, world: World, seconds: float) -> dict[str, Run]:
    map_json = f"/api/v1/booking/{world.half_sold_id}"

    def again_and_again(path: str, status: int = 200, **headers: str) -> Callable[[], Rate]:
        return lambda: server.repeated(server.get(path, **headers), seconds=seconds, status=status)

    return {
        OK_VIEW: again_and_again("/ok"),
        MAP_PAGE: again_and_again(f"/booking/{world.half_sold_id}"),
        MAP_JSON: again_and_again(map_json),
        MAP_SAME: again_and_again(map_json, status=304, If_None_Match=server.etag(map_json)),
        MOVIES_PAGE: again_and_again("/movies"),
        MOVIES_JSON: again_and_again("/api/v1/movies"),
    }
