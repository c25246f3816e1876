"""Runs a job of rapport as a task of Airflow 3.

What cannot pass by waiting (exit codes 1, 2 and 3: checks, configuration, input) fails the task at once; what can (75:
storage, 76: another run of the same day) is left to the retries of the task.
"""

import json
import signal
import subprocess
from collections.abc import Sequence
from typing import Any

from airflow.sdk import Asset, BaseOperator
from airflow.sdk.exceptions import AirflowException, AirflowFailException

RETRIED = (75, 76)


class RapportOperator(BaseOperator):
    """A job as of one day, or of each day of a period.

    Returns the rows published by table.
    """

    template_fields: Sequence[str] = ("job", "first", "last", "jobs", "arguments")

    def __init__(
        self,
        *,
        job: str,
        first: str = "{{ ds }}",
        last: str | None = None,
        jobs: str = "/etc/rapport/jobs",
        arguments: Sequence[str] = (),
        program: str = "rapport",
        tables: Sequence[str] = (),
        **rest: Any,
    ) -> None:
        rest.setdefault("outlets", [Asset(f"rapport://{job}/{table}") for table in tables])
        super().__init__(**rest)
        self.job, self.first, self.last, self.jobs = job, first, last or first, jobs
        self.arguments, self.program = list(arguments), program
        self.process: subprocess.Popen[str] | None = None

    def execute(self, context: Any) -> dict[str, int]:
        command = [self.program, "backfill", self.job, "--jobs", self.jobs, "--from", self.first, "--to", self.last]
        command += ["--log-format", "json", *self.arguments]
        rows: dict[str, int] = {}
        error = ""
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        assert self.process.stderr is not None
        for line in self.process.stderr:
            event = told(line)
            message = event.get("message", "")
            match event.get("level"):
                case "error":
                    error = error or message
                    self.log.error(message)
                case "warning":
                    self.log.warning(message)
                case "info":
                    self.log.info(message)
                case _:
                    self.log.debug(message)
            if event.get("event") == "published":
                rows[event["table"]] = rows.get(event["table"], 0) + event["rows"]
        code = self.process.wait()
        if code in RETRIED:
            raise AirflowException(f"rapport ended with {code}, try again: {error}")
        if code != 0:
            raise AirflowFailException(f"rapport ended with {code}: {error}")
        return rows

    def on_kill(self) -> None:
        """A run that is told to stop leaves what was published before."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)


def told(line: str) -> dict[str, Any]:
    """The event of a line; a line that is none is a message of its own."""
    try:
        event = json.loads(line)
    except ValueError:
        event = None
    return event if isinstance(event, dict) else {"level": "warning", "message": line.rstrip()}
