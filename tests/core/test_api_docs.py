from concurrent.futures import ThreadPoolExecutor

import pytest
from drf_spectacular.settings import spectacular_settings

from ciam_core import api_docs


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
