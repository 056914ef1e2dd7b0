"""One person's way by each kind of client: HTML forms, a browser's JSON with cookies, an app's JSON with a token.

CSRF is enforced: forms carry the token of their own page, a browser's JSON the one of its cookie, an app none.
"""

import json
import re
from typing import Any, Protocol

from django.conf import settings
from django.test import Client, TestCase
from django.urls import reverse

Answer = Any  # a response of Django's test client

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class Walker(Protocol):
    """Each step raises ``AssertionError`` unless the client was answered as it expects."""

    def sign_up(self, email: str, password: str) -> None: ...
    def verify(self, code: str) -> None: ...
    def sign_in(self, email: str, password: str) -> None: ...
    def ask_for_code(self, email: str) -> None: ...
    def enter_code(self, code: str) -> None: ...
    def sign_out(self) -> None: ...
    def ask_for_recovery(self, email: str) -> None: ...
    def recover(self, code: str, password: str) -> None: ...
    def ask_to_change_address(self, email: str) -> None: ...
    def confirm_address(self, code: str) -> None: ...
    def addresses(self) -> list[str]: ...
    def edit_name(self, name: str) -> None: ...
    def name(self) -> str | None: ...
    def is_inside(self) -> bool: ...
    def change_password(self, current: str, new: str) -> None: ...
    def add_address(self, email: str) -> None: ...
    def make_primary(self, email: str) -> None: ...
    def deactivate(self) -> None: ...
    def schedule_deletion(self) -> None: ...
    def come_back(self, email: str, password: str) -> None: ...
    def is_refused(self, email: str, password: str) -> bool: ...


class Committed(Client):
    """Mail leaves as soon as a request is done, as it would after the commit."""

    def request(self, **environ: Any) -> Answer:
        with TestCase.captureOnCommitCallbacks(execute=True):
            return super().request(**environ)


class HtmlForms:
    """Opens a page, fills its form, follows where it leads."""

    def __init__(self) -> None:
        self.client = Committed(enforce_csrf_checks=True)

    def send(self, page: str, *args: object, leads_to: str, on: str = "", **typed: str) -> None:
        """``on``: the page the form stands on, where that is another one."""
        answer = self.post(page, *args, on=on, **typed)
        assert answer.status_code == 302, answer.content.decode()
        assert answer.headers["Location"] == reverse(leads_to)

    def post(self, page: str, *args: object, on: str = "", **typed: str) -> Answer:
        path = reverse(page, args=args)
        token = TOKEN.search(self.client.get(reverse(on) if on else path).content.decode())
        assert token, f"{page} has no form"
        return self.client.post(path, {**typed, "csrfmiddlewaretoken": token[1]})

    def sign_up(self, email: str, password: str) -> None:
        self.send("ciam_sign_up", email=email, password=password, leads_to="ciam_verify_address")

    def verify(self, code: str) -> None:
        self.send("ciam_verify_address", code=code, leads_to="ciam_overview")

    def sign_in(self, email: str, password: str) -> None:
        self.send("ciam_sign_in", email=email, password=password, leads_to="ciam_overview")

    def ask_for_code(self, email: str) -> None:
        self.send("ciam_request_sign_in_code", email=email, leads_to="ciam_confirm_sign_in_code")

    def enter_code(self, code: str) -> None:
        self.send("ciam_confirm_sign_in_code", code=code, leads_to="ciam_overview")

    def sign_out(self) -> None:
        self.send("ciam_sign_out", leads_to="ciam_sign_in")

    def ask_for_recovery(self, email: str) -> None:
        self.send("ciam_recover", email=email, leads_to="ciam_recover_code")

    def recover(self, code: str, password: str) -> None:
        self.send("ciam_recover_code", code=code, password=password, leads_to="ciam_overview")

    def ask_to_change_address(self, email: str) -> None:
        self.send("ciam_change_address", email=email, leads_to="ciam_confirm_address")

    def confirm_address(self, code: str) -> None:
        self.send("ciam_confirm_address", code=code, leads_to="ciam_addresses")

    def addresses(self) -> list[str]:
        page = self.client.get(reverse("ciam_addresses")).content.decode()
        return re.findall(r'<b id="address-\d+"><bdi>([^<]+)</bdi>', page)

    def edit_name(self, name: str) -> None:
        self.send("ciam_edit_attribute", "full_name", full_name=name, leads_to="ciam_profile")

    def name(self) -> str | None:
        page = self.client.get(reverse("ciam_profile")).content.decode()
        shown = re.search(r'<dd class="ciam-row-value">([^<]*)', page)
        return shown[1].strip() if shown else None

    def is_inside(self) -> bool:
        return bool(self.client.get(reverse("ciam_overview")).status_code == 200)

    def change_password(self, current: str, new: str) -> None:
        self.send("ciam_change_password", current_password=current, new_password=new, leads_to="ciam_overview")

    def add_address(self, email: str) -> None:
        self.send("ciam_add_address", on="ciam_addresses", email=email, leads_to="ciam_confirm_address")

    def make_primary(self, email: str) -> None:
        page = self.client.get(reverse("ciam_addresses")).content.decode()
        row = re.search(re.escape(email) + r".*?email/(\d+)/primary/", page, re.DOTALL)
        assert row, f"{email} cannot be made primary"
        self.send("ciam_make_primary", row[1], on="ciam_addresses", leads_to="ciam_addresses")

    def deactivate(self) -> None:
        self.send("ciam_deactivate", leads_to="ciam_deactivated")

    def schedule_deletion(self) -> None:
        self.send("ciam_schedule_deletion", leads_to="ciam_deletion_scheduled")

    def come_back(self, email: str, password: str) -> None:
        self.send("ciam_sign_in", email=email, password=password, leads_to="ciam_come_back")
        self.send("ciam_come_back", leads_to="ciam_overview")

    def is_refused(self, email: str, password: str) -> bool:
        return bool(self.post("ciam_sign_in", email=email, password=password).status_code == 400)

    def use_link(self, link: str, *, leads_to: str) -> None:
        assert self.client.get(link).headers["Location"] == reverse("ciam_use_link")
        self.send("ciam_use_link", leads_to=leads_to)


class BrowserJson:
    """A single-page application: allauth's protocol to get in, REST for the rest."""

    sign_in_api = "/_allauth/browser/v1/"
    rest_api = "/api/ciam/v1/"

    def __init__(self) -> None:
        self.client = Committed(enforce_csrf_checks=True)
        self.call("get", self.sign_in_api + "config")

    def call(self, method: str, path: str, data: Any = None) -> Answer:
        body = json.dumps(data) if data else ""  # without a body no content type either, as ``fetch`` has it
        return self.client.generic(method.upper(), path, body, "application/json", headers=self.headers())

    def headers(self) -> dict[str, str]:
        token = self.client.cookies.get(settings.CSRF_COOKIE_NAME)
        return {"X-CSRFToken": token.value} if token else {}

    def auth(self, method: str, path: str, *, status: int, pending: str = "", **data: Any) -> None:
        answer = self.call(method, self.sign_in_api + path, data)
        assert answer.status_code == status, answer.content
        if pending:
            assert pending in [flow["id"] for flow in answer.json()["data"]["flows"] if flow.get("is_pending")]

    def rest(self, method: str, path: str, *, status: int = 200, **data: Any) -> Any:
        answer = self.call(method, self.rest_api + path, data)
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None

    def sign_up(self, email: str, password: str) -> None:
        self.auth("post", "auth/signup", email=email, password=password, status=401, pending="verify_email")

    def verify(self, code: str) -> None:
        self.auth("post", "auth/email/verify", key=code, status=200)

    def sign_in(self, email: str, password: str) -> None:
        self.auth("post", "auth/login", email=email, password=password, status=200)

    def ask_for_code(self, email: str) -> None:
        self.auth("post", "auth/code/request", email=email, status=401, pending="login_by_code")

    def enter_code(self, code: str) -> None:
        self.auth("post", "auth/code/confirm", code=code, status=200)

    def sign_out(self) -> None:
        self.auth("delete", "auth/session", status=401)

    def ask_for_recovery(self, email: str) -> None:
        self.auth("post", "auth/password/request", email=email, status=401, pending="password_reset_by_code")

    def recover(self, code: str, password: str) -> None:
        self.auth("post", "auth/password/reset", key=code, password=password, status=200)

    def ask_to_change_address(self, email: str) -> None:
        self.rest("post", "addresses/change/", email=email, status=202)

    def confirm_address(self, code: str) -> None:
        self.rest("post", "addresses/confirm/", code=code)

    def addresses(self) -> list[str]:
        return [own["email"] for own in self.rest("get", "addresses/")]

    def edit_name(self, name: str) -> None:
        self.rest("patch", "profile/", full_name=name)

    def name(self) -> str | None:
        name: str | None = self.rest("get", "profile/")["full_name"]
        return name

    def is_inside(self) -> bool:
        return bool(self.call("get", self.sign_in_api + "auth/session").status_code == 200)

    def change_password(self, current: str, new: str) -> None:
        self.auth("post", "account/password/change", current_password=current, new_password=new, status=200)

    def add_address(self, email: str) -> None:
        self.rest("post", "addresses/", email=email, status=202)

    def make_primary(self, email: str) -> None:
        [own] = [row for row in self.rest("get", "addresses/") if row["email"] == email]
        self.rest("put", f"addresses/{own['id']}/primary/")

    def deactivate(self) -> None:
        self.rest("post", "account/deactivation/", status=204)

    def schedule_deletion(self) -> None:
        self.rest("post", "account/deletion/", status=202)

    def come_back(self, email: str, password: str) -> None:
        self.auth("post", "auth/login", email=email, password=password, status=401, pending="ciam_come_back")
        self.auth("post", "auth/come-back", status=200)

    def is_refused(self, email: str, password: str) -> bool:
        answer = self.call("post", self.sign_in_api + "auth/login", {"email": email, "password": password})
        return bool(answer.status_code == 400)


class AppJson(BrowserJson):
    """An app: the same JSON; it keeps the tokens of its session and its device itself and is never given a cookie."""

    sign_in_api = "/_allauth/app/v1/"

    def __init__(self) -> None:
        self.client = Committed(enforce_csrf_checks=True)
        self.token = self.device = ""

    def headers(self) -> dict[str, str]:
        tokens = {"X-Session-Token": self.token, "X-Device-Token": self.device}
        return {name: token for name, token in tokens.items() if token}

    def call(self, method: str, path: str, data: Any = None) -> Answer:
        answer = super().call(method, path, data)
        if answer.status_code == 410:  # the session is gone for good: without its token, once more
            self.token = ""
            answer = super().call(method, path, data)
        assert not answer.cookies
        self.device = answer.headers.get("X-Device-Token", self.device)
        body = answer.json() if answer.content else None
        self.token = body.get("meta", {}).get("session_token", self.token) if isinstance(body, dict) else self.token
        return answer


WALKERS: list[type[Walker]] = [HtmlForms, BrowserJson, AppJson]
