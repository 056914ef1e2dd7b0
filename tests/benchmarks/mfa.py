"""Second factors: ours beside bare django-otp and the bare library ``webauthn``, in one process on one PostgreSQL.

``python -m tests.benchmarks.mfa 5 8`` under the settings of ``peers/factors.py`` prints what five rounds of eight
seconds for each came to, as JSON.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from tests.benchmarks.people import PASSWORD, address_of, network_of
from tests.benchmarks.report import Aim, Table, number, ratio
from tests.benchmarks.speed import Pace
from tests.benchmarks.stage import Stage

_DATABASE, _PEOPLE = "factors", 1_000
_WITH, _WITHOUT, _MANY = 11, 12, 13  # people: who has an app, who has nothing, who has five kinds

FLOW, EVALUATED = "django-ciam: count, verify, spend, trail, settle", "django-ciam: verify and spend alone"
ASKED, BARE = "django-otp: `verify_token(user, id, token)`", "django-otp: `TOTPDevice.verify_token`"
PASSKEY_FLOW, VERIFIER = "django-ciam: count, verify, spend, trail, settle", "django-ciam: `verify_assertion`"
LIBRARY = "webauthn: `verify_authentication_response`"
FACTOR, NO_FACTOR = "password, and a code of an app", "password alone"

Ready = Callable[[], object]
Acts = dict[str, Callable[[], Ready]]
"""Each makes ready, uncounted, what is then done and timed."""
Figures = dict[str, tuple[float, float]]
"""How often in a second, and the milliseconds of processor time of the process that asks."""


def measure(stage: Stage, pace: Pace) -> Iterator[Table]:
    stage.make_database("factors", _DATABASE, people=_PEOPLE)
    told = stage.run("factors", _DATABASE, ["-m", "tests.benchmarks.mfa", str(pace.rounds), str(pace.seconds)])
    codes, passkeys, sign_ins, statements = json.loads(told.splitlines()[-1])
    yield _codes_table(codes)
    yield _passkeys_table(passkeys)
    yield _sign_in_table(sign_ins, statements)


def _codes_table(told: Figures) -> Table:
    aims = [
        Aim("Codes of an app: verified and spent per second beside bare django-otp", 0.8, _rate(told, EVALUATED, BARE)),
        Aim("Codes of an app: the whole flow beside bare django-otp", 0.8, _rate(told, FLOW, BARE)),
    ]
    note = (
        "Bare django-otp is handed a device that is loaded and writes it back, in one commit. Our flow finds the row, "
        "commits the try before it looks at the code, writes the event to the trail, and settles the count."
    )
    return Table("Codes of an app", _HEADER, _rows(told, BARE), note, aims)


def _passkeys_table(told: Figures) -> Table:
    took = told[VERIFIER][1] / told[LIBRARY][1]
    aim = Aim("Passkeys: CPU of our verifier beside the bare library", 1.3, took, most=True)
    note = "ES256. All of them read the same JSON text first. The verifier asks no database, the flow does."
    return Table("Passkeys", _HEADER, _rows(told, LIBRARY), note, [aim])


def _sign_in_table(told: Figures, statements: dict[str, int]) -> Table:
    more = statements["with"] - statements["without"]
    aims = [
        Aim("Data statements of a sign-in with a factor above one without", 4, more, unit="", most=True),
        Aim("Data statements of an answer: find, count, spend, settle", 4, statements["answer"], unit="", most=True),
        Aim("Data statements of a challenge page for five kinds", 2, statements["five kinds"], unit="", most=True),
    ]
    note = (
        f"On a known device, in one process, through the whole stack: two requests with a factor, one without. Data "
        f"statements: {statements['with']} and {statements['without']}."
    )
    return Table("Sign-in with a factor", _HEADER, _rows(told, NO_FACTOR), note, aims)


_HEADER = ["", "per second", "CPU ms of the process", "per second, ratio", "CPU, ratio"]


def _rows(told: Figures, peer: str) -> list[list[str]]:
    rate, cpu = told[peer]
    return [
        [name, number(own[0]), number(own[1]), ratio(own[0], rate), ratio(own[1], cpu)] for name, own in told.items()
    ]


def _rate(told: Figures, ours: str, peer: str) -> float:
    return told[ours][0] / told[peer][0]


def in_turns(acts: Acts, *, rounds: int, seconds: float) -> Figures:
    """A B, B A, A B; the medians of the rounds."""
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in acts}
    for act in acts.values():
        act()()
    for turn in range(rounds):
        for name in acts if turn % 2 == 0 else reversed(acts):
            took[name].append(_timed(acts[name], seconds))
    return {name: (median(rate for rate, _ in each), median(cpu for _, cpu in each)) for name, each in took.items()}


def _timed(act: Callable[[], Ready], seconds: float) -> tuple[float, float]:
    wall = cpu = 0.0
    times = 0
    while wall < seconds:
        ready = act()
        began, used = time.perf_counter(), time.process_time()
        ready()
        wall, cpu = wall + time.perf_counter() - began, cpu + time.process_time() - used
        times += 1
    return times / wall, cpu / times * 1000


def code_acts() -> Acts:
    """The same six digits, the same window of three steps."""
    from binascii import hexlify

    import django_otp
    from django.db import transaction
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from ciam_core.kernel.origin import SYSTEM
    from ciam_mfa.flows import verify_factor
    from ciam_mfa.models import TotpAuthenticator
    from ciam_mfa.totp.factor import totp
    from tests.mfa.people import shows

    person, app = _person(_WITH), _app_of(_WITH)
    secret = _raw(app.secret)
    device, _ = TOTPDevice.objects.get_or_create(user=person, name="bare", defaults={"key": hexlify(secret).decode()})

    def ours(act: Callable[[Any], object]) -> Callable[[], Ready]:
        def ready() -> Ready:
            TotpAuthenticator.objects.filter(pk=app.pk).update(last_step=-1)
            code = shows(app)
            return lambda: act(code)

        return ready

    def theirs(act: Callable[[Any], object]) -> Callable[[], Ready]:
        def ready() -> Ready:
            TOTPDevice.objects.filter(pk=device.pk).update(last_t=-1)
            device.last_t = -1
            code = shows(app)
            return lambda: _require(act(code))

        return ready

    def alone(code: str) -> None:
        found = totp.evaluate(app, {"code": code}, state={})
        with transaction.atomic():
            totp.spend(app, found, origin=SYSTEM)

    return {
        FLOW: ours(lambda code: verify_factor(person, f"totp-{app.pk}", answer={"code": code}, origin=SYSTEM)),
        EVALUATED: ours(alone),
        ASKED: theirs(lambda code: django_otp.verify_token(person, device.persistent_id, code)),
        BARE: theirs(lambda code: device.verify_token(code)),
    }


def passkey_acts() -> Acts:
    from webauthn import verify_authentication_response

    from ciam_core.kernel.origin import SYSTEM
    from ciam_mfa.flows import begin_factor, verify_factor
    from ciam_mfa.passkeys.ceremonies import decoded
    from ciam_mfa.passkeys.relying_party import origins, rp_id
    from ciam_mfa.passkeys.verifier import verify_assertion
    from tests.mfa.people import with_passkey

    person = _person(_MANY)
    passkey, row = with_passkey(person, synced=True)
    key, public_key = f"passkey-{row.pk}", bytes(row.public_key)

    def signed() -> tuple[dict[str, Any], str]:
        begun = begin_factor(person, key, origin=SYSTEM)
        return dict(begun.state), json.dumps(passkey.get(begun.prompt["request_options"]))

    def flow() -> Ready:
        state, text = signed()
        return lambda: verify_factor(person, key, answer={"credential": json.loads(text)}, state=state, origin=SYSTEM)

    state, text = signed()
    challenge = decoded(state["challenge"])

    def ours() -> object:
        told = json.loads(text)
        return verify_assertion(told, challenge=challenge, public_key=public_key, user_verification=True)

    def library() -> object:
        return verify_authentication_response(
            credential=json.loads(text),
            expected_challenge=challenge,
            expected_rp_id=rp_id(),
            expected_origin=origins(),
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )

    return {PASSKEY_FLOW: flow, VERIFIER: lambda: ours, LIBRARY: lambda: library}


def sign_in_acts() -> Acts:
    app = _app_of(_WITH)
    return {FACTOR: _SignIn(_WITH, app).ready, NO_FACTOR: _SignIn(_WITHOUT, None).ready}


class _SignIn:
    """Somebody with a browser they have used before."""

    def __init__(self, who: int, app: Any) -> None:
        from django.test import Client

        self.browser, self.who, self.app = Client(headers={"X-Forwarded-For": network_of(who)}), who, app

    def ready(self) -> Ready:
        from django.conf import settings

        from ciam_mfa.models import TotpAuthenticator

        self.browser.cookies.pop(settings.SESSION_COOKIE_NAME, None)
        if self.app is not None:
            TotpAuthenticator.objects.filter(pk=self.app.pk).update(last_step=-1)
        return self

    def __call__(self) -> None:
        self.show_password()
        if self.app is not None:
            self.answer()

    def show_password(self) -> None:
        typed = {"email": address_of(self.who), "password": PASSWORD}
        where = self.browser.post("/accounts/login/", typed).headers.get("Location", "")
        _require(where == ("/accounts/login/confirm/" if self.app is not None else "/accounts/"))

    def answer(self) -> None:
        from tests.mfa.people import shows

        typed = {"authenticator": f"totp-{self.app.pk}", "code": shows(self.app)}
        _require(self.browser.post("/accounts/login/confirm/", typed).headers.get("Location") == "/accounts/")


def counted() -> dict[str, int]:
    from tests.statements import data_statements

    with_one, without = _SignIn(_WITH, _app_of(_WITH)), _SignIn(_WITHOUT, None)
    for one in (with_one, without):
        one.ready()()
    counts = {"with": len(data_statements(with_one.ready())), "without": len(data_statements(without.ready()))}
    with_one.ready()
    with_one.show_password()
    return {**counts, "answer": _of_factors(with_one.answer), "five kinds": _of_factors(_challenge_with_five_kinds())}


def _of_factors(act: Callable[[], object]) -> int:
    from tests.statements import data_statements

    return len([sql for sql in data_statements(act) if "ciam_mfa" in sql or "ciam_kernel_attempt" in sql])


def _challenge_with_five_kinds() -> Callable[[], object]:
    from ciam_mfa.factors.factor import factors
    from ciam_mfa.models import TextedNumber
    from tests.mfa.people import with_recovery_codes
    from tests.mfa.pigeon import Pigeon

    person = _person(_MANY)
    with_recovery_codes(person)
    TextedNumber.objects.create(user=person, number="+447911123456", hint="+44 ••••• 56", confirmed=True)
    bird = Pigeon()
    factors.add(bird.name, bird)
    one = _SignIn(_MANY, app=object())
    one.browser.cookies.clear()
    one.show_password()
    return lambda: _require(one.browser.get("/accounts/login/confirm/").status_code == 200)


def _person(who: int) -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(email=address_of(who))


def _app_of(who: int) -> Any:
    from ciam_mfa.models import TotpAuthenticator
    from tests.mfa.people import with_totp

    return TotpAuthenticator.objects.filter(user=_person(who)).first() or with_totp(_person(who))


def _raw(secret: str) -> bytes:
    from base64 import b32decode

    return b32decode(secret)


def _require(holds: object) -> None:
    if not holds:
        raise SystemExit("It was not let in.")


if __name__ == "__main__":
    import django

    django.setup()
    rounds, seconds = int(sys.argv[1]), float(sys.argv[2])
    parts = (code_acts, passkey_acts, sign_in_acts)
    figures = [in_turns(acts(), rounds=rounds, seconds=seconds) for acts in parts]
    print(json.dumps([*figures, counted()]))
