"""Guessing as an attacker does: from everywhere, without a pause."""

from itertools import count

from ciam_core.accounts.exceptions import SignInRefused
from ciam_core.flows import sign_in_with_password
from ciam_core.kernel.attempts import TooManyAttempts
from tests.core.throttling.conftest import stranger

_passwords = count()


def guess(address, *, origin=None, password=None):
    """Seconds to wait, or 0 if the guess was evaluated (and wrong)."""
    try:
        sign_in_with_password(address, password=password or f"guess {next(_passwords)}", origin=origin or stranger())
    except SignInRefused:
        return 0
    except TooManyAttempts as refusal:
        return refusal.retry_after
    raise AssertionError("Guessed it.")


def evaluated(address, clock, *, seconds):
    """How many guesses get through in that time, each made the moment the last wait is over, from another source."""
    times, numbers, left = 0, count(), seconds
    while left >= 0:
        wait = guess(address, origin=stranger(next(numbers)))
        times += wait == 0
        clock.shift(wait)
        left -= wait
    return times


def close(address, clock):
    """Guess until no more passwords are taken from strangers."""
    for number in count():
        wait = guess(address, origin=stranger(number))
        if wait == 24 * 3600:
            return
        clock.shift(wait)
