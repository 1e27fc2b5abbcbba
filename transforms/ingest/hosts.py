"""Hosts of addresses and their registrable domains, by the public suffix list with its private section.

The same anchored pattern is used in SQL (over rows) and in Python (over distinct hosts and the heads of files).
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from pathlib import Path

import duckdb
import pyarrow as pa
from publicsuffixlist import PublicSuffixList

from transforms.ingest.suffix_list import read_suffix_list

HOST_PATTERN = r"^(?:(?:[a-zA-Z][a-zA-Z0-9+.\-]*:)?//(?:[^/?#@]*@)?)?(\[[^\]]*\]|[^/:?#\s]+)"
"""Group 1 is the host as spelt: after scheme and user, before port and path; a scheme is not needed."""

HAS_HOST_PATTERN = (
    r"^(?:(?i:https?:|ftp:)?//(?:[^/?#@\s]*@)?)?"
    r"(?:\[[0-9a-fA-F:.]+\]|[^/:?#@\s.]+(?:\.[^/:?#@\s.]+)+\.?)(?:[:/?#]|$)"
)
"""Matches addresses whose host has a dot or is an IPv6 address; not ``mailto:``, ``tel:`` or ``javascript:``."""

HOST_COLUMNS = {
    "links": (("source_url", "source_host"), ("target_url", "target_host")),
    "outlinks": (("source_url", None), ("target_url", "target_host")),
    "referring_domains": (("source_address", "source_host"),),
    "linked_domains": (("target_address", "target_host"),),
    "referring_networks": (),
    "linking_pages": (("source_url", "source_host"),),
    "target_pages": (("page_url", None),),
    "anchor_texts": (),
    "disavow_entries": (),
    "placements": (("source_url", "source_host"), ("target_url", None)),
    "labels": (("subject", "subject_host"),),
    "decisions": (),
    "visibility": (),
    "rankings": (("page_url", None),),
    "performance": (("page_url", None),),
    "events": (),
}
"""Per arrived relation: its address columns, and the column that holds the normalised host, if there is one."""


_PLAIN_HOST = r"^[a-zA-Z0-9\-]+(\.[a-zA-Z0-9\-]+)+$"


def is_plain_sql(address: str) -> str:
    """SQL predicate: an http(s) address whose host needs no closer look, as nearly all have; cheap to work out."""
    return f"({is_web_sql(address)} AND regexp_matches(split_part({address}, '/', 3), '{_PLAIN_HOST}'))"


def host_sql(address: str) -> str:
    """SQL expression of the host of ``address`` (an SQL expression): lower case, no port, user or trailing dot."""
    return (
        f"CASE WHEN {is_plain_sql(address)} THEN lower(split_part({address}, '/', 3)) "
        f"ELSE lower(rtrim(regexp_extract({address}, '{HOST_PATTERN}', 1), '.')) END"
    )


def is_web_sql(address: str) -> str:
    """SQL predicate: the address begins as nearly all do, so that what lies up to the third slash tells its host."""
    return f"(starts_with({address}, 'https://') OR starts_with({address}, 'http://'))"


def authority_sql(address: str) -> str:
    """SQL expression of what tells the host of ``address``, not yet brought into one form; cheap to work out."""
    return f"CASE WHEN {is_web_sql(address)} THEN split_part({address}, '/', 3) ELSE {host_sql(address)} END"


def has_host_sql(address: str) -> str:
    """SQL predicate: the address has a host with a dot in it, or an IPv6 address."""
    return f"regexp_matches({address}, '{HAS_HOST_PATTERN}')"


def host_id_sql(host: str) -> str:
    """SQL expression of the id of a host as spelt; ``staging.hosts`` says which host it is, under one id or several."""
    return f"CAST(hash({host}) >> 1 AS BIGINT)"


_in_use: dict[str, PublicSuffixList] = {}
"""The list in use under ``rules``; read when the first host asks for it."""


def _suffixes() -> PublicSuffixList:
    if not _in_use:
        use_suffix_list(None)
    return _in_use["rules"]


def use_suffix_list(path: Path | None) -> None:
    """Take the public suffix list at ``path`` from here on, in this process; None = the bundled one.

    Raises:
        UsageError: as :func:`transforms.ingest.suffix_list.read_suffix_list`; the list in use stays.
    """
    _in_use["rules"] = read_suffix_list(path).rules
    registrable_domain.cache_clear()
    is_domain.cache_clear()


def host_of(address: str) -> str | None:
    """The normalised host of one address; None when there is none with a dot in it."""
    if not re.match(HAS_HOST_PATTERN, address.strip()):
        return None
    found = re.match(HOST_PATTERN, address.strip())
    return normalise_host(found.group(1)) if found else None


def normalise_host(host: str) -> str:
    """Lower case, IDNA (``xn--``), without brackets or trailing dot; a label that IDNA refuses stays as it is."""
    bare = host.strip().lower().strip("[]").rstrip(".")
    if bare.isascii():
        return bare
    return ".".join(_idna_label(label) for label in re.split(r"[.。．｡]", bare))


def _idna_label(label: str) -> str:
    try:
        return label.encode("idna").decode("ascii")
    except UnicodeError:
        return label


@lru_cache(maxsize=4096)
def registrable_domain(host: str) -> str:
    """The registrable domain of a normalised host; the host itself for an IP address or a bare suffix."""
    return host if _is_ip_address(host) else str(_suffixes().privatesuffix(host) or host)


def _is_ip_address(host: str) -> bool:
    if not (host[-1:].isdigit() or ":" in host):  # told at a glance for nearly all
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def is_domain(name: str) -> bool:
    """True for a name with a known public suffix and a label before it, such as ``shop.example.co.uk``."""
    bare = name.strip().lower()
    if not re.fullmatch(r"[^\s./:@_(),]+(\.[^\s./:@_(),]+)+", bare):
        return False
    host = normalise_host(bare)
    suffix = _known_suffix(host)
    return suffix is not None and host != suffix


def _known_suffix(host: str) -> str | None:
    known = _suffixes().publicsuffix(host, accept_unknown=False)
    return str(known) if known else None


def fill_hosts(connection: duckdb.DuckDBPyConnection, thing: str) -> None:
    """Write ``arrived_hosts`` (host, domain) for the addresses of ``arrived_<thing>``.

    Hosts that IDNA spells differently are also corrected in the relation's host columns.
    ``arrived_host_spellings`` (spelling, host, domain) keeps how SQL found them.
    """
    columns = HOST_COLUMNS[thing]
    union = " UNION ".join(
        f"SELECT {host_column or host_sql(address)} AS spelling FROM arrived_{thing} WHERE {address} IS NOT NULL"  # noqa: S608
        for address, host_column in columns
    )
    spelt = connection.execute(union).fetchall() if columns else []
    is_corrected = fill_spellings(connection, [str(row[0]) for row in spelt if row[0]])
    for host_column in (host_column for _, host_column in columns if host_column):
        if is_corrected:
            connection.execute(
                f"UPDATE arrived_{thing} SET {host_column} = spelt.host FROM arrived_host_spellings AS spelt "  # noqa: S608
                f"WHERE {host_column} = spelt.spelling AND spelt.spelling <> spelt.host"
            )


def fill_spellings(connection: duckdb.DuckDBPyConnection, spelt: list[str]) -> bool:
    """Write ``arrived_host_spellings`` and ``arrived_hosts`` for hosts as SQL found them; True if any is corrected."""
    spellings = sorted(spelt)
    hosts = [normalise_host(spelling) for spelling in spellings]
    found = pa.table(
        {
            "spelling": pa.array(spellings, pa.string()),
            "host": pa.array(hosts, pa.string()),
            "domain": pa.array([registrable_domain(host) for host in hosts], pa.string()),
        }
    )
    connection.register("found_hosts", found)
    connection.execute("CREATE OR REPLACE TEMP TABLE arrived_host_spellings AS SELECT * FROM found_hosts")
    connection.unregister("found_hosts")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE arrived_hosts AS SELECT DISTINCT host, domain FROM arrived_host_spellings"
    )
    return hosts != spellings
