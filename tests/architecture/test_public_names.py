"""``__all__`` is the table of contents: it names what a module offers, and nothing that is not there."""

import ast
import importlib

import pytest

from tests.architecture.sources import dotted, modules

TABLES_OF_CONTENTS = ("flows.py", "queries.py", "models.py")


def assigned_names(module: ast.Module) -> set[str]:
    targets = [target for node in module.body if isinstance(node, ast.Assign) for target in node.targets]
    return {target.id for target in targets if isinstance(target, ast.Name)}


PUBLIC = [path for path, module in modules() if "__all__" in assigned_names(module)]
APPS = ("ciam_core", "ciam_mfa")
ROOTS = [path for path, _ in modules() if path in {f"{app}/{name}" for app in APPS for name in TABLES_OF_CONTENTS}]


@pytest.mark.parametrize("path", PUBLIC)
def test_every_public_name_can_be_imported(path):
    module = importlib.import_module(dotted(path))
    assert [name for name in module.__all__ if not hasattr(module, name)] == []
    assert len(set(module.__all__)) == len(module.__all__)


@pytest.mark.parametrize("path", ROOTS)
def test_the_root_of_the_app_re_exports_and_does_nothing_else(path):
    body = dict(modules())[path].body
    imported = {name.asname or name.name for node in body if isinstance(node, ast.ImportFrom) for name in node.names}
    assert set(importlib.import_module(dotted(path)).__all__) == imported
    assert not [node for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
