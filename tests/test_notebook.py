import itertools
import shutil
from pathlib import Path

import nbclient
import nbformat
import pytest

ROOT = Path(__file__).parent.parent
NOTEBOOK = ROOT / "notebooks" / "explore.ipynb"


def read():
    return nbformat.read(NOTEBOOK, 4)


def test_the_notebook_asks_five_questions_and_knows_no_role_by_name():
    cells = read().cells
    questions = [cell.source.split("\n")[0] for cell in cells if cell.cell_type == "markdown" and "## " in cell.source]
    assert [question[:5] for question in questions] == [f"## {number}." for number in range(1, 6)]
    assert all(question.endswith("?") for question in questions)
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code").lower()
    assert not any(word in code for word in ("collect", "receivable", "specialist", "payment"))


@pytest.mark.slow
def test_the_notebook_runs_on_a_fresh_clone_and_shows_what_it_shows_here(tmp_path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    shutil.copytree(ROOT / "raw", tmp_path / "raw")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    fresh, kept = read(), read()
    nbclient.NotebookClient(fresh, timeout=300, resources={"metadata": {"path": str(tmp_path / "notebooks")}}).execute()
    assert (tmp_path / "out" / "report.html").is_file()
    assert count_plots(fresh) == count_plots(kept) == 4
    for now, before in zip(fresh.cells, kept.cells, strict=True):
        kinds = [list(shown(cell)) for cell in (now, before)]
        assert kinds[0] == kinds[1], f"cell {now.id} shows something else: run the notebook and commit it"
        assert "error" not in kinds[0]
        assert not [o for o in now.get("outputs", []) if o.get("name") == "stderr"], "the notebook warns"


def shown(cell):
    """The kinds of output of a cell; what it printed is one, in however many pieces the kernel sent it."""
    names = (output.get("name") or output.output_type for output in cell.get("outputs", []))
    return (name for name, _ in itertools.groupby(names))


def count_plots(notebook) -> int:
    return sum("image/png" in output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", []))
