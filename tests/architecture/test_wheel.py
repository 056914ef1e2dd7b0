"""The wheel holds everything a host needs, and nothing else."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.architecture.sources import ROOT

PACKAGES = ("ciam_admin", "ciam_core", "ciam_mfa")


@pytest.fixture(scope="module")
def contents(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_it_holds_every_file_of_the_packages_and_no_test(contents):
    found = (path for package in PACKAGES for path in (ROOT / package).rglob("*"))
    files = (path for path in found if path.is_file() and "__pycache__" not in path.parts)
    assert contents == {path.relative_to(ROOT).as_posix() for path in files}


def test_it_tells_type_checkers_that_it_is_typed(contents):
    assert {f"{package}/py.typed" for package in PACKAGES} <= contents


@pytest.mark.parametrize(
    "ending", [".html", ".txt", ".css", ".js", "/de/LC_MESSAGES/django.po", "/de/LC_MESSAGES/django.mo"]
)
def test_it_holds_pages_mails_what_they_load_and_their_translations(contents, ending):
    assert any(name.endswith(ending) for name in contents)
