"""A browser and an authenticator in software. Every part of what they sign can be another than it should be."""

import base64
import hashlib
import json
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

ORIGIN = "http://testserver"
RP_ID = "testserver"
ZERO = UUID(int=0)
UP, UV, BE, BS, AT, ED = 0x01, 0x04, 0x08, 0x10, 0x40, 0x80


def b64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Key:
    """ES256 on P-256, what nearly every passkey is."""

    def __init__(self, curve=None):
        self.private = ec.generate_private_key(curve or ec.SECP256R1())

    def cose(self):
        numbers = self.private.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}

    def sign(self, data):
        return self.private.sign(data, ec.ECDSA(hashes.SHA256()))


class EdKey:
    def __init__(self):
        self.private = ed25519.Ed25519PrivateKey.generate()

    def cose(self):
        return {1: 1, 3: -8, -1: 6, -2: self.private.public_key().public_bytes_raw()}

    def sign(self, data):
        return self.private.sign(data)


class RsaKey:
    def __init__(self, bits=2048, exponent=65537):
        self.private = rsa.generate_private_key(exponent, bits)

    def cose(self):
        numbers = self.private.public_key().public_numbers()
        return {1: 3, 3: -257, -1: numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8), -2: numbers.e.to_bytes(3)}

    def sign(self, data):
        return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())


def certificate_of(key):
    """A certificate of ``key`` by itself."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Security key")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.private.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    return made.sign(key.private, hashes.SHA256()).public_bytes(Encoding.DER)


class SoftPasskey:
    """One credential. ``synced``: it can be copied, and does not count; else its counter goes up by one."""

    def __init__(self, *, key=None, synced=False, uv=True, aaguid=ZERO):
        self.key = key or Key()
        self.id = secrets.token_bytes(32)
        self.synced, self.uv, self.aaguid = synced, uv, aaguid
        self.handle = ""
        self.count = 0

    def make(self, options, **otherwise):
        """What ``navigator.credentials.create()`` gives for ``options``."""
        self.handle = options["user"]["id"]
        return self.attest(options["challenge"], **otherwise)

    def get(self, options, **otherwise):
        """What ``navigator.credentials.get()`` gives for ``options``."""
        allowed = [own["id"] for own in options["allowCredentials"]]
        assert not allowed or b64(self.id) in allowed
        return self.sign(options["challenge"], **otherwise)

    def attest(
        self,
        challenge,
        *,
        cose=None,
        fmt="none",
        statement=None,
        cut=0,
        tail=b"",
        aaguid=None,
        transports=("internal",),
        **otherwise,
    ):
        key = cbor2.dumps(self.key.cose() if cose is None else cose)
        made = (aaguid or self.aaguid).bytes + len(self.id).to_bytes(2) + self.id + key + tail
        flags = otherwise.pop("flags", self._flags() | AT)
        client_data, data = self._signed("webauthn.create", challenge, flags=flags, made=made, **otherwise)
        statement = {} if statement is None else statement
        if callable(statement):
            statement = statement(data, hashlib.sha256(client_data).digest())
        attested = cbor2.dumps({"fmt": fmt, "attStmt": statement, "authData": data[: len(data) - cut]})
        parts = {"clientDataJSON": client_data, "attestationObject": attested}
        extra = {"clientExtensionResults": {"credProps": {"rk": True}}}
        return self._credential(parts, otherwise, transports=list(transports)) | extra

    def sign(self, challenge, *, signature=None, handle=None, count=None, **otherwise):
        if count is None and not self.synced:
            self.count += 1
        flags = otherwise.pop("flags", self._flags())
        count = self.count if count is None else count
        client_data, data = self._signed("webauthn.get", challenge, flags=flags, count=count, **otherwise)
        signed = self.key.sign(data + hashlib.sha256(client_data).digest())
        signature = signed if signature is None else signature(signed)
        parts = {"clientDataJSON": client_data, "authenticatorData": data, "signature": signature}
        return self._credential(parts, otherwise, userHandle=self.handle if handle is None else handle)

    def _flags(self):
        return UP | (UV if self.uv else 0) | (BE | BS if self.synced else 0)

    def _signed(
        self,
        ceremony,
        challenge,
        *,
        flags,
        made=b"",
        count=0,
        said=None,
        origin=ORIGIN,
        rp_id=RP_ID,
        more=None,
        raw=None,
        **_,
    ):
        told = {
            "type": said or ceremony,
            "challenge": challenge,
            "origin": origin,
            "crossOrigin": False,
            **(more or {}),
        }
        client_data = json.dumps(told).encode() if raw is None else raw
        data = hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + count.to_bytes(4) + made
        return client_data, data

    def _credential(self, parts, otherwise, **more):
        name = otherwise.get("id", b64(self.id))
        kind = otherwise.get("kind", "public-key")
        response = {part: b64(raw) for part, raw in parts.items()} | more
        return {"id": name, "rawId": otherwise.get("raw_id", name), "type": kind, "response": response}
