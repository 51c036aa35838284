"""Every conformance case found beside the repository; see `python -m tests.conformance`."""

from pathlib import Path

import pytest

from tests.conformance.case import case_files
from tests.conformance.judge import Status, judge_file

CASES = Path(__file__).parents[2] / "shared" / "conformance" / "cases"

if not CASES.is_dir():
    pytest.skip("the recorded cases are not there: ../shared/conformance/cases", allow_module_level=True)


@pytest.mark.parametrize("path", case_files(CASES), ids=lambda path: path.stem)
def test_conformance(path: Path) -> None:
    verdict = judge_file(path)
    if verdict.status is Status.XFAIL:
        pytest.xfail(verdict.reason)
    assert verdict.status is Status.PASS, verdict.reason
