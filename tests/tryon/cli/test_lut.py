"""`tryon lut`: what calculators/color brings to the command line."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calculators.color.cube import identity_table, lut_table, read_cube, write_cube
from calculators.color.look import hair_luts, load_look
from demo.clip import frames
from tests.tryon.cli.command import Outcome, tryon
from tryon.cli import complete_app

CUBE = "LUT_3D_SIZE 2\n" + "".join(f"{r} {g} {b}\n" for b in (0, 1) for g in (0, 1) for r in (0, 1))


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a portrait in bright and in dim light, so with light and dark hair; and no hair."""
    folder = tmp_path_factory.mktemp("pictures")
    portrait = next(frames(1))[:, 40:400].astype(np.float32)
    for name, gain in (("light", 1.5), ("dark", 0.6)):
        Image.fromarray(np.clip(portrait * gain, 0, 255).astype(np.uint8)).save(folder / f"{name}.png")
    Image.new("RGB", (64, 64), "white").save(folder / "wall.png")
    (folder / "text.jpg").write_text("no picture")
    return folder


def prepare(capsys: pytest.CaptureFixture[str], light: Path, dark: Path, *more: object) -> Outcome:
    return tryon(capsys, "lut", "prepare", "--light", str(light), "--dark", str(dark), *map(str, more))


def intensities(printed: str) -> dict[str, float]:
    words = [line.split() for line in printed.splitlines() if "intensity" in line]
    return {line[0]: float(line[2]) for line in words}


def test_prepare(capsys: pytest.CaptureFixture[str], pictures: Path, tmp_path: Path) -> None:
    out, look = tmp_path / "luts" / "copper", tmp_path / "looks" / "mine.json"
    more = ("--color", "#b3552b", "--out", out, "--look", look)
    outcome = prepare(capsys, pictures / "light.png", pictures / "dark.png", *more)
    assert outcome.status == 0, outcome.err
    measured = intensities(outcome.out)
    assert measured["light"] > measured["dark"] + 0.1
    assert outcome.out.splitlines()[2:] == [
        f"wrote {tmp_path}/luts/copper_{hair}.cube" for hair in ("light", "dark")
    ] + [f"wrote {look}"]
    palette = load_look(look).effects[0].palettes[0]
    pair = hair_luts(palette)
    assert palette.color == "#B3552B"
    assert (pair.light_intensity, pair.dark_intensity) == pytest.approx(tuple(measured.values()), abs=1e-3)
    assert json.loads(look.read_text())["effects"][0]["palettes"][0]["luts"] == {
        "light": "../luts/copper_light.cube",
        "dark": "../luts/copper_dark.cube",
    }


def test_prepare_only_measures(capsys: pytest.CaptureFixture[str], pictures: Path) -> None:
    before = sorted(pictures.iterdir())
    outcome = prepare(capsys, pictures / "light.png", pictures / "dark.png")
    assert outcome.status == 0, outcome.err
    assert list(intensities(outcome.out)) == ["light", "dark"]
    assert sorted(pictures.iterdir()) == before


@pytest.mark.parametrize(
    ("light", "dark", "more", "message"),
    [
        ("dark.png", "light.png", [], "darker than that of the dark one (0."),
        ("light.png", "light.png", [], "The references are too much alike (0."),
        ("wall.png", "dark.png", [], 'wall.png" (0.0% of the picture): a reference shows hair'),
        ("text.jpg", "dark.png", [], 'text.jpg" cannot be read'),
        ("none.png", "dark.png", [], "No such file"),
        ("light.png", "dark.png", ["--color", "#b3552b"], "--color and --out go together"),
        ("light.png", "dark.png", ["--out", "x"], "--color and --out go together"),
        ("light.png", "dark.png", ["--look", "x.json"], "--look needs --color and --out"),
        ("light.png", "dark.png", ["--color", "copper", "--out", "x"], '--color: "copper" is no colour'),
    ],
)
def test_prepare_refuses(
    capsys: pytest.CaptureFixture[str],
    pictures: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    light: str,
    dark: str,
    more: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = prepare(capsys, pictures / light, pictures / dark, *more)
    assert outcome.status == 1
    assert message in outcome.err
    assert list(tmp_path.iterdir()) == []


def import_tables(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> Outcome:
    out, look = folder / "pair", folder / "pair.json"
    return tryon(capsys, "lut", "import", *arguments, "--out", str(out), "--look", str(look))


def test_import(capsys: pytest.CaptureFixture[str], pictures: Path, tmp_path: Path) -> None:
    """Files of other sizes, domains and line ends; a picture as one reference, a number as the other."""
    (tmp_path / "a.cube").write_bytes(f"DOMAIN_MIN -1 -1 -1\n{CUBE}".replace("\n", "\r\n").encode())
    write_cube(tmp_path / "b.cube", identity_table(17) / 2, "of an artist", 0.3)
    (tmp_path / "b.cube").write_text(
        (tmp_path / "b.cube").read_text().replace("# intensity 0.3", "# by hand")
    )
    references = ("--light", str(pictures / "light.png"), "--dark", "0.05")
    outcome = import_tables(capsys, tmp_path, str(tmp_path / "a.cube"), str(tmp_path / "b.cube"), *references)
    assert outcome.status == 0, outcome.err
    (light, light_intensity), (dark, dark_intensity) = (
        read_cube(tmp_path / f"pair_{hair}.cube") for hair in ("light", "dark")
    )
    assert np.allclose(lut_table(light), 0.5 + identity_table(33) / 2, atol=1e-4)
    assert np.allclose(lut_table(dark), identity_table(33) / 2, atol=1e-4)
    assert light_intensity == pytest.approx(intensities(outcome.out)["light"], abs=1e-3)
    assert dark_intensity == 0.05
    assert hair_luts(load_look(tmp_path / "pair.json").effects[0].palettes[0]).dark_intensity == 0.05


def test_import_of_one_file_for_all_hair(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "a.cube").write_text(CUBE)
    outcome = import_tables(capsys, tmp_path, str(tmp_path / "a.cube"), "--light", "0.6", "--dark", "0.2")
    assert outcome.status == 0, outcome.err
    assert load_look(tmp_path / "pair.json").effects[0].palettes[0].color == "#999999"


def test_import_of_files_that_say_their_intensity(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for name, intensity in (("a", 0.7), ("b", 0.2)):
        write_cube(tmp_path / f"{name}.cube", identity_table(33), name, intensity)
    outcome = import_tables(capsys, tmp_path, str(tmp_path / "a.cube"), str(tmp_path / "b.cube"))
    assert outcome.status == 0, outcome.err
    pair = hair_luts(load_look(tmp_path / "pair.json").effects[0].palettes[0])
    assert (pair.light_intensity, pair.dark_intensity) == (0.7, 0.2)


@pytest.mark.parametrize(
    ("text", "references", "message"),
    [
        (CUBE, [], 'a.cube" was made for: give --light a picture'),
        (CUBE, ["--light", "0.6"], 'a.cube" was made for: give --dark a picture'),
        (CUBE, ["--light", "0.2", "--dark", "0.6"], "exchange --light and --dark"),
        (CUBE, ["--light", "60", "--dark", "0.6"], "--light is 60; a brightness is from 0 (black) to 1"),
        (CUBE, ["--light", "no.png", "--dark", "0.6"], 'The picture "no.png" cannot be read'),
        (f"LUT_1D_SIZE 2\n{CUBE}", ["--light", "0.6", "--dark", "0.2"], "a 1D curve before its 3D table"),
    ],
)
def test_import_refuses(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, references: list[str], message: str
) -> None:
    (tmp_path / "a.cube").write_text(text)
    outcome = import_tables(capsys, tmp_path, str(tmp_path / "a.cube"), *references)
    assert outcome.status == 1
    assert message in outcome.err
    assert [path.name for path in tmp_path.iterdir()] == ["a.cube"]


@pytest.mark.parametrize("taken", ["pair_dark.cube", "pair.json"])
def test_nothing_is_overwritten(capsys: pytest.CaptureFixture[str], tmp_path: Path, taken: str) -> None:
    (tmp_path / "a.cube").write_text(CUBE)
    (tmp_path / taken).write_text("mine")
    outcome = import_tables(capsys, tmp_path, str(tmp_path / "a.cube"), "--light", "0.6", "--dark", "0.2")
    assert outcome.status == 1
    assert f'"{tmp_path / taken}" is there already; nothing was written.' in outcome.err
    assert {path.name for path in tmp_path.iterdir()} == {"a.cube", taken}
    assert (tmp_path / taken).read_text() == "mine"


def test_sheet(capsys: pytest.CaptureFixture[str], pictures: Path, tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    looks = [f"graphs/looks/hair/{name}.json" for name in ("copper", "caramel_ombre")]
    given = [text for look in looks for text in ("--look", look)]
    names = [str(pictures / f"{name}.png") for name in ("light", "dark")]
    outcome = tryon(capsys, "lut", "sheet", *names, *given, "--out", str(out))
    assert outcome.status == 0, outcome.err
    assert outcome.out == f"wrote {out} (2 pictures, 2 looks)\n"
    with Image.open(out) as sheet:
        shown = np.asarray(sheet).astype(int)
    columns = [shown[:, place : place + shown.shape[1] // 3] for place in (0, *_places(shown, 3))]
    assert np.abs(columns[1] - columns[0]).mean() > 2
    assert np.abs(columns[2] - columns[1]).mean() > 2


def _places(sheet: np.ndarray, count: int) -> list[int]:
    return [sheet.shape[1] // count * column for column in range(1, count)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.png", "--out", "{tmp}/a.png"], 'The picture "none.png" cannot be read'),
        (["{pictures}/dark.png", "--out", "{pictures}/dark.png"], "is there already; nothing was written."),
        (
            ["{pictures}/dark.png", "--look", "none.json", "--out", "{tmp}/a.png"],
            "none.json",
        ),
    ],
)
def test_sheet_refuses(
    capsys: pytest.CaptureFixture[str], pictures: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    given = [text.format(tmp=tmp_path, pictures=pictures) for text in arguments]
    outcome = tryon(capsys, "lut", "sheet", *given)
    assert outcome.status == 1
    assert message in outcome.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["prepare", "import", "sheet"])
def test_help_has_examples(capsys: pytest.CaptureFixture[str], name: str) -> None:
    outcome = tryon(capsys, "lut", name, "--help")
    assert outcome.status == 0
    assert f"tryon lut {name} " in outcome.out


def test_the_command_is_there_once() -> None:
    names = [group.name for group in complete_app().registered_groups]
    assert names == ["new", "lut"]
