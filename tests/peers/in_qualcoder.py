"""Runs inside QualCoder's own Python: its import and export of REFI-QDA, without a screen.

`python in_qualcoder.py SRC import FILE.qdpx PROJECT.qda` makes a new project as QualCoder makes one
and lets `RefiImport` read the file; `export PROJECT.qda FOLDER` lets `RefiExport` write it.  What
people would click is answered here; what QualCoder shows is printed.  Parts of QualCoder that this
needs not, and that are not installed (players, readers of PDF, language models), are stood in for.
"""

import ast
import builtins
import importlib.abc
import importlib.machinery
import os
import sys
from pathlib import Path
from unittest.mock import MagicMock

HEAVY = ("pymupdf", "PIL", "vlc", "ebooklib", "qtawesome", "qualcoder.ai_llm")
HEAVY += ("PyQt6.QtMultimedia", "PyQt6.QtMultimediaWidgets", "qualcoder.media_player_qt")


class StandIn(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Give a stand-in for what the exchange of texts does not need."""

    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if name in HEAVY or top in HEAVY:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        module = MagicMock(name=spec.name)
        module.__spec__, module.__path__ = spec, []
        return module

    def exec_module(self, module):
        pass


def statements(source):
    """Yield what QualCoder's `new_project` says to SQLite: its tables, in this version."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    found = (node for node in ast.walk(tree) if getattr(node, "name", "") == "new_project")
    for node in ast.walk(next(found)):
        said = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if said and node.value.startswith("CREATE TABLE"):
            yield node.value


def begin(app, project, package):
    """Make an empty project, as QualCoder does."""
    for name in ("images", "audio", "video", "documents"):
        (project / name).mkdir(parents=True)
    app.create_connection(str(project))
    cursor = app.conn.cursor()
    for statement in statements(package / "__main__.py"):
        cursor.execute(statement)
    app.update_coder_names()
    columns = len(cursor.execute("select * from project").description)
    given = ["v17", "2026-01-01 00:00:00", "", app.version, 0, 0, "default", ""]
    marks = ",".join("?" * columns)
    cursor.execute(f"insert into project values({marks})", (given + [None] * columns)[:columns])
    app.conn.commit()


def main(source, action, *paths):
    """Do one thing and leave."""
    sys.meta_path.insert(0, StandIn())
    sys.path.insert(0, source)
    builtins._ = lambda text: text
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PyQt6 import QtWidgets

    window = QtWidgets.QApplication([])
    from qualcoder import refi
    from qualcoder.app import App

    Path("~/.qualcoder").expanduser().mkdir(parents=True, exist_ok=True)
    QtWidgets.QDialog.exec = lambda self: 0
    QtWidgets.QMessageBox.exec = lambda self: print("says:", self.text())
    App.load_settings = lambda self: (self.default_settings, [])
    App.write_config_ini = lambda self, *_: None
    app = App()
    shown = MagicMock()
    shown.append = lambda text: print("says:", text)
    if action == "import":
        file, project = paths
        begin(app, Path(project), Path(source) / "qualcoder")
        QtWidgets.QFileDialog.getOpenFileName = lambda *_, **__: (file, "chosen")
        refi.RefiImport(app, shown, "qdpx")
    else:
        project, folder = paths
        app.create_connection(project)
        QtWidgets.QFileDialog.getExistingDirectory = lambda *_, **__: folder
        refi.RefiExport(app, shown, "project")
    app.conn.commit()
    app.conn.close()
    print("done")
    sys.stdout.flush()
    os._exit(0)  # Qt without a screen may crash on its way out
    del window


if __name__ == "__main__":
    main(*sys.argv[1:])
