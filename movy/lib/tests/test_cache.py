"""The fallback against a Redis that is not there, one that is, and one that goes away in between."""

import shutil
import socket
import subprocess
import time

import pytest
from django.core.cache import caches
from django.core.management import call_command

from movy.lib.cache import forget_errors


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def limits(db, settings, port):
    settings.CACHES = {
        "default": {"BACKEND": "movy.lib.cache.FallbackCache", "OPTIONS": {"FIRST": "redis", "THEN": "database"}},
        "redis": {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": f"redis://127.0.0.1:{port}/0",
            "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 0.1, "SOCKET_TIMEOUT": 0.1},
        },
        "database": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "movy_cache"},
    }
    call_command("createcachetable", "movy_cache", verbosity=0)  # with Redis the migrations have made it
    forget_errors()
    yield caches["default"]
    forget_errors()


@pytest.fixture
def redis(port, tmp_path):
    server = shutil.which("redis-server")
    if not server:
        pytest.fail("redis-server is not installed")
    process = subprocess.Popen(
        [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    for _ in range(100):
        with socket.socket() as sock:
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield process
    process.kill()
    process.wait()


def test_everything_works_without_redis(limits):
    assert limits.add("a", 1, timeout=60)
    assert not limits.add("a", 2, timeout=60)
    assert limits.get("a") == 1
    assert limits.incr("a") == 2
    assert limits.decr("a") == 1
    limits.set("b", [1.5], timeout=60)
    assert "b" in limits
    assert limits.get_many(["a", "b"]) == {"a": 1, "b": [1.5]}
    assert limits.touch("b", timeout=120)
    assert limits.get_or_set("c", 7, timeout=60) == 7
    assert limits.set_many({"d": 4}, timeout=60) == []
    limits.delete_many(["a"])
    assert limits.delete("b")
    assert limits.get("a", "gone") == "gone"
    limits.clear()
    assert limits.get("c") is None
    assert caches["database"].get("d") is None


def test_counting_what_is_not_there_is_refused_as_elsewhere(limits):
    with pytest.raises(ValueError, match="not found"):
        limits.incr("never")


def test_a_dead_redis_is_left_alone_for_a_while(limits, port):
    limits.set("a", 1)
    with socket.create_server(("127.0.0.1", port)) as listener:  # somebody would notice a second connection
        listener.settimeout(0.2)
        assert limits.get("a") == 1
        with pytest.raises(TimeoutError):
            listener.accept()


def test_redis_is_used_while_it_answers(limits, redis):
    limits.set("a", 1)
    assert caches["redis"].get("a") == 1
    assert caches["database"].get("a") is None


def test_a_redis_that_dies_is_replaced_at_once(limits, redis):
    limits.set("a", 1)
    redis.kill()
    redis.wait()
    assert limits.add("a", 2)
    assert caches["database"].get("a") == 2


def test_a_redis_that_returns_is_taken_back(limits, request):
    limits.set("a", 1)
    request.getfixturevalue("redis")
    limits.set("a", 2)
    assert caches["redis"].get("a") is None
    forget_errors()  # the two seconds are over
    limits.set("a", 3)
    assert caches["redis"].get("a") == 3


def test_a_redis_that_takes_no_writes_is_replaced(limits, redis):
    caches["redis"].client.get_client().execute_command("REPLICAOF", "127.0.0.1", str(free_port()))
    limits.set("a", 1)
    assert caches["database"].get("a") == 1


def test_a_silent_redis_costs_a_tenth_of_a_second_once(limits, port):
    with socket.create_server(("127.0.0.1", port)):  # takes connections, answers nothing
        started = time.monotonic()
        for _ in range(100):
            limits.get("a")
        assert time.monotonic() - started < 5  # of the ten that a hundred tenths are
