"""The command that trains: what it refuses, and what it says."""

from pathlib import Path

import pytest

from training.config import CONFIGS, config_paths
from training.fit import load_task, main

ROOT = Path(__file__).parents[2]


class TestLoadTask:
    """What is wrong with a configuration's task and options; `read_config` has its own tests."""

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (
                ('"deeplab"', '"deepleb"'),
                r"unknown task 'deepleb' \(did you mean 'deeplab'\?\); there are: hair, ",
            ),
            (
                ("train_pictures", "train_picture"),
                r"options: the task 'deeplab' takes weights, output_stride, train_pictures, "
                r"validation_pictures, not 'train_picture' \(did you mean 'train_pictures'\?\)",
            ),
        ],
    )
    def test_refused(self, tmp_path, change, message):
        path = tmp_path / "changed.toml"
        path.write_text((CONFIGS / "deeplab_proof.toml").read_text().replace(*change))
        with pytest.raises(ValueError, match=rf"changed\.toml: {message}"):
            load_task(path)


def stop(*_):
    raise KeyboardInterrupt


class TestCommand:
    def test_help_has_examples(self, capsys):
        with pytest.raises(SystemExit, match="0"):
            main(["--help"])
        assert "python -m training.fit hair_256 " in capsys.readouterr().out

    def test_list(self, capsys):
        main(["--list"])
        lines = capsys.readouterr().out.splitlines()
        assert [line.split()[0] for line in lines] == [path.stem for path in config_paths()]
        assert all(len(line.split()) > 3 for line in lines)

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["hair_265"], "error: no configuration 'hair_265' (did you mean 'hair_256'?); there are: "),
            (["nail", "--config", "lpm"], "error: no configuration 'nail_lpm' (did you mean 'nail_lmp'?); "),
            (["deeplab_random", "--data", "none"], "error: none: "),
        ],
    )
    def test_one_line_and_no_traceback(self, monkeypatch, tmp_path, capsys, arguments, message):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "training/splits").mkdir(parents=True)
        (tmp_path / "training/splits/hair_val.txt").touch()
        with pytest.raises(SystemExit, match="1"):
            main(arguments)
        error = capsys.readouterr().err
        assert error.startswith(message)
        assert error.count("\n") == 1

    def test_a_stopped_run_says_how_to_go_on(self, monkeypatch, capsys):
        monkeypatch.setattr("training.fit.load_task", stop)
        with pytest.raises(SystemExit, match="130"):
            main(["nail", "--config", "lmp"])
        assert capsys.readouterr().err == "stopped; the same command goes on after the last finished epoch\n"

    def test_without_a_configuration(self, capsys):
        with pytest.raises(SystemExit, match="2"):
            main([])
        assert "which configuration? --list shows them" in capsys.readouterr().err
