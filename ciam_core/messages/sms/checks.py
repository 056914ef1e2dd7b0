"""What must be there before a text can leave."""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from django.core.checks import CheckMessage, Error

from ciam_core.messages.sms.backends import SmsBackend, configured_backend
from ciam_core.settings import conf


def check_phones(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E108: numbers cannot be read without ``phonenumbers``. E109: ``SMS_BACKEND`` cannot carry a text as it is set."""
    if conf.check() or conf().PHONES == "off":
        return []
    problems: list[CheckMessage] = []
    if find_spec("phonenumbers") is None:
        hint = "pip install 'django-ciam[phone]'"
        problems.append(
            Error("CIAM_CORE['PHONES'] is on, and phonenumbers is missing.", hint=hint, id="ciam_core.E108")
        )
    problems += [Error(f"CIAM_CORE['SMS_BACKEND'] {why}.", id="ciam_core.E109") for why in _unusable()]
    return problems


def _unusable() -> Iterator[str]:
    path = conf().SMS_BACKEND
    try:
        backend: object = configured_backend()
    except ImportError:
        yield f"names {path!r}, which cannot be imported"
    except TypeError:  # its text may repeat an option's value
        yield f"names {path!r}, which does not take the names in SMS_OPTIONS, or lacks some"
    else:
        if not isinstance(backend, SmsBackend):
            yield f"names {path!r}, no subclass of {SmsBackend.__module__}.{SmsBackend.__name__}"
        else:
            yield from (f"names {path!r}: {why}" for why in backend.problems())
