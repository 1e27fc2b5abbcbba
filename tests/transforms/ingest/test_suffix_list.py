"""Which public suffix list is used, and that a torn one is refused."""

from __future__ import annotations

import pytest

from transforms.errors import UsageError
from transforms.ingest.hosts import is_domain, registrable_domain, use_suffix_list
from transforms.ingest.suffix_list import FEWEST_RULES, SECTIONS, read_suffix_list


@pytest.fixture
def write(tmp_path):
    """Writes a list: the bundled one with a line put before the end of its ICANN section."""

    def make(extra="", *, without="", rules=None):
        text = read_suffix_list().path.read_text(encoding="utf-8").replace(SECTIONS[1], f"{extra}\n{SECTIONS[1]}")
        if rules is not None:
            text = "\n".join([SECTIONS[0], *(f"a{number}" for number in range(rules)), SECTIONS[1]])
        path = tmp_path / "list.dat"
        path.write_text(text.replace(without, "") if without else text, encoding="utf-8")
        return path

    return make


@pytest.fixture(autouse=True)
def _bundled_again():
    yield
    use_suffix_list(None)


def test_the_bundled_list_says_its_day_and_has_the_private_section():
    found = read_suffix_list()
    assert found.is_bundled
    assert found.rule_count > 2 * FEWEST_RULES * 0.9
    assert found.version_on is not None
    assert registrable_domain("winkel.github.io") == "winkel.github.io"


def test_a_newer_list_is_used_at_once_and_given_back(write):
    assert registrable_domain("shop.kaas.nieuwtld") == "kaas.nieuwtld"
    assert not is_domain("kaas.nieuwtld")
    use_suffix_list(write("kaas.nieuwtld"))
    assert registrable_domain("shop.kaas.nieuwtld") == "shop.kaas.nieuwtld"
    assert is_domain("shop.kaas.nieuwtld")
    use_suffix_list(None)
    assert registrable_domain("shop.kaas.nieuwtld") == "kaas.nieuwtld"


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"without": SECTIONS[0]}, "no line '// ===BEGIN ICANN"),
        ({"without": SECTIONS[1]}, "no line '// ===END ICANN"),
        ({"rules": FEWEST_RULES - 1}, "4,999 rules"),
    ],
)
def test_a_list_that_is_not_whole_is_refused_and_the_old_one_stays(write, changes, found):
    use_suffix_list(write("kaas.nieuwtld"))
    with pytest.raises(UsageError, match=r"publicsuffix\.org") as refused:
        use_suffix_list(write(**changes))
    assert found in refused.value.found
    assert registrable_domain("shop.kaas.nieuwtld") == "shop.kaas.nieuwtld"


def test_no_such_file_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"nowhere\.dat"):
        read_suffix_list(tmp_path / "nowhere.dat")
