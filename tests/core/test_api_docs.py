import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from drf_spectacular.settings import spectacular_settings

from ciam_core import api_docs

ANSWER_THEN_DOCUMENT = """
import sys, django
django.setup()
from django.test import Client
for path in ("/api/ciam/v1/profile/", "/api/ciam/v1/schema/"):
    print(Client().get(path).status_code, "drf_spectacular.openapi" in sys.modules)
"""


@pytest.fixture(autouse=True)
def _unbuilt():
    api_docs._build.cache_clear()


def test_the_document_is_built_once(client):
    for language in ("en", "de", "en", "de"):
        client.get("/api/ciam/v1/schema/", headers={"Accept-Language": language})
        client.get("/api/ciam/v1/", headers={"Accept-Language": language})
    assert api_docs._build.cache_info().misses == 1


def test_the_reference_is_in_english_and_says_so(client):
    page = client.get("/api/ciam/v1/", headers={"Accept-Language": "de"})
    assert page.headers["Content-Language"] == "en"
    assert '<html lang="en"' in page.content.decode()


def test_who_asks_at_once_gets_the_same_and_a_hosts_settings_stay():
    before = spectacular_settings.TITLE
    with ThreadPoolExecutor(4) as threads:
        documents = list(threads.map(lambda _: api_docs.document(), range(8)))
    assert all(document == documents[0] for document in documents)
    assert documents[0]["info"]["title"] == "Customer account API"
    assert before == spectacular_settings.TITLE != documents[0]["info"]["title"]
    assert api_docs._build.cache_info().misses == 1


def test_a_worker_loads_what_builds_the_document_only_when_it_does():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "CIAM_TEST_DATABASE": "sqlite"}
    done = subprocess.run([sys.executable, "-c", ANSWER_THEN_DOCUMENT], env=environment, capture_output=True, text=True)
    assert done.stdout.splitlines() == ["401 False", "200 True"], done.stderr
