"""What the benchmarks share."""

import pytest


@pytest.fixture(scope="session")
def quick(request):
    """Whether short turns and small sizes are enough."""
    return request.config.getoption("--bench-quick")
