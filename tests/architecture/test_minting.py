"""Invariant 1: what makes a session or token speak for somebody is called here and nowhere else.

Behind all of it stands the gate (``tests/mfa/challenge/test_every_door.py``). Who adds a place adds what it is behind.
"""

import ast
from collections import defaultdict

from ciam_core.accounts import entering
from tests.architecture.sources import ROOT, modules
from tests.architecture.test_documents import DOORS

IMPORTED = {
    "django.contrib.auth.login": {
        "ciam_core/accounts/adapter.py": "what allauth calls after every stage",
        "ciam_mfa/challenge/waiting.py": "what was held back, after the second factor",
    },
    "allauth.account.internal.flows.login.perform_login": {
        "ciam_core/accounts/entering.py": "every door of ours: into the stages",
    },
    "django.contrib.auth.SESSION_KEY": {
        "ciam_core/accounts/adapter.py": "asks who was signed in before",
        "ciam_core/sessions/engine.py": "keeps it in a column",
        "ciam_mfa/challenge/waiting.py": "takes back what login() has written",
    },
}
CALLED = {
    "exit": {
        "ciam_core/accounts/entering.py": "a stage is proven: on to the next",
        "ciam_mfa/integrations/allauth.py": "the second factor is shown: on to the next stage",
    },
    "begin": {
        "ciam_core/sessions/flows.py": "of login(), after the gates",
        "ciam_mfa/factors/flows.py": "of a factor: no session's",
    },
    "create_session_token": {"ciam_core/accounts/headless/tokens.py": "an app's session, whoever it speaks for"},
}
NEVER = {"alogin", "force_login", "aforce_login", "resume_login", "create_access_token", "create_access_token_payload"}
WAITS = {"await_verification", "await_sign_in_code"}
"""Of the ways into the stages: those that wait at one for a proof, whoever it is for."""


def test_sessions_are_made_at_these_places_only():
    makers = {name.rpartition(".")[2] for name in IMPORTED}
    found = {name: places for name, places in imports().items() if name.rpartition(".")[2] in makers}
    found.pop("ciam_core.kernel.required_actions.SESSION_KEY", None)  # another
    assert found == {name: set(places) for name, places in IMPORTED.items()}


def test_stages_end_and_tokens_are_made_at_these_places_only():
    called = calls()
    assert {name: called[name] for name in CALLED} == {name: set(places) for name, places in CALLED.items()}


def test_nothing_signs_in_by_another_name():
    used = {*calls(), *(name.rpartition(".")[2] for name in imports())}
    assert used & NEVER == set()
    assert [path for path, text in sources() if "_auth_user_id" in text] == []
    assert [name for name in imports() if name in ("django.contrib.auth", "django.contrib.auth.auth")] == []


def test_every_way_into_the_stages_is_a_door_or_waits_for_a_proof():
    tree = ast.parse((ROOT / "ciam_core/accounts/entering.py").read_text())
    told = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    enters = {name for name in told if reaches_a_stage(name, told)}
    assert {name for name in enters if not name.startswith("_")} == WAITS | (DOORS & set(vars(entering)))


def reaches_a_stage(name, told):
    inside = list(ast.walk(told[name]))
    names = {node.id for node in inside if isinstance(node, ast.Name)}
    ends = any(isinstance(node, ast.Attribute) and node.attr == "exit" for node in inside)
    return ends or "perform_login" in names or any(reaches_a_stage(own, told) for own in names & set(told) - {name})


def imports():
    """Each thing the product imports by name, and where: ``django.contrib.auth.login``."""
    found = defaultdict(set)
    for path, module in modules():
        for node in ast.walk(module):
            if isinstance(node, ast.ImportFrom) and node.module:
                for own in node.names:
                    found[f"{node.module}.{own.name}"].add(path)
            elif isinstance(node, ast.Import):
                for own in node.names:
                    found[own.name].add(path)
    return found


def calls():
    """Each method that is called or defined, and where."""
    found = defaultdict(set)
    for path, module in modules():
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                found[node.func.attr].add(path)
    return found


def sources():
    return ((path, (ROOT / path).read_text()) for path, _ in modules())
