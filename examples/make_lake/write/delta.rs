//! A Dataverse table as a Delta folder: partitions, a log of two commits, one removed file.

use polars::prelude::*;

use crate::awkward::plants::Plants;
use crate::history::calls::Diary;
use crate::ids::{Kind, guid};
use crate::settings::Settings;
use crate::tables::calls;
use crate::world::World;
use crate::write::export::{Export, Fresh, STEADY};
use crate::write::lake::Lake;

pub struct Delta {
    table: &'static str,
    adds: Vec<String>,
    schema: Option<SchemaRef>,
}

impl Delta {
    pub fn new(table: &'static str) -> Self {
        Delta { table, adds: Vec::new(), schema: None }
    }

    pub fn put(&mut self, lake: &mut Lake, partition: &str, frame: DataFrame) -> PolarsResult<()> {
        self.schema.get_or_insert_with(|| frame.schema().clone());
        self.put_file(lake, partition, "part-00000.parquet", frame)
    }

    fn put_file(&mut self, lake: &mut Lake, partition: &str, name: &str, frame: DataFrame) -> PolarsResult<()> {
        let path = format!("PartitionId={partition}/{name}");
        let full = format!("dataverse/{}_partitioned/{path}", self.table);
        let size = lake.put_at("dataverse", self.table, &full, frame)?;
        self.adds.push(format!(
            r#"{{"add":{{"path":"{path}","partitionValues":{{"PartitionId":"{partition}"}},"size":{size},"modificationTime":0,"dataChange":true}}}}"#
        ));
        Ok(())
    }

    /// Writes the log; `removed` lies in the folder but is no longer live.
    pub fn finish(mut self, lake: &mut Lake, partition: &str, removed: DataFrame) -> PolarsResult<()> {
        let name = "part-99999-removed.parquet";
        self.put_file(lake, partition, name, removed)?;
        let fields: Vec<String> = self
            .schema
            .iter()
            .flat_map(|schema| schema.iter())
            .map(|(name, dtype)| field(name, dtype))
            .chain([field("PartitionId", &DataType::String)])
            .collect();
        let schema = format!(r#"{{\"type\":\"struct\",\"fields\":[{}]}}"#, fields.join(","));
        let mut first = vec![
            r#"{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}"#.to_string(),
            format!(
                r#"{{"metaData":{{"id":"{}","format":{{"provider":"parquet","options":{{}}}},"schemaString":"{schema}","partitionColumns":["PartitionId"],"configuration":{{}}}}}}"#,
                guid(Kind::Task, u64::MAX)
            ),
        ];
        first.append(&mut self.adds);
        let second = format!(
            r#"{{"remove":{{"path":"PartitionId={partition}/{name}","deletionTimestamp":0,"dataChange":true}}}}"#
        );
        let log = format!("dataverse/{}_partitioned/_delta_log", self.table);
        lake.put_text(&format!("{log}/00000000000000000000.json"), &(first.join("\n") + "\n"))?;
        lake.put_text(&format!("{log}/00000000000000000001.json"), &(second + "\n"))
    }
}

/// A field of the schema, as JSON within a JSON string.
fn field(name: &str, dtype: &DataType) -> String {
    let kind = match dtype {
        DataType::Int32 => "integer",
        DataType::Int64 => "long",
        DataType::Boolean => "boolean",
        DataType::Datetime(..) => "timestamp",
        _ => "string",
    };
    format!(r#"{{\"name\":\"{name}\",\"type\":\"{kind}\",\"nullable\":true,\"metadata\":{{}}}}"#)
}

/// What the Delta folder's removed file holds: tasks that were never there.
pub fn removed_tasks(world: &World, settings: &Settings) -> PolarsResult<DataFrame> {
    let Some(period) = settings.periods.first() else {
        return Ok(DataFrame::empty());
    };
    let mut diary = Diary::new(world, settings);
    let mut tasks = diary.tasks(period);
    tasks.truncate(12);
    for (number, task) in (0..).zip(&mut tasks) {
        // Half of them hide a live task, half are unknown elsewhere.
        task.number += if number % 2 == 0 { 0 } else { 8_000_000_000 };
        task.subject = format!("Removed {}", task.subject);
    }
    let fresh = Fresh {
        frame: calls::tasks(&tasks)?,
        created: tasks.iter().map(|task| task.created).collect(),
        planted: vec![true; tasks.len()],
    };
    let none = Plants::default();
    let mut frame = Export::new("task", "activityid", settings.seed, STEADY).file(fresh, &none, true)?;
    let newer = frame.column("versionnumber")?.clone() + 1_000_000_000i64;
    frame.replace("versionnumber", newer)?;
    Ok(frame)
}
