"""`startproject`, the built wheel and the lines of the README: the first five minutes of a developer."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.projects.running import ROOT, Project

OWN_USER = """
from ciam_core.models import AbstractCustomer

class Member(AbstractCustomer):
    class Meta(AbstractCustomer.Meta):
        app_label = "people"
"""

SIGN_UP = """
import re

from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse

setup_test_environment()
browser = Client()
given = {"email": "alice@example.com", "password": "a long and quiet river"}
answer = browser.post(reverse("ciam_sign_up"), given)
assert answer.status_code == 302, answer.content.decode()
code = re.search(r"^[0-9]{6}$|[0-9]{3} ?[0-9]{3}", mail.outbox[0].body, re.MULTILINE)[0]
answer = browser.post(answer.url, {"code": code}, follow=True)
assert "alice@example.com" in browser.get(reverse("ciam_profile")).content.decode()
print(get_user_model()._meta.label, get_user_model().objects.get().email)
"""


CONSOLE = """
import sys

from django.contrib.auth import get_user_model
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse

staff = get_user_model().objects.create_superuser("staff@example.com", "a long and quiet river")
setup_test_environment()
browser = Client()
browser.force_login(staff)
label = get_user_model()._meta.label_lower.replace(".", "_")
answer = browser.get(reverse(f"admin:{label}_changelist"), {"q": "staff@"})
print([row.pk == staff.pk for row in answer.context["cl"].result_list])
answer = browser.get(reverse(f"admin:{label}_change", args=[staff.pk]))
print([str(table.title) for table in answer.context["tables"]])
print([name for name in sys.modules if "federation" in name])
"""


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the wheel as pip installs it; what it depends on comes from this environment."""
    folder = tmp_path_factory.mktemp("installed")
    command = ["-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", str(folder), str(wheel)]
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    return folder


@pytest.fixture
def project(installed: Path, tmp_path: Path) -> Project:
    project = Project("shop.settings", tmp_path, path=str(installed))
    project.manage("startproject", "shop", ".")
    append(tmp_path / "shop" / "settings.py", embedded("settings"))
    append(tmp_path / "shop" / "settings.py", 'CIAM_CORE = {"BREACHED_PASSWORDS": None}  # nothing on the network\n')
    (tmp_path / "shop" / "urls.py").write_text(embedded("urls"))
    return project


def test_it_runs_with_our_user_model(project):
    assert first_five_minutes(project) == "ciam_core.User alice@example.com\n"


def test_it_runs_with_the_staff_console(project):
    append(
        project.folder / "shop" / "settings.py",
        'INSTALLED_APPS = ["ciam_admin", *INSTALLED_APPS]\nALLOWED_HOSTS = ["*"]\n',
    )
    assert first_five_minutes(project) == "ciam_core.User alice@example.com\n"
    found, tables, of_apps_left_out = project.script(CONSOLE).splitlines()
    assert (found, of_apps_left_out) == ("[True]", "[]")
    assert tables == "['Latest sessions', 'Known devices']"


def test_it_runs_with_a_host_s_own_user_model(project):
    (project.folder / "people").mkdir()
    (project.folder / "people" / "models.py").write_text(OWN_USER)
    append(
        project.folder / "shop" / "settings.py",
        'AUTH_USER_MODEL = "people.Member"\nINSTALLED_APPS = ["people", *INSTALLED_APPS]\n',
    )
    project.manage("makemigrations", "people", "--verbosity", "0")
    assert first_five_minutes(project) == "people.Member alice@example.com\n"


def first_five_minutes(project: Project) -> str:
    assert "no issues" in project.manage("check")
    project.manage("migrate", "--verbosity", "0")
    return project.script(SIGN_UP)


def embedded(name: str) -> str:
    """The fenced block of the README that follows ``<!-- embed:name -->``."""
    found = re.search(rf"<!-- embed:{name} -->\s*```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert found, f"README.md has no block marked embed:{name}"
    return found[1]


def append(path: Path, lines: str) -> None:
    path.write_text(f"{path.read_text()}\n{lines}")
