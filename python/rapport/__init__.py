"""Starts rapport from Python: ``python -m rapport run``, or an entry point of a Databricks wheel task.

The program itself is in the wheel; this package only finds and starts it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Sequence

__all__ = ["find_program", "main", "run"]


def find_program() -> str:
    """The path of the installed program.

    Looks where the wheel puts scripts: in this environment, in the user's, and in a folder that was given to
    ``pip install --target``.
    """
    folders = [sysconfig.get_path("scripts")]
    try:
        folders.append(sysconfig.get_path("scripts", scheme=sysconfig.get_preferred_scheme("user")))
    except (AttributeError, KeyError):  # Python 3.9, and systems without a scheme for users
        folders.append(sysconfig.get_path("scripts", scheme="posix_user"))
    folders.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bin"))
    for folder in folders:
        program = os.path.join(folder, "rapport")
        if os.path.isfile(program):
            return program
    raise FileNotFoundError(f"the program rapport is in none of {folders}. Install the wheel again: pip install --force-reinstall rapport")


def run(arguments: Sequence[str]) -> int:
    """Runs the program and returns its exit code, whose meaning ``rapport --help`` lists."""
    return subprocess.run([find_program(), *arguments]).returncode


def main() -> None:
    """Runs the program with the arguments of this process, and ends as it ends.

    An exit code other than 0 is raised as SystemExit, so that schedulers see a failed task. With 0 it returns, since
    some of them, such as Databricks, take any SystemExit for a failure.
    """
    code = run(sys.argv[1:])
    if code != 0:
        sys.exit(code)
