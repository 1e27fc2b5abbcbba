"""Credentials of the feeds: the contents of an Airflow connection, wherever it is kept."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from typing import Any

from transforms.errors import UsageError

Connections = Callable[[str], Mapping[str, Any]]
"""The contents of the connection of that id (see :func:`flatten_connection`); empty when there is none."""

_GOOGLE_PREFIX = "extra__google_cloud_platform__"


def environment_connection(conn_id: str, environ: Mapping[str, str] | None = None) -> Mapping[str, Any]:
    """The connection as Airflow keeps one in the environment: ``AIRFLOW_CONN_<ID>``, as JSON; empty without.

    For Search Console ``GOOGLE_APPLICATION_CREDENTIALS``, the path of a service account's key, does as well.

    Raises:
        UsageError: it is no JSON.
    """
    environ = os.environ if environ is None else environ
    name = f"AIRFLOW_CONN_{conn_id.upper()}"
    text = environ.get(name)
    if not text:
        path = environ.get("GOOGLE_APPLICATION_CREDENTIALS")
        return {"key_path": path} if path else {}
    try:
        content = json.loads(text)
        extra = content.get("extra") or {}
        extra = json.loads(extra) if isinstance(extra, str) else extra
    except (ValueError, AttributeError):
        raise UsageError(name, "no JSON", "a connection as JSON", "See docs/feeds.md.") from None  # it holds a secret
    return flatten_connection(content.get("password"), content.get("host"), extra)


def flatten_connection(password: str | None, host: str | None, extra: Mapping[str, Any]) -> dict[str, Any]:
    """A connection as the feeds read it: ``password``, ``host`` (with ``https://``) and the extra fields, one level."""
    fields = {name.removeprefix(_GOOGLE_PREFIX): value for name, value in extra.items()}
    return {**fields, "password": password, "host": host}
