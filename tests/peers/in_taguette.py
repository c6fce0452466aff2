"""Runs inside Taguette's own Python: its server for one person, on this machine only.

`python in_taguette.py PORT DATABASE`.  Taguette asks its makers for news when it starts; here that
question is not asked.
"""

import sys

from taguette.main import main
from taguette.web import base

base.Application.check_messages = lambda self: None
port, database = sys.argv[1:]
sys.argv = ["taguette", "--no-browser", "--bind", "127.0.0.1", "--port", port]
sys.argv += ["--database", database]
main()
