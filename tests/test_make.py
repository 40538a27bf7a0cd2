"""Does `make extract` pass on what `rolepages extract` said?"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_FROM_MAKE = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHONPATH")


@pytest.fixture
def folder(tmp_path):
    """A checkout whose installed command prints its arguments and ends as the file `code` says."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    command = tmp_path / ".venv" / "bin" / "rolepages"
    command.parent.mkdir(parents=True)
    command.write_text(
        '#!/bin/sh\nfor argument; do echo "[$argument]"; done\necho "$PYTHONPATH" >path\nexit "$(cat code)"\n'
    )
    command.chmod(0o755)
    (tmp_path / "pipeline").mkdir()
    for stamp in (".installed", ".installed-dev"):
        (tmp_path / ".venv" / stamp).touch()
    return tmp_path


def make(folder: Path, code: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "code").write_text(str(code))
    # `make test` runs these tests: the make that they start must not take itself for a part of it.
    alone = {name: value for name, value in os.environ.items() if name not in _FROM_MAKE}
    return subprocess.run(["make", *arguments], cwd=folder, env=alone, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("code", "strict", "ends"), [(0, "", 0), (3, "", 0), (3, "1", 2), (0, "1", 0), (1, "", 2), (4, "", 2), (130, "", 2)]
)
def test_quarantined_documents_fail_only_when_strict(folder, code, strict, ends):
    ran = make(folder, code, "extract", f"STRICT={strict}")
    assert ran.returncode == ends
    last = (ran.stderr.splitlines() or [""])[-1]
    assert last.startswith("*** PUBLISHED, BUT SOME INPUTS ARE IN QUARANTINE") == (code == 3 and not strict)


def test_folders_and_flags_arrive(folder):
    ran = make(folder, 0, "extract", "RAW=my raw", "OUT=my out", "ARGS=--workers 2 -v")
    assert ran.stdout.split("\n") == ["[extract]", "[my raw]", "[--out]", "[my out]", "[--workers]", "[2]", "[-v]", ""]


def test_help_is_the_default_and_lists_every_target(folder):
    ran = make(folder, 0)
    phony = (folder / "Makefile").read_text().split(".PHONY:")[1].split("\n")[0].split()
    assert [line.split()[0] for line in ran.stdout.splitlines() if line.startswith("  ")] == phony


def test_compiled_code_is_used_where_it_is_asked_for_and_there(folder):
    compiled = folder / "build" / "compiled"
    compiled.mkdir(parents=True)
    (compiled / ".made").touch()
    for asked, path in (("", ""), ("1", str(compiled))):
        assert make(folder, 0, "extract", f"COMPILED={asked}").returncode == 0
        assert (folder / "path").read_text().strip() == path


def test_no_c_compiler_is_one_clear_line(folder):
    ran = make(folder, 0, "extract", "COMPILED=1", "CC=no-such-compiler")
    assert ran.returncode == 2
    assert ran.stderr.splitlines()[0].startswith("error: COMPILED=1 needs a C compiler; on Debian: apt install gcc")
    assert not ran.stdout
