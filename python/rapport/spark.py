"""Runs a job on the machines of a Spark cluster: ``run_on_spark(spark, "relationship_kpis", parts=16, ...)``.

Each task starts the program for one part of the interactions (``rapport stage``), which puts it into a folder that
all machines reach; no row travels through Spark. Then the machine that calls this puts the parts together and
publishes (``rapport run --work``). Results are those of a run by itself, byte for byte. A task that is lost, repeated
or run twice does no harm. Works with Spark, Databricks and Sail, by Spark Connect too.
"""

from __future__ import annotations

import datetime
import subprocess
from collections.abc import Sequence
from typing import Any

from rapport import find_program

__all__ = ["run_on_spark"]


def run_on_spark(
    spark: Any,
    job: str,
    *,
    parts: int,
    work: str,
    as_of: datetime.date | str,
    arguments: Sequence[str] = (),
    program: str | None = None,
) -> int:
    """Computes and publishes a job as of one day, and returns the exit code, whose meaning ``rapport --help`` lists.

    ``work`` is a folder or a URL of a store that every machine reaches. ``arguments`` are those of ``rapport run``,
    such as ``["--jobs", "/mnt/jobs"]``; the folder of job files and the lake must be reached by every machine, and
    what a store wants to know must be in their environment. ``program`` is where the program lies on every machine,
    by default where the wheel has put it.
    """
    day = str(as_of)

    def build(batches: Any) -> Any:
        # Spark ships this function to machines that need neither this module nor what it imports.
        import subprocess

        import pyarrow

        path = program
        if path is None:
            from rapport import find_program

            path = find_program()
        for batch in batches:
            manifests = []
            for part in batch.column(0).to_pylist():
                command = [path, "--quiet", "stage", job, "--part", f"{part + 1}/{parts}", "--work", work, "--as-of", day]
                built = subprocess.run([*command, *arguments], capture_output=True, text=True)
                if built.returncode != 0:
                    raise RuntimeError(f"part {part + 1}/{parts} ended with {built.returncode}: {built.stderr.strip()}")
                manifests.append(built.stdout.strip())
            yield pyarrow.record_batch([pyarrow.array(manifests, pyarrow.string())], names=["manifest"])

    spark.range(0, parts, 1, parts).mapInArrow(build, "manifest string").collect()
    command = [program or find_program(), "run", job, "--parts", str(parts), "--work", work, "--as-of", day]
    return subprocess.run([*command, *arguments]).returncode
