"""The doors of an account: the pages, and JSON for browsers and for apps. A test asks each in the same words."""

import json
from typing import ClassVar

from django.test import Client, TestCase
from django.urls import reverse


class Door(Client):
    """A browser or an app. Mail leaves as soon as a request is done, as it would after the commit."""

    def request(self, **environ):
        with TestCase.captureOnCommitCallbacks(execute=True):
            return super().request(**environ)


class Pages(Door):
    """A person with a browser."""

    def go(self, name, data=None, *args):
        return self.post(reverse(name, args=args), data or {})

    def sign_in(self, email, password):
        return self.go("ciam_sign_in", {"email": email, "password": password})

    def sign_up(self, email, password, **profile):
        return self.go("ciam_sign_up", {"email": email, "password": password, **profile})

    def ask_for_code(self, email):
        return self.go("ciam_request_sign_in_code", {"email": email})

    def ask_for_code_again(self):
        return self.go("ciam_resend_sign_in_code")

    def enter_code(self, code):
        return self.go("ciam_confirm_sign_in_code", {"code": code})

    def verify(self, code):
        return self.go("ciam_verify_address", {"code": code})

    def ask_for_verification_again(self):
        return self.go("ciam_resend_verification")

    def ask_for_recovery(self, email):
        return self.go("ciam_recover", {"email": email})

    def recover(self, code, password):
        return self.go("ciam_recover_code", {"code": code, "password": password})

    def recover_by_link(self, token, password):
        self.get(reverse("ciam_link", args=[token]))
        return self.go("ciam_set_new_password", {"password": password})

    def change_password(self, current, new):
        return self.go("ciam_change_password", {"current_password": current, "new_password": new})

    def add_address(self, email):
        return self.go("ciam_add_address", {"email": email})

    def confirm_address(self, code):
        return self.go("ciam_confirm_address", {"code": code})

    def make_primary(self, row):
        return self.go("ciam_make_primary", {}, row.pk)

    def remove_address(self, row):
        return self.go("ciam_remove_address", {}, row.pk)

    def sign_out(self):
        return self.go("ciam_sign_out")

    def use_link(self, path):
        self.get(path)
        return self.go("ciam_use_link")

    def is_signed_in(self):
        return self.get(reverse("ciam_addresses")).status_code == 200


class Browser(Door):
    """A single-page application."""

    base: ClassVar[str] = "/_allauth/browser/v1/"

    def call(self, method, path, data=None):
        body = {} if data is None else {"data": json.dumps(data), "content_type": "application/json"}
        return getattr(self, method)(self.base + path, **body)

    def sign_in(self, email, password):
        return self.call("post", "auth/login", {"email": email, "password": password})

    def sign_up(self, email, password, **profile):
        return self.call("post", "auth/signup", {"email": email, "password": password, **profile})

    def ask_for_code(self, email):
        return self.call("post", "auth/code/request", {"email": email})

    def ask_for_code_again(self):
        return self.call("post", "auth/code/resend")

    def enter_code(self, code):
        return self.call("post", "auth/code/confirm", {"code": code})

    def verify(self, code):
        return self.call("post", "auth/email/verify", {"key": code})

    def ask_for_verification_again(self):
        return self.call("post", "auth/email/verify/resend")

    def ask_for_recovery(self, email):
        return self.call("post", "auth/password/request", {"email": email})

    def recover(self, code, password):
        return self.call("post", "auth/password/reset", {"key": code, "password": password})

    recover_by_link = recover
    confirm_address = verify

    def change_password(self, current, new):
        return self.call("post", "account/password/change", {"current_password": current, "new_password": new})

    def add_address(self, email):
        return self.call("post", "account/email", {"email": email})

    def make_primary(self, row):
        return self.call("patch", "account/email", {"email": row.email, "primary": True})

    def remove_address(self, row):
        return self.call("delete", "account/email", {"email": row.email})

    def sign_out(self):
        return self.call("delete", "auth/session")

    def is_signed_in(self):
        return self.call("get", "auth/session").status_code == 200


class App(Browser):
    """An app on a phone: no cookies, a token."""

    base = "/_allauth/app/v1/"
    token: str | None = None

    def request(self, **environ):
        if self.token:
            environ["HTTP_X_SESSION_TOKEN"] = self.token
        answer = super().request(**environ)
        assert not answer.cookies, "an app is never given a cookie"
        if environ["PATH_INFO"].startswith(self.base) and answer.headers["Content-Type"] == "application/json":
            self.token = (answer.json().get("meta") or {}).get("session_token") or self.token
        return answer

    def sign_out(self):
        answer = super().sign_out()
        self.token = None
        return answer


DOORS = [Pages, Browser, App]
