"""A browser without a window, which compiles shaders and repeats draws in WebGL 2."""

import html
import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAMS = ("chromium-headless-shell", "chromium")
INSTALL = "apt-get install chromium-headless-shell"
# SwiftShader draws, on the CPU. Containers let root have no sandbox and little shared memory.
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
SCRIPT = Path(__file__).with_name("webgl.js")
PAGE = """<!doctype html><meta charset="utf-8"><body>
<script type="application/json" id="work">{work}</script>
<script>{script}</script>"""
SECONDS = 300


@dataclass(frozen=True)
class WebGl:
    """What a browser made of shaders and draws.

    Attributes:
        device: the WebGL version.
        refused: by shader, what the browser says against it.
        pictures: by scene, base64 of the RGBA bytes that were drawn.
        failed: by scene, why there is no picture.
    """

    device: str
    refused: dict[str, str]
    pictures: dict[str, str]
    failed: dict[str, str]


def find_browser() -> str | None:
    """The browser's program; None where none is installed."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def run_webgl(program: str, work: dict[str, Any], folder: Path) -> WebGl:
    """Starts the browser once and hands it the work.

    Args:
        program: see `find_browser`.
        work: the vertex shader ("vertex"), texts of fragment shaders by name ("shaders"), and lists of draws
            by name ("scenes"; see `tests.calculators.render.draws`).
        folder: an empty one, for the page and what the browser writes.
    """
    page = folder / "page.html"
    # A "<" would end the element that the work is in.
    text = json.dumps(work).replace("<", "\\u003c")
    page.write_text(PAGE.format(work=text, script=SCRIPT.read_text()), encoding="utf-8")
    command = [program, *SWITCHES, f"--user-data-dir={folder / 'profile'}", "--dump-dom", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    body = re.search(r"<body>(\{.*\})</body>", done.stdout, re.DOTALL)
    assert body, f"{program} exited with {done.returncode} and no result: {done.stderr[-2000:]}"
    result = json.loads(html.unescape(body[1]))
    assert result["device"], f"{program} has no WebGL 2: {done.stderr[-2000:]}"
    return WebGl(**result)
