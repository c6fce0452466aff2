"""The notebooks run from top to bottom on the pilot, and new studies begin with the same ones."""

from __future__ import annotations

import pytest
from places import ROOT

NOTEBOOKS = sorted((ROOT / "analysis").glob("*.ipynb"))
TEMPLATE = ROOT / "study" / "template" / "analysis"


def test_there_are_four():
    assert [path.stem[0] for path in NOTEBOOKS] == ["1", "2", "3", "4"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_output_and_new_studies_get_the_same(path):
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    assert (TEMPLATE / path.name).read_bytes() == path.read_bytes()


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # Jupyter's own machinery warns
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path):
    import nbclient
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute()
    shown = [
        output
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type in {"execute_result", "display_data"}
    ]
    assert len(shown) >= 4
    drawn = sum("figures." in cell.source.rsplit("\n", 1)[-1] for cell in notebook.cells)
    pictures = sum("image/png" in output.data for output in shown)
    assert pictures >= max(1, drawn)
    warned = [
        output.text
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.get("name") == "stderr"
    ]
    assert warned == []
