"""Settings: one place, validated, the environment wins."""

from pathlib import Path

import pytest

from transforms.errors import UsageError
from transforms.settings import load_settings


def test_defaults_are_below_the_folder(tmp_path):
    settings = load_settings({}, tmp_path)
    assert settings.warehouse == (tmp_path / "var/warehouse.duckdb").resolve()
    assert settings.exports == str((tmp_path / "exports").resolve())
    assert settings.language == "en"


def test_the_environment_wins_over_the_file(tmp_path):
    (tmp_path / "penalty_radar.toml").write_text('language = "nl"\nbatch_size = 7\n', encoding="utf-8")
    settings = load_settings({"PENALTY_RADAR_BATCH_SIZE": "9", "UNRELATED": "x"}, tmp_path)
    assert (settings.language, settings.batch_size) == ("nl", 9)


def test_an_object_storage_url_is_left_alone(tmp_path):
    assert load_settings({"PENALTY_RADAR_EXPORTS": "s3://bucket/inbox"}, tmp_path).exports == "s3://bucket/inbox"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("languag = 'nl'", "languag"),
        ("language = 'de'", "'de'"),
        ("batch_size = 0", "batch_size"),
        ("time_zone = 'Mars/Olympus'", "time_zone"),
        ("language = ", "penalty_radar.toml"),
    ],
)
def test_a_wrong_setting_says_where_and_what(tmp_path, text, found):
    (tmp_path / "penalty_radar.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_settings({}, tmp_path)
    assert found in str(caught.value)
    assert caught.value.exit_code == 2


def test_loading_makes_no_folder(tmp_path: Path):
    load_settings({}, tmp_path)
    assert list(tmp_path.iterdir()) == []
