"""How often one client may act. Clients are told apart by a hash whose key dies with the process: nobody is kept."""

import hashlib
import secrets
from typing import Any


class Throttle:
    """A moving window of one minute per client, in memory."""

    def __init__(self, per_minute: int) -> None:
        from limits import RateLimitItemPerMinute
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        self._item = RateLimitItemPerMinute(per_minute)
        self._limiter: Any = MovingWindowRateLimiter(MemoryStorage())
        self._key = secrets.token_bytes(16)

    def allows(self, client: str) -> bool:
        """Count one act of a client, and tell whether it stays within the limit."""
        return bool(self._limiter.hit(self._item, self._name(client)))

    def has_room(self, client: str) -> bool:
        """Tell whether a client may act once more, without counting it."""
        return bool(self._limiter.test(self._item, self._name(client)))

    def _name(self, client: str) -> str:
        return hashlib.blake2b(client.encode(), key=self._key, digest_size=16).hexdigest()
