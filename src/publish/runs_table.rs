//! The declaration of the table `runs`: one row per run. Its rows are written by `run_report`.

use crate::table::{Column as Declared, ColumnType, Table};

/// The declaration of `runs`.
pub fn runs_table() -> Table {
    use ColumnType::{Date, Float64, Int64, Text, Timestamp};
    let column =
        |name, dtype, unit, description, example| Declared::new(name, dtype, unit, description, "", "O5", example);
    let of_stores = |name, unit, description, example| Declared {
        empty: "input and output are local",
        ..column(name, Int64, unit, description, example)
    };
    let of_source = |name, dtype, unit, description, example| Declared {
        rule: "K12",
        empty: "the source has no such row, or is off",
        ..column(name, dtype, unit, description, example)
    };
    let unless_killed = |column| Declared { empty: "the run was killed", ..column };
    Table {
        defined_in: file!(),
        name: "runs",
        version: 5,
        grain: "job run",
        description: "When each run happened, how it ended, and what it read, left out and published. \
                      Not partitioned: one file per run. A run that fails leaves its row where the output was there \
                      before it; of one that was killed the next run with this output writes the row, if the output is \
                      no store.",
        key: &["run_id"],
        columns: vec![
            column("run_id", Text, "", "Identifies the run.", "20260401T003000Z-5f3a9c1e"),
            column("job", Text, "", "Name of the job.", "relationship_kpis"),
            column("from_date", Date, "", "First day computed; of a backfill earlier than the last.", "2026-03-31"),
            column("as_of_date", Date, "", "Last day computed.", "2026-03-31"),
            column("started_at", Timestamp, "", "Start of the run.", "2026-04-01T00:30:00Z"),
            unless_killed(column("finished_at", Timestamp, "", "End of the run.", "2026-04-01T00:30:42Z")),
            unless_killed(column("duration_seconds", Float64, "seconds", "From start to end.", "42.1")),
            column("status", Text, "", "done, failed, interrupted or killed.", "done"),
            Declared { empty: "the run is done", ..column("error", Text, "", "What ended the run.", "") },
            column("program_version", Text, "", "Version of the program.", "0.1.0"),
            column("config_hash", Text, "", "Equal for runs with the same effective settings.", "9c1f0a7be2d34410"),
            unless_killed(column("rows_read", Int64, "rows", "Rows read from the input.", "48211")),
            unless_killed(column("rows_out", Int64, "rows", "Rows published.", "10433")),
            unless_killed(column(
                "inputs_json",
                Text,
                "",
                "Per input table: files and rows read; requests and bytes when it lies in a store.",
                r#"{"email":{"files":3,"rows":20411}}"#,
            )),
            unless_killed(column(
                "tables_json",
                Text,
                "",
                "Per published table: partitions and rows.",
                r#"{"account_kpis":{"partitions":1,"rows":120}}"#,
            )),
            unless_killed(column(
                "dropped_json",
                Text,
                "",
                "Source rows left out, per reason (N8).",
                r#"{"draft":12}"#,
            )),
            of_stores("store_requests", "requests", "HTTP requests to object stores, retries included.", "212"),
            of_stores("store_bytes_received", "bytes", "Bytes that stores sent.", "48210331"),
            of_stores("store_bytes_sent", "bytes", "Bytes sent to stores.", "9120442"),
            Declared {
                rule: "K12",
                empty: "the run failed before that was known",
                ..column(
                    "computation_accuracy",
                    Text,
                    "",
                    "complete, or partial when a source was missing or too old on one of the days.",
                    "complete",
                )
            },
            of_source(
                "dataverse_newest_row_at",
                Timestamp,
                "",
                "When the newest activity row of Dataverse was written, as of the last day computed.",
                "2026-03-31T21:40:00Z",
            ),
            of_source(
                "dataverse_newest_event_at",
                Timestamp,
                "",
                "The newest activity of Dataverse by the end of that day.",
                "2026-03-31T15:02:00Z",
            ),
            of_source(
                "dataverse_age_hours",
                Float64,
                "hours",
                "From the newest row of Dataverse to the end of that day; 0 when it is newer.",
                "2.3",
            ),
            of_source(
                "exchange_newest_row_at",
                Timestamp,
                "",
                "When the newest row of Exchange that may be used was made.",
                "2026-03-31T20:11:00Z",
            ),
            of_source(
                "exchange_newest_event_at",
                Timestamp,
                "",
                "The newest message or event that may be used by the end of that day.",
                "2026-03-31T20:11:00Z",
            ),
            of_source(
                "exchange_age_hours",
                Float64,
                "hours",
                "From the newest row of Exchange to the end of that day; 0 when it is newer.",
                "3.8",
            ),
            unless_killed(column(
                "exit_code",
                Int64,
                "",
                "What the run ended with; a command of several runs ends with the first that is not 0.",
                "0",
            )),
            Declared {
                empty: "the run is done",
                ..column(
                    "error_class",
                    Text,
                    "",
                    "Kind of the error: failed, configuration, input, storage, busy, interrupted or killed.",
                    "input",
                )
            },
            unless_killed(column(
                "warnings_json",
                Text,
                "",
                "What the run warned about, each once.",
                r#"["table email: one row has no id and is dropped as no_id"]"#,
            )),
        ],
    }
}
