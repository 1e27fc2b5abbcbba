"""One GET request of an API that has no maintained client in the lock; redirects are not followed.

A redirect would carry the key to another host, and no API here documents one.
"""

from __future__ import annotations

import http.client
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from typing import IO, Any

from transforms.ingest.feeds.calls import Answer, LostAnswerError, PassingError, RefusalError

TIMEOUT_SECONDS = 120.0
"""Of silence. A page of 10,000 links is computed in seconds; a server that is silent for two minutes has lost it."""

USER_AGENT = "penalty-radar"


class UnsentError(PassingError):
    """The request did not reach the server, so that nothing was charged."""


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req: Any, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str) -> None:
        """None: the answer stays what it is."""


def get(address: str, parameters: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Answer:
    """The answer to ``address?parameters``, whatever its status.

    Raises:
        UnsentError: no connection.
        LostAnswerError: the connection broke before the whole answer was there.
        RefusalError: ``address`` is no web address, or a header cannot be sent.
    """
    if not address.startswith(("https://", "http://")):
        raise RefusalError(f"{address!r} is no web address (host of the connection)")
    query = urllib.parse.urlencode(parameters)
    request = urllib.request.Request(  # noqa: S310 - the scheme is checked
        f"{address}?{query}" if query else address, headers={"User-Agent": USER_AGENT, **(headers or {})}
    )
    opener = urllib.request.build_opener(_StayHere)
    try:
        try:
            reply = opener.open(request, timeout=TIMEOUT_SECONDS)
        except urllib.error.HTTPError as error:
            reply = error
        with reply:
            names = {name.lower(): value for name, value in reply.headers.items()}
            return Answer(status=reply.status, headers=names, body=reply.read())
    except urllib.error.URLError as error:
        raise UnsentError(f"no connection: {error.reason}") from error
    except (OSError, http.client.HTTPException) as error:
        raise LostAnswerError(f"the connection broke: {type(error).__name__}") from error
    except ValueError:
        # Not the error's own text, nor its traceback: they quote the header, and so the key.
        raise RefusalError(
            "cannot be asked: the key or the host of the connection has a character that cannot be sent"
        ) from None
