"""staging.performance_observations: days and periods, dimension sets never mixed."""

from __future__ import annotations

from tests.transforms.text_tables import check, fill, make, open_memory


def test_first_row_of_a_repeated_key_stays_and_nulls_are_kept() -> None:
    connection = open_memory()
    fill(
        connection,
        "arrived.file",
        "file_id | site_domain | provider | observed_on | is_truncated\n"
        "f1 | kaas.nl | search_console | 2026-02-03 | false",
    )
    fill(
        connection,
        "arrived.performance",
        """
        row_number | dimension_set | query | country | performed_on | starts_on  | ends_on    | clicks | impressions
        1          | query         | kaas  |         |              | 2026-01-01 | 2026-01-31 | 3      | 40
        2          | query         | kaas  |         |              | 2026-01-01 | 2026-01-31 | 0      | 5
        3          | query         | kaas  |         |              |            |            | 9      | 90
        4          | day           |       |         | 2026-01-01   |            |            | 3      | 40
        5          | day           |       |         | 2026-01-02   |            |            | 4      | 41
        6          | country       |       | kaas    |              | 2026-01-01 | 2026-01-31 | 1      | 2
        """,
    )
    make(connection, "staging.performance_observations")
    check(
        connection,
        "staging.performance_observations",
        """
        dimension_set | query | country | performed_on | starts_on  | clicks | merged_count
        query         | kaas  |         |              | 2026-01-01 | 3      | 1
        query         | kaas  |         |              |            | 9      | 0
        day           |       |         | 2026-01-01   |            | 3      | 0
        day           |       |         | 2026-01-02   |            | 4      | 0
        country       |       | kaas    |              | 2026-01-01 | 1      | 0
        """,
    )


def test_rows_with_sums_are_added_up_and_hidden_queries_stay_apart() -> None:
    connection = open_memory()
    fill(
        connection,
        "arrived.file",
        "file_id | site_domain | provider | observed_on | is_truncated\n"
        "f1 | kaas.nl | search_console_bulk | 2026-02-03 | false",
    )
    fill(
        connection,
        "arrived.performance",
        """
        row_number | query | performed_on | clicks | impressions | position_sum
        1          | kaas  | 2026-01-01   | 1      | 10          | 20
        2          | kaas  | 2026-01-01   | 2      | 30          | 140
        3          |       | 2026-01-01   | 0      | 5           | 10
        4          |       | 2026-01-01   | 1      | 0           | 0
        5          |       | 2026-01-02   | 0      | 0           | 0
        """,
        dimension_set="query_country_device",
    )
    make(connection, "staging.performance_observations")
    check(
        connection,
        "staging.performance_observations",
        """
        query | performed_on | clicks | impressions | position | merged_count
        kaas  | 2026-01-01   | 3      | 40          | 5        | 1
              | 2026-01-01   | 1      | 5           | 3        | 1
              | 2026-01-02   | 0      | 0           |          | 0
        """,
    )


def test_two_periods_without_days_are_told_apart_by_name() -> None:
    connection = open_memory()
    fill(
        connection,
        "arrived.file",
        "file_id | site_domain | provider | observed_on | is_truncated\n"
        "f1 | kaas.nl | search_console | 2026-02-03 | false",
    )
    fill(
        connection,
        "arrived.performance",
        """
        row_number | dimension_set | query | period_name     | clicks | impressions
        1          | query         | kaas  | Last 7 days     | 3      | 40
        1          | query         | kaas  | Previous 7 days | 2      | 30
        """,
    )
    make(connection, "staging.performance_observations")
    check(
        connection,
        "staging.performance_observations",
        """
        query | period_name     | clicks | merged_count
        kaas  | Last 7 days     | 3      | 0
        kaas  | Previous 7 days | 2      | 0
        """,
    )
