"""Google credentials from what an Airflow connection holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import google.auth.exceptions
import google.oauth2.credentials
import google.oauth2.service_account

from transforms.ingest.feeds.calls import RefusalError

SCOPES = ("https://www.googleapis.com/auth/webmasters.readonly",)


def read_credentials(connection: Mapping[str, Any]) -> Any:
    """The credentials in a connection.

    Args:
        connection: as an Airflow Google connection holds it: ``keyfile_dict`` (the service account's JSON, as text or
            mapping) or ``key_path`` (a file with it), or ``token`` (an access token).

    Raises:
        RefusalError: none in it, or none that can be read.
    """
    keyfile, path, token = (connection.get(name) for name in ("keyfile_dict", "key_path", "token"))
    try:
        if keyfile:
            account = keyfile if isinstance(keyfile, Mapping) else json.loads(keyfile)
            return google.oauth2.service_account.Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
                account, scopes=SCOPES
            )
        if path:
            return google.oauth2.service_account.Credentials.from_service_account_file(  # type: ignore[no-untyped-call]
                path, scopes=SCOPES
            )
        if token:
            return google.oauth2.credentials.Credentials(token)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, google.auth.exceptions.GoogleAuthError) as error:
        # Not the error's own text: it may quote the key.
        raise RefusalError(f"the service account's key cannot be read ({type(error).__name__})") from error
    raise RefusalError("no credentials: the connection has neither keyfile_dict nor key_path nor token")
