import hashlib
import logging
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction

from ciam_core.passwords.breached import BreachCheckUnavailable, RangeClient, is_breached
from tests.core.passwords.corpus import Corpus, LocalClient, serving

BREACHED, PADDING, UNKNOWN = "plum cake at the harbour", "plum cake at the seaside", "plum cake on the mountain"


def sha1(password):
    return hashlib.sha1(password.encode()).hexdigest().upper()


@pytest.fixture
def corpus(change, monkeypatch):
    """Our corpus; calling it makes it misbehave: ``corpus("failing")``."""
    with serving() as server:
        base = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setattr(LocalClient, "URL", f"{base}/range/")
        monkeypatch.setattr(Corpus, "asked", [])
        others = f"{'A' * 35}:3\r\n{'F' * 35}:0\r\n"
        answers = {sha1(BREACHED): 42, sha1(PADDING): 0}
        lines = {digest[:5]: f"{others}{digest[5:]}:{count}" for digest, count in answers.items()}
        monkeypatch.setattr(Corpus, "lines", lines)
        change(BREACHED_PASSWORDS="tests.core.passwords.corpus.LocalClient")
        yield lambda behaviour: monkeypatch.setattr(LocalClient, "URL", f"{base}/{behaviour}/")


def test_a_breached_password_is_found(corpus):
    assert is_breached(BREACHED) is True
    assert LocalClient().count(sha1(BREACHED)) == 42


def test_another_password_is_not(corpus):
    assert is_breached(UNKNOWN) is False


def test_padding_is_not_a_breach(corpus):
    assert is_breached(PADDING) is False


def test_five_digits_leave_the_house_and_padding_is_asked_for(corpus):
    is_breached(BREACHED)
    assert Corpus.asked == [(sha1(BREACHED)[:5], "true")]


def test_both_spellings_of_a_letter_are_one_password(corpus):
    is_breached("cre\u0300me bru\u0302le\u0301e for two")
    assert Corpus.asked == [(sha1("crème brûlée for two")[:5], "true")]


def test_our_own_list_is_asked_first(corpus):
    assert is_breached("qwertyuiopasdfgh") is True
    assert Corpus.asked == []


@pytest.mark.parametrize(
    "behaviour", ["failing", "elsewhere", "garbage", "mixed", "empty", "cut", "huge", "nonsense", "hanging", "dripping"]
)
def test_a_corpus_that_misbehaves_tells_nothing_and_delays_nobody(corpus, behaviour):
    corpus(behaviour)
    started = time.monotonic()
    assert is_breached(UNKNOWN) is None
    assert time.monotonic() - started < 0.7


def test_redirects_are_not_followed(corpus):
    corpus("elsewhere")
    is_breached(UNKNOWN)
    assert len(Corpus.asked) == 1


def test_a_corpus_that_is_not_there_tells_nothing(change, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setattr(LocalClient, "URL", f"http://127.0.0.1:{port}/range/")
    change(BREACHED_PASSWORDS="tests.core.passwords.corpus.LocalClient")
    assert is_breached(UNKNOWN) is None


def test_a_corpus_that_hangs_for_many_delays_each_only_once(corpus):
    corpus("hanging")
    started = time.monotonic()
    assert [is_breached(f"{UNKNOWN} {number}") for number in range(6)] == [None] * 6
    assert time.monotonic() - started < 6 * 0.5
    time.sleep(1)
    corpus("range")
    assert is_breached(BREACHED) is True


def test_a_certificate_of_nobody_is_not_trusted(change, monkeypatch, tmp_path):
    with serving() as server:
        server.socket = _own_certificate(tmp_path).wrap_socket(server.socket, server_side=True)
        monkeypatch.setattr(LocalClient, "URL", f"https://127.0.0.1:{server.server_port}/range/")
        monkeypatch.setattr(LocalClient, "SECONDS", 10)
        with pytest.raises(BreachCheckUnavailable, match="SSLCertVerificationError"):
            LocalClient().count(sha1(UNKNOWN))


def test_without_a_corpus_only_our_list_counts():
    assert is_breached(BREACHED) is False
    assert is_breached("qwertyuiopasdfgh") is True


def test_nothing_about_the_password_is_logged(corpus, caplog):
    with caplog.at_level(logging.DEBUG):
        is_breached(BREACHED)
        corpus("failing")
        is_breached(BREACHED)
    assert sha1(BREACHED)[:5] not in caplog.text


def test_the_corpus_of_production_is_asked_encrypted():
    assert RangeClient.URL.startswith("https://")
    assert RangeClient.SECONDS == 1


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_corpus_while_rows_are_locked():
    with transaction.atomic(), pytest.raises(RuntimeError, match="transaction"):
        is_breached(UNKNOWN)


def _own_certificate(folder):
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "server.pem"
    file.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
