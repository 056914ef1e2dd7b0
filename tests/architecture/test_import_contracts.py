"""import-linter holds the contracts of pyproject.toml; this holds what they list."""

import tomllib

from tests.architecture.sources import ROOT


def test_the_kernel_is_told_apart_from_everything_beside_it():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    kernel = next(contract for contract in contracts if contract["id"] == "kernel")
    beside = {
        f"ciam_core.{path.stem}"
        for path in (ROOT / "ciam_core").iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists()) and path.stem not in {"__init__", "kernel"}
    }
    assert set(kernel["forbidden_modules"]) == beside
