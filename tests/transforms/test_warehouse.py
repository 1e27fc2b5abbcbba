"""The door to DuckDB: one writer at a time, readers on the snapshot, half a slice never."""

import subprocess
import sys
import textwrap
import threading

import duckdb
import pytest

from transforms.errors import WarehouseError
from transforms.schemas import table
from transforms.warehouse import open_reader, open_writer, publish_snapshot, snapshot_path, transaction

INSERT = "INSERT INTO ingest.rejected_rows VALUES ('a', ?, '*', NULL, 'why')"
COUNT = "SELECT count(*) FROM ingest.rejected_rows"


def test_readers_see_what_was_published_and_nothing_newer(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    with pytest.raises(WarehouseError, match="no snapshot"), open_reader(path):
        pass
    with open_writer(path) as connection:
        connection.execute(INSERT, [1])
    publish_snapshot(path)
    with open_writer(path) as connection:
        connection.execute(INSERT, [2])
        with open_reader(path) as reader:
            assert reader.execute(COUNT).fetchall() == [(1,)]
    publish_snapshot(path)
    with open_reader(path) as reader:
        assert reader.execute(COUNT).fetchall() == [(2,)]
    assert sorted(file.name for file in tmp_path.iterdir()) == [path.name, snapshot_path(path).name]
    assert snapshot_path(path).stat().st_mode == path.stat().st_mode, "other accounts read it as they read the original"


def test_a_transaction_is_whole_or_not_at_all(tmp_path):
    with open_writer(tmp_path / "warehouse.duckdb") as connection:
        with pytest.raises(ZeroDivisionError), transaction(connection):
            connection.execute(INSERT, [1])
            raise ZeroDivisionError
        assert connection.execute(COUNT).fetchall() == [(0,)]


def test_a_second_writer_waits_and_then_says_so(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    script = textwrap.dedent(f"""
        import pathlib, sys
        from transforms.errors import WarehouseError
        from transforms.warehouse import open_writer
        try:
            with open_writer(pathlib.Path({str(path)!r}), timeout_seconds=float(sys.argv[1])):
                print("in")
        except WarehouseError as error:
            print(error)
    """)
    with open_writer(path):
        turned_away = subprocess.run(
            [sys.executable, "-c", script, "0.2"], capture_output=True, text=True, check=True, timeout=60
        )
        assert "another process is writing" in turned_away.stdout
        waiting = subprocess.Popen([sys.executable, "-c", script, "60"], stdout=subprocess.PIPE, text=True)
        timer = threading.Event()
        timer.wait(1.0)
        assert waiting.poll() is None
    assert waiting.communicate(timeout=60)[0].strip() == "in"


def test_a_file_that_is_no_warehouse_is_named(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    path.write_text("this is not a database, " * 1000, encoding="utf-8")
    with pytest.raises(WarehouseError, match=r"warehouse\.duckdb"), open_writer(path):
        pass


def test_a_warehouse_of_another_version_is_refused(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    connection = duckdb.connect(str(path))
    connection.execute("CREATE SCHEMA risk")
    connection.execute("CREATE TABLE risk.site_risk (site_domain VARCHAR)")
    connection.close()
    with pytest.raises(WarehouseError, match=r"risk\.site_risk.*also basis"), open_writer(path):
        pass


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (
            "CREATE TABLE staging.link_observations (link_id VARCHAR, file_id VARCHAR)",
            "link_observations.*also .*text_hash",
        ),
        (table("staging.links").create_statement(), r"staging\.links: a table \(expected a view\)"),
    ],
    ids=["a table that a view reads", "a table in place of a view"],
)
def test_a_warehouse_from_before_links_were_a_view_is_refused(tmp_path, made, said):
    path = tmp_path / "warehouse.duckdb"
    connection = duckdb.connect(str(path))
    connection.execute("CREATE SCHEMA staging")
    connection.execute(made)
    connection.close()
    with pytest.raises(WarehouseError, match=said), open_writer(path):
        pass


def test_a_view_holds_no_rows_and_is_made_again_when_its_query_changes(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    with open_writer(path) as connection:
        connection.execute("CREATE OR REPLACE VIEW staging.links AS SELECT 'old' AS link_id")
    with open_writer(path) as connection:
        assert connection.execute("SELECT count(*) FROM staging.links").fetchall() == [(0,)]
        described = connection.execute("DESCRIBE staging.links").fetchall()
    declared = table("staging.links")
    assert [(row[0], row[1]) for row in described] == [(column.name, column.ddl_type) for column in declared.columns]
