"""Memory of the process."""

import platform

from tryon.cli.memory import keep_freed_memory


def test_glibc_takes_the_settings() -> None:
    assert keep_freed_memory() == (platform.libc_ver()[0] == "glibc")
