"""Signing keys and the id_token, right and wrong in every way a relying party must notice."""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from jwt.algorithms import RSAAlgorithm

from standins.google.people import Person

TOKEN_SECONDS = 3600
EARLY_SECONDS = 15 * 60  # how far ahead the clock of the fault "early" is
KEYS_SHOWN = 2

TOKEN_FAULTS = (
    "alg-none",
    "bad-signature",
    "early",
    "expired",
    "reused-jti",
    "unknown-kid",
    "wrong-audience",
    "wrong-issuer",
)


@dataclass(frozen=True)
class Key:
    kid: str
    private: rsa.RSAPrivateKey
    certificate: str  # PEM

    def jwk(self) -> dict[str, Any]:
        public = json.loads(RSAAlgorithm.to_jwk(self.private.public_key()))
        return {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": self.kid, "n": public["n"], "e": public["e"]}


def new_key() -> Key:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "movy-standin")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .sign(private, hashes.SHA256())
    )
    return Key(secrets.token_hex(20), private, certificate.public_bytes(serialization.Encoding.PEM).decode())


class KeyRing:
    """The key that signs, and the one before it: a token outlives a rotation."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.keys = [new_key()]

    @property
    def current(self) -> Key:
        return self.keys[0]

    def rotate(self) -> Key:
        """Sign with a new key from now on; the last but one is no longer shown."""
        with self._lock:
            self.keys = [new_key(), *self.keys][:KEYS_SHOWN]
            return self.current


def claims_for(person: Person, scopes: set[str], base: str) -> dict[str, Any]:
    """Return what the scopes let an application know, in id_token words. base: where the picture is."""
    claims: dict[str, Any] = {"sub": person.sub}
    if "email" in scopes and person.email:
        claims |= {"email": person.email, "email_verified": person.is_email_verified}
    if "profile" in scopes:
        claims |= {"name": person.name, "picture": f"{base}/a/{person.key}", "given_name": person.given_name}
        claims |= {"family_name": person.family_name} if person.family_name else {}
    if person.hosted_domain:
        claims["hd"] = person.hosted_domain
    return claims


def id_token(
    claims: dict[str, Any],
    *,
    issuer: str,
    client_id: str,
    keys: KeyRing,
    now: datetime,
    strikes: Callable[[str], bool],
    extra: dict[str, Any],
) -> str:
    """Return a signed id_token. strikes: whether one of TOKEN_FAULTS is due for it."""
    issued = int(now.timestamp())
    if strikes("early"):
        issued += EARLY_SECONDS
    if strikes("expired"):
        issued -= TOKEN_SECONDS + 1
    payload = {
        "iss": "https://accounts.example.com" if strikes("wrong-issuer") else issuer,
        "aud": "somebody-else.apps.googleusercontent.test" if strikes("wrong-audience") else client_id,
        "azp": client_id,
        **claims,
        "iat": issued,
        "exp": issued + TOKEN_SECONDS,
        **extra,
    }
    if strikes("reused-jti"):
        payload["jti"] = "the-same-every-time"
    if strikes("alg-none"):
        return jwt.encode(payload, "", algorithm="none", headers={"kid": keys.current.kid})
    kid = secrets.token_hex(20) if strikes("unknown-kid") else keys.current.kid
    signer = new_key().private if strikes("bad-signature") else keys.current.private
    return jwt.encode(payload, signer, algorithm="RS256", headers={"kid": kid})


def at_hash(access_token: str) -> str:
    """Return the left half of the access token's SHA-256, as OpenID Connect Core 3.1.3.6 has it."""
    return unpadded(hashlib.sha256(access_token.encode()).digest()[:16])


def challenge_of(verifier: str) -> str:
    """Return PKCE's S256 challenge (RFC 7636)."""
    return unpadded(hashlib.sha256(verifier.encode()).digest())


def unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
