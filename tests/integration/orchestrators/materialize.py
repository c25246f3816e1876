"""Materialises the assets of the example for one day by the real Dagster, and prints what came of it as JSON."""

import json
import sys

import dagster as dg

sys.path.insert(0, sys.argv[1])
import definitions  # noqa: E402

result = dg.materialize(
    [definitions.relationship_kpis],
    partition_key=sys.argv[2],
    resources={"rapport": dg.PipesSubprocessClient()},
    raise_on_error=False,
)
materialized = [event.materialization for event in result.get_asset_materialization_events()]
checks = result.get_asset_check_evaluations()
failures = [str(event.step_failure_data.error) for event in result.all_events if event.is_step_failure]
tries = [event for event in result.all_events if event.event_type_value == "STEP_UP_FOR_RETRY"]
print(
    json.dumps(
        {
            "success": result.success,
            "failures": failures,
            "retried": len(tries) > 0,
            "rows": {one.asset_key.path[-1]: one.metadata["dagster/row_count"].value for one in materialized},
            "partitions": sorted({one.partition for one in materialized}),
            "accuracy": sorted({one.metadata["computation_accuracy"].value for one in materialized}),
            "checks": {f"{one.asset_key.path[-1]}.{one.check_name}": one.passed for one in checks},
        }
    )
)
