"""Links of one file get their ids: the same link has the same id in every export, and texts are kept once.

Two ways to the same relation ``arrived_identified_links``. A file of ordinary size stands typed in ``arrived_links``;
rows that share source and target become one. A large plain file is a view over the file itself, which streams into
``staging.link_observations`` without standing anywhere in between; rows that share source and target are made one
there (:mod:`transforms.ingest.bulk_links`).
"""

from __future__ import annotations

import duckdb

from transforms.ingest.formats.written import sql_text
from transforms.ingest.hosts import authority_sql, host_id_sql
from transforms.schemas import table

IDENTIFIED = "arrived_identified_links"
TEXTS = (
    "anchor_text",
    "source_title",
    "left_context",
    "right_context",
    "source_language",
    "link_type",
    "redirect_urls",
)
"""Texts beside the two addresses; an observation that changes one of them is written with all of them."""

NEWEST_FIRST = "coalesce(last_seen_on, DATE '1900-01-01') DESC"
"""Of rows that share source and target the one seen last describes the link, the first in the file among equals."""

SOURCE_HOST_ID = host_id_sql(authority_sql("source_url"))
"""Of an address, however its file is read: an observation whose texts stand elsewhere has no address to look at."""

_OF_ROW = [
    name
    for name in table("arrived.identified_links").column_names
    if name not in {"link_id", "source_host_id", "text_hash", "described_in", "merged_count"}
]


def link_id_sql(site_domain: str, provider: str) -> str:
    """SQL expression of ``link_id`` over ``source_url`` and ``target_url``: 60 bits of an md5, stable for ever.

    Two links of a hundred million share an id with a probability of 0.4 %.
    """
    whose = f"{sql_text(site_domain)}, {sql_text(provider)}"
    return f"CAST('0x' || left(md5(concat_ws('|', {whose}, source_url, target_url)), 15) AS BIGINT)"


def text_hash_sql() -> str:
    """SQL expression of the hash of a row's texts; it only decides whether they are written again."""
    return f"CAST(hash({', '.join(TEXTS)}) >> 1 AS BIGINT)"


def identify_links(connection: duckdb.DuckDBPyConnection, site_domain: str, provider: str) -> None:
    """Make the table ``arrived_identified_links`` of the rows in ``arrived_links``."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE arrived_numbered_links AS "  # noqa: S608
        f"SELECT *, {link_id_sql(site_domain, provider)} AS link_id, {text_hash_sql()} AS text_hash, "
        f"row_number() OVER (PARTITION BY source_url, target_url ORDER BY {NEWEST_FIRST}, row_number) AS key_place, "
        "count(*) OVER (PARTITION BY source_url, target_url) AS same_key_count FROM arrived_links"
    )
    fill_known_texts(connection, site_domain, provider, "AND link_id IN (SELECT link_id FROM arrived_numbered_links)")
    _drop_identified(connection)
    connection.execute(
        f"CREATE TEMP TABLE {IDENTIFIED} AS "  # noqa: S608
        f"SELECT link_id, {SOURCE_HOST_ID} AS source_host_id, text_hash, known.described_in, "
        f"{', '.join(_OF_ROW)}, CAST(same_key_count - 1 AS BIGINT) AS merged_count "
        "FROM arrived_numbered_links LEFT JOIN arrived_known_texts AS known USING (link_id, text_hash) "
        "WHERE key_place = 1"
    )
    connection.execute("DROP TABLE arrived_numbered_links")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE arrived_link_hosts AS "  # noqa: S608
        f"SELECT {SOURCE_HOST_ID} AS host_id, any_value(known.host) AS host, any_value(known.domain) AS domain "
        "FROM arrived_links JOIN arrived_hosts AS known ON source_host = known.host GROUP BY 1"
    )


def stream_links(connection: duckdb.DuckDBPyConnection, site_domain: str, provider: str, rows: str) -> None:
    """Make the view ``arrived_identified_links`` over ``rows``, a query of judged rows.

    Rows that share source and target are all there; rows that are not good have no ``link_id``.
    """
    fill_known_texts(connection, site_domain, provider)
    known = _number(connection, "SELECT count(*) FROM arrived_known_texts")
    described_in, join = ("CAST(NULL AS VARCHAR)", "")
    if known:
        described_in, join = "known.described_in", "LEFT JOIN arrived_known_texts AS known USING (link_id, text_hash) "
    _drop_identified(connection)
    connection.execute(
        f"CREATE TEMP VIEW {IDENTIFIED} AS "  # noqa: S608
        f"SELECT link_id, source_host_id, text_hash, {described_in} AS described_in, {', '.join(_OF_ROW)}, "
        f"CAST(0 AS BIGINT) AS merged_count FROM (SELECT *, "
        f"CASE WHEN is_good THEN {link_id_sql(site_domain, provider)} END AS link_id, "
        f"{text_hash_sql()} AS text_hash, {SOURCE_HOST_ID} AS source_host_id "
        f"FROM ({rows})) {join}"
    )


def forget_unsettled(connection: duckdb.DuckDBPyConnection, file_id: str) -> None:
    """Take out what a run that was killed half-way left of a file that the ledger does not know."""
    connection.execute("DELETE FROM staging.link_observations WHERE file_id = $file", {"file": file_id})


def fill_known_texts(
    connection: duckdb.DuckDBPyConnection, site_domain: str, provider: str, condition: str = ""
) -> None:
    """Write ``arrived_known_texts``: link, hash of texts and the file whose observation holds them."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE arrived_known_texts AS "  # noqa: S608
        "SELECT link_id, text_hash, min(file_id) AS described_in FROM staging.link_observations "
        f"WHERE site_domain = $site AND provider = $provider AND text_hash IS NOT NULL {condition} "
        # What a run that was killed half-way left behind may be taken out any moment.
        "AND file_id IN (SELECT file_id FROM ingest.export_files WHERE status = 'loaded') "
        "GROUP BY link_id, text_hash",
        {"site": site_domain, "provider": provider},
    )


def _drop_identified(connection: duckdb.DuckDBPyConnection) -> None:
    """The file before may have left a table or a view of that name; each is dropped by its own statement."""
    kinds = connection.execute(
        "SELECT CASE table_type WHEN 'VIEW' THEN 'VIEW' ELSE 'TABLE' END FROM information_schema.tables "
        "WHERE table_name = $name",
        {"name": IDENTIFIED},
    ).fetchall()
    for (kind,) in kinds:
        connection.execute(f"DROP {kind} {IDENTIFIED}")


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])
