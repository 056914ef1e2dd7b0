"""A host's own user model takes the place of ours, in every table and flow."""

import os

import pytest

from tests.projects.running import ROOT, Project

REGISTER = """
from django.contrib.auth import get_user_model

from ciam_core.accounts.flows.register import register
from ciam_core.kernel.origin import SYSTEM

register("Alice@Example.com", password="a long and quiet river", binding="", origin=SYSTEM)
person = get_user_model().objects.get()
print(type(person).__name__, person.email, person.check_password("a long and quiet river"), repr(person.card_number))
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "host_migrations").mkdir()
    (tmp_path / "host_migrations" / "__init__.py").touch()
    project = Project("tests.projects.own_user.settings", tmp_path, path=f"{ROOT}{os.pathsep}{tmp_path}")
    project.manage("makemigrations", "own_user", "--verbosity", "0")
    project.manage("migrate", "--verbosity", "0")
    return project


def test_its_checks_pass_and_its_migrations_are_complete(project):
    assert "no issues" in project.manage("check")
    assert "No changes detected" in project.manage("makemigrations", "--check", "--dry-run")


def test_people_register_as_the_host_s_own_model(project):
    assert project.script(REGISTER) == "Member alice@example.com True ''\n"


def test_our_own_user_table_is_not_there(project):
    tables = project.script("from django.db import connection; print(*connection.introspection.table_names())").split()
    assert "own_user_member" in tables
    assert "ciam_core_user" not in tables
