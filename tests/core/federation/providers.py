"""OpenID providers on this machine: a real one in a process of its own, and one that says what it is told."""

import json
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = "shop"
SECRET = "a secret of the shop's"


def new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


KEY = new_key()
STRANGERS_KEY = new_key()


class Hostile:
    """Signs what it is told. ``claims`` and ``header`` replace its own; ``answers`` whole answers by path."""

    def __init__(self, url):
        self.issuer = url
        self.forget()

    def forget(self):
        self.person = {"sub": "alice-there", "email": "alice@example.org", "email_verified": True}
        self.claims, self.header, self.answers, self.metadata = {}, {}, {}, {}
        self.key, self.key_id, self.algorithm = KEY, "one", "RS256"
        self.nonces, self.asked, self.sent = {}, Counter(), []
        self.delay, self.token, self.told_address = 0, None, True

    def code_for(self, nonce):
        code = f"code-{len(self.nonces)}"
        self.nonces[code] = nonce
        return code

    def id_token(self, nonce, audience=CLIENT):
        now = int(time.time())
        person = self.person if self.told_address else {"sub": self.person["sub"]}
        claims = {"iss": self.issuer, "aud": audience, "iat": now, "exp": now + 300, "nonce": nonce, **person}
        claims = {name: value for name, value in {**claims, **self.claims}.items() if value is not None}
        return jwt.encode(claims, self.key, algorithm=self.algorithm, headers={"kid": self.key_id, **self.header})

    def answer(self, path, form, headers):
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/jwks",
                **self.metadata,
            }
        if path == "/jwks":
            return {"keys": [public(KEY, "one") if self.key is not ROTATED else public(ROTATED, "two")]}
        if path == "/userinfo":
            return self.person
        if path == "/token":
            self.sent.append((form, headers.get("Authorization", "")))
            nonce = self.nonces.pop(form.get("code", ""), None)
            if nonce is None:
                return 400, {"error": "invalid_grant"}
            return {
                "access_token": "secret-access",
                "token_type": "Bearer",
                "id_token": self.token or self.id_token(nonce),
            }
        return 404, {}


ROTATED = new_key()


def public(key, key_id):
    jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    return {**jwk, "kid": key_id, "use": "sig", "alg": "RS256"}


@contextmanager
def hostile_provider():
    """Served from a thread of this process."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            provider = self.server.provider
            path = urlsplit(self.path).path
            provider.asked[path] += 1
            time.sleep(provider.delay)
            length = int(self.headers.get("Content-Length") or 0)
            form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
            told = provider.answers.get(path) or provider.answer(path, form, self.headers)
            status, body = told if isinstance(told, tuple) else (200, told)
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Location", "http://169.254.169.254/")
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer  # noqa: N815  # the names http.server calls

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *args: None  # a client that hung up
    server.provider = Hostile(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def real_provider():
    """The issuer of a real one, in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    issuer = f"http://localhost:{port}"
    try:
        for _ in range(100):
            try:
                requests.get(f"{issuer}/.well-known/openid-configuration", timeout=1).raise_for_status()
                break
            except requests.RequestException:
                time.sleep(0.1)
        yield issuer
    finally:
        process.terminate()
        process.wait(timeout=10)


def knows(issuer, subject, **claims):
    """Let the real provider know somebody."""
    requests.put(f"{issuer}/users/{subject}", json=claims, timeout=5).raise_for_status()


def consents(url, subject):
    """Sign in there as ``subject`` would; where the browser is sent back to."""
    answer = requests.post(url, data={"sub": subject}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]
