"""An adapter answers questions only the host can answer. A host names its own class in ``CIAM_X["ADAPTER"]``."""

from functools import cache
from typing import Any

from django.utils.module_loading import import_string

from ciam_core.kernel.settings import Conf


def adapter_of(conf: Conf[Any]) -> Any:
    """The adapter ``conf().ADAPTER`` names, one instance per process."""
    return _load(conf().ADAPTER)


@cache
def _load(path: str) -> Any:
    return import_string(path)()
