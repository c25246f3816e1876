"""The daily and the weekly jobs of rapport. Put this file and rapport_operator.py into the folder of DAGs.

`airflow backfill create --dag-id rapport_daily --from-date 2026-03-01 --to-date 2026-03-31` computes a past month.
"""

import os
from datetime import datetime, timedelta

from airflow.sdk import DAG, CronDataIntervalTimetable
from rapport_operator import RapportOperator

JOBS = os.environ.get("RAPPORT_JOBS", "/etc/rapport/jobs")
RETRIES = {"retries": 3, "retry_delay": timedelta(minutes=5), "retry_exponential_backoff": True}

# With intervals the date of a run ({{ ds }}) is the day that has just ended; a plain cron text would make it today.
with DAG(
    "rapport_daily",
    schedule=CronDataIntervalTimetable("30 2 * * *", timezone="Europe/Stockholm"),
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args=RETRIES,
    tags=["rapport"],
):
    kpis = RapportOperator(
        task_id="relationship_kpis",
        job="relationship_kpis",
        jobs=JOBS,
        tables=["account_kpis", "contact_kpis", "lead_kpis", "opportunity_kpis", "relationship_health", "summaries"],
    )
    RapportOperator(
        task_id="who_knows_whom",
        job="who_knows_whom",
        jobs=JOBS,
        tables=["connections", "who_knows_whom", "account_connections"],
    )

with DAG(
    "rapport_weekly",
    schedule=CronDataIntervalTimetable("0 4 * * 1", timezone="Europe/Stockholm"),
    start_date=datetime(2026, 1, 5),
    catchup=False,
    max_active_runs=1,
    default_args=RETRIES,
    tags=["rapport"],
):
    RapportOperator(
        task_id="similar_won_deals",
        job="similar_won_deals",
        jobs=JOBS,
        # Every week that ends within the interval: the one whose Sunday was yesterday.
        first="{{ data_interval_start | ds }}",
        last="{{ data_interval_end | ds }}",
        tables=["similar_won_deals", "similar_won_factors", "opportunity_benchmarks"],
    )
