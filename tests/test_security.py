"""Does SECURITY.md say what the code does?"""

import ast
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from pipeline.decode import MAX_DOCUMENT
from pipeline.engines.limits import Limits
from pipeline.errors import REASONS
from pipeline.readers import ReadOptions

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "SECURITY.md").read_text("utf-8")
UNITS = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "s": 1}
CODE = sorted((ROOT / "pipeline").rglob("*.py"))


def test_the_table_of_limits_is_that_of_the_code():
    listed = re.findall(r"^\| `(\w+)` \| ([0-9]+) (\w+) \|", TEXT, re.M)
    said = {name: int(number) * UNITS[unit] for name, number, unit in listed}
    options = ReadOptions()
    code = {field.name: getattr(options, field.name) for field in fields(options) if field.name.startswith("max_")}
    assert said == code | Limits().of_documents()
    assert options.max_document_bytes == MAX_DOCUMENT


def test_the_codes_that_it_names_are_reasons():
    named = set(re.findall(r"quarantined, `(\w+)`|given up, `(\w+)`|refused, `(\w+)`", TEXT))
    assert {code for row in named for code in row if code} <= REASONS.keys()


def _imports(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_pickle_no_eval_no_shell_no_network(path):
    tree = ast.parse(path.read_text("utf-8"))
    forbidden = {
        "pickle",
        "cPickle",
        "marshal",
        "shelve",
        "dill",
        "yaml",
        "http",
        "requests",
        "urllib3",
        "ftplib",
        "smtplib",
    }
    assert not forbidden & set(_imports(tree))
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert not {"eval", "exec", "__import__"} & called
    words = path.read_text("utf-8")
    assert "urllib.request" not in words
    assert "shell=True" not in words


def test_a_run_opens_no_socket_to_anywhere(tmp_path):
    """An audit hook in the process of the run ends it where it connects, binds or resolves a name."""
    program = """
import sys
def watch(event, arguments):
    if event in {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"}:
        raise SystemExit(f"{event} {arguments}")
    if event in {"pickle.find_class", "marshal.load"}:
        raise SystemExit(event)
sys.addaudithook(watch)
from pipeline.cli import main
sys.exit(main(sys.argv[1:]))
"""
    arguments = ["extract", str(ROOT / "raw"), "--out", str(tmp_path / "out"), "--workers", "1", "-q"]
    ran = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
