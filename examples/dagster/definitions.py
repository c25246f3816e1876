"""The tables of the daily job as Dagster assets, a partition a day.

rapport speaks Dagster Pipes: started by PipesSubprocessClient it reports each table that it publishes, with rows,
partitions and checks. Try it: RAPPORT_JOBS=jobs dagster dev -f definitions.py
"""

import os
import re

import dagster as dg

JOB = "relationship_kpis"
# Where the job files lie.
JOBS = os.environ.get("RAPPORT_JOBS", "/etc/rapport/jobs")
TABLES = [
    "account_kpis", "contact_kpis", "lead_kpis", "opportunity_kpis", "daily_activity", "top_contacts",
    "relationship_health", "summaries", "interactions", "interaction_records", "dropped_activities", "data_quality",
    "people", "records", "dates", "missing_people", "account_coverage", "handover", "changes", "attention",
    "score_calibration", "record_access",
]
# complete: all sources were up to date. without_warnings: the run had nothing to warn about.
CHECKS = ["complete", "without_warnings"]

days = dg.DailyPartitionsDefinition(start_date="2026-01-01", timezone="Europe/Stockholm")


@dg.multi_asset(
    specs=[dg.AssetSpec(dg.AssetKey(["rapport", table]), group_name="rapport") for table in TABLES],
    check_specs=[
        dg.AssetCheckSpec(check, asset=dg.AssetKey(["rapport", table])) for table in TABLES for check in CHECKS
    ],
    partitions_def=days,
    # A period is one run, which reads the lake once.
    backfill_policy=dg.BackfillPolicy.single_run(),
    retry_policy=dg.RetryPolicy(max_retries=3, delay=300),
)
def relationship_kpis(context: dg.AssetExecutionContext, rapport: dg.PipesSubprocessClient):
    period = context.partition_key_range
    command = ["rapport", "backfill", JOB, "--jobs", JOBS, "--from", period.start, "--to", period.end]
    try:
        return rapport.run(context=context, command=command, extras={"rapport_checks": CHECKS}).get_results()
    except Exception as error:
        # Storage that failed (75) and another run of the same day (76) pass. Nothing else is worth a second try.
        if re.search(r"code (75|76)\b", str(error)):
            raise
        raise dg.Failure(description=str(error), allow_retries=False) from error


defs = dg.Definitions(assets=[relationship_kpis], resources={"rapport": dg.PipesSubprocessClient()})
