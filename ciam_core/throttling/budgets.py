"""How often each thing may be tried. Counted before it is evaluated, whether or not there is an account."""

from datetime import timedelta

from ciam_core.kernel.attempts import Budget
from ciam_core.settings import conf

QUARTER = timedelta(minutes=15)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_MEMORY = timedelta(days=30)

SIGN_UP_PER_NETWORK = Budget("sign_up.network", 60, _HOUR, shared=True)
CODE_PER_ADDRESS = Budget("code.address", 30, _DAY)
CODE_PER_DEVICE = Budget("code.device", 30, _DAY)
CODE_PER_NETWORK = Budget("code.network", 200, _HOUR, shared=True)
MAIL_PER_DEVICE = Budget("mail.device", 5, _HOUR)
NOTICE_PER_PERSON = Budget("notice.person", 30, _HOUR)
REPORT_PER_ATTACK = Budget("report.attack", 1, QUARTER)


def sign_in_per_account() -> Budget:
    """All strangers together."""
    return _growing("sign_in.account")


def sign_in_per_device() -> Budget:
    return _growing("sign_in.device")


def confirm_password() -> Budget:
    return _growing("password.confirm")


def sign_in_per_source() -> Budget:
    return Budget("sign_in.source", conf().SIGN_INS_PER_SOURCE, QUARTER, shared=True)


def sign_in_per_network() -> Budget:
    return Budget("sign_in.network", 5 * conf().SIGN_INS_PER_SOURCE, QUARTER, shared=True)


def sign_in_per_password() -> Budget:
    return Budget("sign_in.password", conf().SIGN_INS_PER_SOURCE // 2, QUARTER, shared=True)


def all_budgets() -> list[Budget]:
    """As the settings have them now."""
    growing = [sign_in_per_account(), sign_in_per_device(), confirm_password()]
    shared = [sign_in_per_source(), sign_in_per_network(), sign_in_per_password()]
    return [*growing, *shared, *(own for own in globals().values() if isinstance(own, Budget))]


def _growing(name: str) -> Budget:
    return Budget(name, conf().PASSWORD_CEILING, _MEMORY, free=conf().PASSWORD_FREE_TRIES)
