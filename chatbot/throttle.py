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
        who = hashlib.blake2b(client.encode(), key=self._key, digest_size=16).hexdigest()
        return bool(self._limiter.hit(self._item, who))
