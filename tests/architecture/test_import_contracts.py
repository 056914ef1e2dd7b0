"""import-linter holds the contracts of pyproject.toml; this holds what they list."""

import tomllib

from tests.architecture.sources import ROOT


def test_the_kernel_is_told_apart_from_everything_beside_it():
    beside = {
        f"ciam_core.{path.stem}"
        for path in (ROOT / "ciam_core").iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists()) and path.stem not in {"__init__", "kernel"}
    }
    assert set(contract("kernel")["forbidden_modules"]) == beside


def test_what_stands_alone_knows_the_kernel_and_its_integrations_alone():
    alone = contract("alone")
    assert set(alone["forbidden_modules"]) == {"allauth", *contract("kernel")["forbidden_modules"]}
    parts = {
        f"ciam_mfa.{path.stem}"
        for path in (ROOT / "ciam_mfa").iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists()) and path.stem not in {"__init__", "integrations"}
    }
    assert set(alone["source_modules"]) == parts


def contract(name):
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return next(own for own in contracts if own["id"] == name)
