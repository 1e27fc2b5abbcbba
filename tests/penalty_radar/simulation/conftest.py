import pytest

from penalty_radar.simulation import WorldParameters, simulate_portfolio


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The demo world written once: its folder and its truth."""
    folder = tmp_path_factory.mktemp("demo")
    return folder, simulate_portfolio(folder, parameters=WorldParameters.demo())
