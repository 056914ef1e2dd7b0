"""Keeps the catalogues in step with the code: ``python -m tests.architecture.catalogues``.

New words arrive empty, unused ones leave; the ``.mo`` files are written anew. Collecting the words takes GNU gettext.
``--check`` only tells what is out of date; ``--compile`` only writes the ``.mo`` files, which takes nothing.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

import django
import polib
from django.core.management import call_command
from django.core.management.commands import makemessages

from tests.architecture.sources import PRODUCT, ROOT

LANGUAGES = ["de"]
HEADER = {
    "Project-Id-Version": "django-ciam",
    "Language": "{language}",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}


class MakeMessages(makemessages.Command):
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]


def catalogues(root: Path = ROOT) -> Iterator[Path]:
    """Every ``.po`` file below the product's folders."""
    for folder in PRODUCT:
        yield from sorted((root / folder.relative_to(ROOT)).rglob("locale/*/LC_MESSAGES/*.po"))


def collect(folder: Path) -> None:
    """Bring the catalogues of the apps in ``folder`` in step with their code. Each app has its own."""
    for app in {folder, *(path.parent for path in folder.rglob("apps.py") if folder.name != "example_project")}:
        (app / "locale").mkdir(exist_ok=True)
    with chdir(folder):
        call_command(MakeMessages(), locale=LANGUAGES, add_location="file", no_obsolete=True, verbosity=0)


def compile_catalogue(path: Path) -> None:
    """Write the ``.po`` file as we write all of them, a message per line and no dates, and its ``.mo`` beside it."""
    catalogue = polib.pofile(str(path), wrapwidth=0)
    language = path.parent.parent.name
    plural = catalogue.metadata.get("Plural-Forms", "nplurals=2; plural=(n != 1);")
    catalogue.header = ""
    catalogue.metadata_is_fuzzy = False
    catalogue.metadata = {name: value.format(language=language) for name, value in HEADER.items()}
    catalogue.metadata["Plural-Forms"] = plural
    catalogue.save(str(path))
    path.with_suffix(".mo").write_bytes(catalogue.to_binary())


def drop_duplicates(path: Path) -> None:
    """A merge may leave one message twice; the first that is translated stays."""
    catalogue = polib.pofile(str(path), wrapwidth=0)
    kept: dict[tuple[str | None, str], polib.POEntry] = {}
    for entry in catalogue:
        known = kept.setdefault((entry.msgctxt, entry.msgid), entry)
        if entry.translated() and not known.translated():
            kept[entry.msgctxt, entry.msgid] = entry
    catalogue[:] = list(kept.values())
    catalogue.save(str(path))


def write(root: Path) -> None:
    for path in catalogues(root):
        drop_duplicates(path)
    for folder in PRODUCT:
        collect(root / folder.relative_to(ROOT))
    for path in catalogues(root):
        compile_catalogue(path)


def outdated() -> list[str]:
    """The files ``make messages`` would change."""
    with TemporaryDirectory() as folder:
        copy = Path(folder)
        for source in PRODUCT:
            shutil.copytree(source, copy / source.name, ignore=shutil.ignore_patterns("__pycache__"))
        write(copy)
        written = [own for path in catalogues(copy) for own in (path, path.with_suffix(".mo"))]
        names = {path.relative_to(copy).as_posix(): path.read_bytes() for path in written}
    return [name for name, now in names.items() if not (ROOT / name).exists() or (ROOT / name).read_bytes() != now]


def untranslated() -> Iterator[str]:
    for path in catalogues():
        for entry in polib.pofile(str(path)).untranslated_entries():
            yield f'{path.relative_to(ROOT)}: "{entry.msgid}"'


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    if "--compile" in sys.argv:
        for path in catalogues():
            compile_catalogue(path)
    elif not shutil.which("xgettext"):
        sys.stderr.write("SKIPPED: no xgettext (GNU gettext) found, so catalogues and code are not compared.\n")
        sys.exit(0 if "--check" in sys.argv else 1)
    elif "--check" not in sys.argv:
        write(ROOT)
        sys.stdout.writelines(f"to be translated: {line}\n" for line in untranslated())
    elif old := outdated():
        sys.exit(f"Out of date: {', '.join(old)}. Run `make messages`.")


if __name__ == "__main__":
    main()
