"""What tests need of a machine. Where it is missing they are skipped, or fail if the environment says so."""

import os
from typing import NoReturn

import pytest

REQUIRED = "TRYON_TESTS_NEED_GPU"


def missing(reason: str) -> NoReturn:
    """Ends a test that cannot run here.

    Args:
        reason: what is missing and what to install.
    """
    if os.environ.get(REQUIRED):
        pytest.fail(f"{REQUIRED} is set, but {reason}")
    pytest.skip(reason)
