"""The product's own files, as the architecture tests read them."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = [ROOT / "ciam_admin", ROOT / "ciam_core", ROOT / "ciam_mfa", ROOT / "example_project"]


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Each Python module of the product: its path from the root, and what it says."""
    for path in sorted(path for folder in PRODUCT for path in folder.rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def texts(*suffixes: str) -> Iterator[tuple[str, str]]:
    for path in sorted(path for folder in PRODUCT for path in folder.rglob("*")):
        if path.suffix in suffixes:
            yield path.relative_to(ROOT).as_posix(), path.read_text()


def dotted(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
