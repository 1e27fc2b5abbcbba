"""staging.ranking_observations: the best page per keyword, market, device and day."""

from __future__ import annotations

from tests.transforms.text_tables import check, fill, make, open_memory


def test_best_position_wins_and_null_markets_are_one_market() -> None:
    connection = open_memory()
    fill(
        connection,
        "arrived.file",
        """
        file_id | site_domain | provider   | observed_on | is_truncated | tracked_depth
        f1      | kaas.nl     | se_ranking | 2026-02-03  | false        | 100
        """,
    )
    fill(
        connection,
        "arrived.rankings",
        """
        row_number | keyword | page_url          | device | country | ranked_on  | position
        1          | kaas    | https://kaas.nl/a |        |         | 2026-02-01 |
        2          | kaas    | https://kaas.nl/b |        |         | 2026-02-01 | 9
        3          | kaas    | https://kaas.nl/c |        |         | 2026-02-01 | 4
        4          | kaas    | https://kaas.nl/d |        | nl      | 2026-02-01 | 1
        5          | kaas    | https://kaas.nl/e | mobile |         | 2026-02-01 | 2
        6          | kaas    |                   |        |         | 2026-02-02 |
        """,
    )
    make(connection, "staging.ranking_observations")
    check(
        connection,
        "staging.ranking_observations",
        """
        page_url          | device | country | ranked_on  | position | merged_count | tracked_depth
        https://kaas.nl/c |        |         | 2026-02-01 | 4        | 2            | 100
        https://kaas.nl/d |        | nl      | 2026-02-01 | 1        | 0            | 100
        https://kaas.nl/e | mobile |         | 2026-02-01 | 2        | 0            | 100
                          |        |         | 2026-02-02 |          | 0            | 100
        """,
    )
