"""A site's page says how far each drop has come back, and what its own drops and surges show by themselves."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pytest

from reports.data import read_portfolio, read_site
from reports.pages import render_site
from reports.sentences import Speaker
from tests.reports.invented_rows import AS_OF, CONNECTED, insert
