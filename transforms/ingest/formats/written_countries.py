"""How a country is written in an export, as SQL over one text cell; see :mod:`transforms.ingest.formats.written`."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.ingest.country_names import OTHER_NAMES, country_names, three_letter_codes
from transforms.ingest.formats.written import Written, is_filled, sql_text, sql_texts


@dataclass(frozen=True)
class Country(Written):
    """A country as its alpha-2 code in lower case, from a code or from its name in one of the languages read.

    A column holds names or three-letter codes, never both: `Nga` is Russia in Vietnamese and `nga` the code of Nigeria.
    """

    keeps_unknown: bool = True
    """A word that is no country known to us stays as it is spelt; False: it is a misfit."""

    nothing: tuple[str, ...] = ()
    """Words that stand for no single country, as spelt (``Worldwide``)."""

    by_name: bool = True
    """Names (and two-letter codes); False: codes of three letters (or two)."""

    @property
    def expected(self) -> str:
        """What is known."""
        return "a country by code or name" if self.by_name else "a country's code"

    def _code(self, cell: str) -> str:
        known = country_names() if self.by_name else OTHER_NAMES | three_letter_codes()
        codes = ", ".join(f"{sql_text(name)}: {sql_text(code)}" for name, code in known.items())
        word = f"lower(nfc_normalize(trim({cell})))"
        is_code = f"regexp_matches({word}, '^[a-z][a-z]$') AND {word} NOT IN ({sql_texts(tuple(OTHER_NAMES))})"
        return f"CASE WHEN {is_code} THEN {word} ELSE MAP {{{codes}}}[{word}] END"

    def value(self, cell: str) -> str:
        """The code, or the word."""
        kept = f"coalesce({self._code(cell)}, trim({cell}))" if self.keeps_unknown else self._code(cell)
        return f"CASE WHEN {is_filled(cell, self.nothing)} THEN {kept} END"

    def misfit(self, cell: str) -> str:
        """Filled with a word that is no country, unless such a word is kept."""
        if self.keeps_unknown:
            return "false"
        return f"({is_filled(cell, self.nothing)} AND {self._code(cell)} IS NULL)"
