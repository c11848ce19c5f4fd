"""The contracts of pyproject.toml see every module: one that is missing from them could import whatever it likes."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
BELOW = {"lib", "outbox", "idempotency"}  # the parts of movy that apps may import; the rest is the composition root
NOT_CODE = {"migrations", "static", "templates", "locale", "tests", "__pycache__"}


def contract(name: str) -> dict[str, list[str]]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return next(entry for entry in contracts if entry["id"] == name)


def test_every_module_of_the_composition_root_is_above_the_apps() -> None:
    top_layer = contract("apps")["layers"][0]
    modules = {path.stem for path in (ROOT / "movy").iterdir() if path.is_dir() or path.suffix == ".py"}
    missing = {name for name in modules - BELOW - NOT_CODE - {"__init__"} if f"(movy.{name})" not in top_layer}
    assert not missing, f"add them to the first layer of the contract in pyproject.toml: {missing}"


def test_every_app_has_a_layer_and_an_order_inside() -> None:
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")} - {"movy"}
    assert apps == set(contract("inside")["containers"])
    assert apps <= set(contract("apps")["layers"])
