"""staging.event_observations: an event is known from its first day on."""

from __future__ import annotations

from tests.transforms.text_tables import check, fill, make, open_memory


def test_event_is_observed_on_its_first_day_but_never_after_the_file() -> None:
    connection = open_memory()
    fill(
        connection,
        "arrived.file",
        "file_id | provider | observed_on | is_truncated\nf1 | calendar | 2026-02-03 | false",
    )
    fill(
        connection,
        "arrived.events",
        """
        row_number | event_id | kind       | name        | starts_on  | ends_on    | source
        1          | e1       | update     | Een update  | 2025-08-26 | 2025-09-22 | lijst
        2          | e2       | data_break | Straks      | 2026-03-01 |            | lijst
        3          | e1       | update     | Nog eens    | 2025-08-27 |            | lijst
        """,
    )
    make(connection, "staging.event_observations")
    check(
        connection,
        "staging.event_observations",
        """
        event_id | name       | starts_on  | ends_on    | observed_on | file_id
        e1       | Een update | 2025-08-26 | 2025-09-22 | 2025-08-26  | f1
        e2       | Straks     | 2026-03-01 |            | 2026-02-03  | f1
        """,
    )
