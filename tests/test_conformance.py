"""Every conformance case, in the repository and beside it; see `python -m tests.conformance`."""

from pathlib import Path

import pytest

from tests.conformance.case import case_files
from tests.conformance.judge import Status, judge_file

OWN = Path(__file__).parent / "conformance" / "cases"
SHARED = Path(__file__).parents[2] / "shared" / "conformance" / "cases"


def check(path: Path) -> None:
    verdict = judge_file(path)
    if verdict.status is Status.XFAIL:
        pytest.xfail(verdict.reason)
    assert verdict.status is Status.PASS, verdict.reason


@pytest.mark.parametrize("path", case_files(OWN), ids=lambda path: path.stem)
def test_own_cases(path: Path) -> None:
    check(path)


@pytest.mark.skipif(not SHARED.is_dir(), reason="no ../shared/conformance/cases here")
@pytest.mark.parametrize("path", case_files(SHARED), ids=lambda path: path.stem)
def test_shared_cases(path: Path) -> None:
    check(path)
