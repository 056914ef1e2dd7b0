import pytest

from ciam_core.adapters import CoreAdapter
from ciam_core.kernel.adapters import adapter_of
from ciam_core.settings import conf


class Polite(CoreAdapter):
    def home_url(self, user):
        return "/welcome/"


def test_a_host_names_its_own_adapter(settings):
    settings.CIAM_CORE = {**settings.CIAM_CORE, "ADAPTER": f"{__name__}.Polite"}
    assert adapter_of(conf).home_url(None) == "/welcome/"


def test_there_is_one_per_process():
    assert type(adapter_of(conf)) is CoreAdapter
    assert adapter_of(conf) is adapter_of(conf)


def test_one_that_cannot_be_found_is_an_error(settings):
    settings.CIAM_CORE = {**settings.CIAM_CORE, "ADAPTER": "shop.nowhere.Adapter"}
    with pytest.raises(ImportError):
        adapter_of(conf)
