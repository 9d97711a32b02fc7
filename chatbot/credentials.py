"""Passwords and sign-in cookies of the staff desk: scrypt hashes, signed cookies, nothing stored."""

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass

from chatbot.errors import ServeError

# RFC 7914's interactive setting, about 60 ms here; memory = 128 * N * r = 16 MiB.
COST, BLOCK, PARALLEL = 2**14, 8, 1
SHORTEST_PASSWORD = 8
SESSION_SECONDS = 9 * 3600


def hash_password(password: str) -> str:
    """Return what goes into VRAAGBAAK_DESK_PASSWORD_HASH. Raises ServeError for a password that is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise ServeError(f"Het wachtwoord is te kort. Kies er een van {SHORTEST_PASSWORD} tekens of meer.")
    salt = secrets.token_bytes(16)
    return f"scrypt:{COST}:{BLOCK}:{PARALLEL}:{_text(salt)}:{_text(_scrypt(password, salt, COST, BLOCK, PARALLEL))}"


def check_password(password: str, hashed: str) -> bool:
    """Tell whether a password fits a hash; a hash that cannot be read fits nothing (see check_hash)."""
    try:
        _, cost, block, parallel, salt, digest = hashed.split(":")
        found = _scrypt(password, _bytes(salt), int(cost), int(block), int(parallel))
        return hmac.compare_digest(found, _bytes(digest))
    except ValueError:
        return False


def check_hash(hashed: str) -> None:
    """Refuse a hash that no password could ever fit. Raises ServeError."""
    parts = hashed.split(":")
    if len(parts) != 6 or parts[0] != "scrypt" or not all(part.isdigit() for part in parts[1:4]):
        raise ServeError("VRAAGBAAK_DESK_PASSWORD_HASH klopt niet. Maak een nieuwe waarde met: chatbot desk-password")


@dataclass(frozen=True)
class Signer:
    """Signs and reads the cookie of a signed-in member of staff."""

    secret: bytes

    def sign(self, user: str, now: float | None = None) -> str:
        """Return a cookie value that says who signed in and until when."""
        payload = f"{_text(user.encode())}.{int((now or time.time()) + SESSION_SECONDS)}"
        return f"{payload}.{self._mark(payload)}"

    def read(self, cookie: str, now: float | None = None) -> str | None:
        """Return who signed in; None if the cookie is forged, old or broken."""
        payload, _, mark = cookie.rpartition(".")
        if not hmac.compare_digest(mark.encode(), self._mark(payload).encode()):
            return None
        user, _, until = payload.partition(".")
        return _bytes(user).decode() if int(until) > (now or time.time()) else None

    def _mark(self, payload: str) -> str:
        return _text(hmac.digest(self.secret, payload.encode(), "sha256"))


def _scrypt(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    return hashlib.scrypt(
        password.encode(), salt=salt, n=cost, r=block, p=parallel, maxmem=256 * cost * block, dklen=32
    )


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
