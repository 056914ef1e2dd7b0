"""The same people and doors as in ``tests.core.accounts``."""

from tests.core.accounts.conftest import *  # noqa: F403
from tests.core.accounts.conftest import _no_network  # noqa: F401
