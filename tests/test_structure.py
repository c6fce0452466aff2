"""The house rules that a machine can hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import study
from study.cli import COMMANDS

PACKAGE = Path(study.__file__).parent
ROOT = PACKAGE.parent

# From the ground up; a module imports only from layers below its own, or from its own package.
LAYERS = (
    {"wording"},
    {"errors", "model"},
    {"files", "intervals", "text", "press"},
    {
        "transcripts",
        "codings",
        "cases",
        "settings",
        "claims",
        "imports",
        "memos",
        "patterns",
        "topicnames",
    },
    {"codebook"},
    {"checks", "refi"},
    {"project"},
    {"traces"},
    {"actions", "intake", "tables", "withdrawal"},
    {"words", "exchange"},
    {"reliability", "saturation", "topics", "propositions"},
    {"rules"},
    {"figures", "publication"},
    {"exhibits"},
    {"report"},
    {"map"},
    {"reproduce", "coding"},
    {"cli"},
    {"__init__", "__main__"},
)
LEVEL = {name: level for level, layer in enumerate(LAYERS) for name in layer}
HEAVY = {
    "bertopic", "sklearn", "scipy", "matplotlib", "docx", "openpyxl", "nltk", "networkx", "odf",
    "pdfplumber", "wordllama", "ruamel", "portalocker", "pandas", "numpy", "jinja2", "tqdm",
    "starlette", "uvicorn", "anywidget", "anyio", "platformdirs", "ahocorasick_rs", "lxml",
}  # fmt: skip


def modules():
    return [path for path in sorted(PACKAGE.rglob("*.py")) if "template" not in path.parts]


def imported(path):
    """Return the modules of the package that a file imports, as their top name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "study":
            inner = (node.module or "").split(".")[1:]
            yield from inner[:1] or [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
            yield from (name[1] for name in names if name[0] == "study" and len(name) > 1)


def test_imports_point_down():
    wrong = []
    for path in modules():
        here = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for name in imported(path):
            inside = name == here
            if not inside and LEVEL[name] >= LEVEL[here] and {name, here} != {"errors", "model"}:
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not wrong


def test_every_module_has_a_layer():
    names = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in modules()}
    assert names == set(LEVEL)


def loaded(code):
    run = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules, file=sys.stderr)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.partition(".")[0] for name in run.stderr.split()}


def test_importing_the_package_loads_nothing_heavy():
    assert not loaded("import study") & HEAVY


def test_help_loads_nothing_heavy():
    code = "from study.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass"
    assert not loaded(code) & HEAVY


def test_public_names_are_exactly_these():
    public = {name for name in vars(study) if not name.startswith("_")}
    submodules = {name for name in LEVEL if name in public}
    assert public - submodules - {"annotations"} == set(study.__all__)
    assert list(study.__all__) == sorted(study.__all__)


def test_files_stay_small():
    long = {}
    for path in modules():
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > 500:
            long[str(path)] = text.count("\n")
    assert not long


def lengths():
    """Yield the name and the length of every function, docstring not counted."""
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = body[-1].end_lineno - body[0].lineno + 1 if body else 1
                yield f"{path.name}:{node.name}", lines


def test_functions_are_about_ten_lines():
    found = dict(lengths())
    sizes = sorted(found.values())
    assert sizes[len(sizes) // 2] <= 10
    assert sizes[len(sizes) * 9 // 10] <= 25
    assert not {name: size for name, size in found.items() if size > 45}


def test_every_command_is_documented_and_helped():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for name, (_, _, about, example) in COMMANDS.items():
        assert f"study {name}" in readme, name
        assert f"study {name}" in commands, name
        assert about
        assert example.startswith(f"study {name}")


def test_help_of_each_command_fits_a_screen():
    for name in ("", *COMMANDS):
        run = subprocess.run(
            [sys.executable, "-m", "study", *filter(None, [name]), "--help"],
            capture_output=True,
            text=True,
            check=True,
            env={"COLUMNS": "80", "PATH": ""},
        )
        assert run.stdout.count("\n") <= 30, name
        assert not name or "example:" in run.stdout


def test_nothing_asks_the_network():
    """No module names a hub, a downloader or a socket, but one that listens and one that bars."""
    asks = re.compile(r"nltk\.download|huggingface|urlopen|requests\.|import socket|http\.client")
    found = {}
    for path in modules():
        text = path.read_text(encoding="utf-8").replace('with without("huggingface_hub"):', "")
        found |= {path.name: text} if asks.search(text) else {}
    assert list(found) == ["listening.py"]
    listening = (PACKAGE / "coding" / "listening.py").read_text(encoding="utf-8")
    assert not re.search(r"connect\(|connect_ex|create_connection|sendto|getaddrinfo", listening)
