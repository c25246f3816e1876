//! Rows of ours that a table of the original is made of: a published table, joined with what else it takes.

use std::collections::BTreeMap;

use polars::prelude::*;
use xxhash_rust::xxh3::xxh3_128;

use super::original::{KEY, Original, RowsOf};
use crate::error::{Error, Result};
use crate::forget::published;
use crate::people::RecordType;
use crate::publish::Outputs;
use crate::table::ColumnType::{self, Float64, Int64, Text, Timestamp};
use crate::time::AsOf;

/// The published tables of a day.
pub struct Ours<'a> {
    /// Where they lie.
    pub outputs: &'a Outputs,
    /// The day.
    pub as_of: AsOf,
}

/// Columns of a table with their types.
type Columns<'a> = &'a [(&'a str, ColumnType)];

impl Ours<'_> {
    /// The rows that a table is made of, with every column that its mapping takes; none where the first of its tables is
    /// not published.
    ///
    /// # Errors
    /// What storage refuses, and files that are no Parquet.
    pub fn rows(&self, table: &Original) -> Result<Option<DataFrame>> {
        let rows = match table.rows {
            RowsOf::Kpis(record_type) => self.kpis(record_type, table)?,
            RowsOf::Days(record_type) => self.days(record_type)?,
            RowsOf::TopContacts(side) => self.top_contacts(side)?,
            RowsOf::WhoKnowsWhom => self.who_knows_whom()?,
            RowsOf::AccountConnections => self.account_connections()?,
            RowsOf::Factors => self.factors()?,
        };
        let Some(rows) = rows else { return Ok(None) };
        rows.collect().map(Some).map_err(Error::engine(format!("table {}: its rows", table.name)))
    }

    /// Columns of a published table; those that a file of an earlier version lacks are null.
    fn table(&self, table: &str, columns: Columns<'_>) -> Result<Option<LazyFrame>> {
        let Some((file, _)) = self.outputs.file(table, self.as_of.date)? else { return Ok(None) };
        let opened = published::open(file.bring()?)?;
        let read = |(name, dtype): &(&str, ColumnType)| {
            let there = opened.schema.contains(name);
            let value = if there { col(*name) } else { lit(NULL) };
            value.cast(dtype.to_polars()).alias(*name)
        };
        let selected: Vec<Expr> = columns.iter().map(read).collect();
        Ok(Some(opened.collect(|plan| plan.select(selected))?.lazy()))
    }

    /// The same of a table without which there are rows all the same.
    fn further(&self, table: &str, columns: Columns<'_>) -> Result<LazyFrame> {
        match self.table(table, columns)? {
            Some(rows) => Ok(rows),
            None => {
                let fields = columns.iter().map(|(name, dtype)| Field::new((*name).into(), dtype.to_polars()));
                Ok(DataFrame::empty_with_schema(&fields.collect()).lazy())
            }
        }
    }

    fn kpis(&self, record_type: RecordType, table: &Original) -> Result<Option<LazyFrame>> {
        let id = record_type.published_id();
        let own = |name: &str| name != KEY && name != "record_id";
        let taken: BTreeMap<&str, ColumnType> =
            table.columns.iter().flat_map(|column| column.takes()).filter(|(name, _)| own(name)).collect();
        let columns: Vec<(&str, ColumnType)> = taken.into_iter().chain([(id, Text)]).collect();
        let rows = self.table(record_type.kpi_table(), &columns)?;
        Ok(rows.map(|rows| rows.with_columns([col(id).alias("record_id"), col(id).alias(KEY)])))
    }

    /// Name, accuracy and health of every record that is published.
    fn records(&self, record_types: &[RecordType]) -> Result<LazyFrame> {
        let of_type = |record_type: &RecordType| {
            let id = record_type.published_id();
            let columns = [(id, Text), ("name", Text), ("computation_accuracy", Text), ("health_score", Float64)];
            let rows = self.further(record_type.kpi_table(), &columns)?;
            Ok(rows.select([
                lit(record_type.name()).alias("record_type"),
                col(id).alias("record_id"),
                col("name").alias("record_name"),
                col("computation_accuracy"),
                col("health_score"),
            ]))
        };
        let frames = record_types.iter().map(of_type).collect::<Result<Vec<_>>>()?;
        concat(frames, UnionArgs::default()).map_err(Error::engine("records of the KPI tables"))
    }

    fn days(&self, record_type: RecordType) -> Result<Option<LazyFrame>> {
        let counts = super::kpi_items::own_counts().map(|name| (name, Int64));
        let columns: Vec<(&str, ColumnType)> =
            [("record_type", Text), ("record_id", Text), ("activity_date", ColumnType::Date)]
                .into_iter()
                .chain(counts)
                .collect();
        let Some(days) = self.table("daily_activity", &columns)? else { return Ok(None) };
        let records = self.records(&[record_type])?;
        let days = days.filter(col("record_type").eq(lit(record_type.name())));
        let on = [col("record_type"), col("record_id")];
        let joined = days.join(records, on.clone(), on, JoinArgs::new(JoinType::Left));
        let day = col("activity_date").cast(DataType::Int32).cast(DataType::String);
        Ok(Some(joined.with_columns([
            col("record_name").alias("name"),
            id_of(&[lit("day"), col("record_type"), col("record_id"), day]).alias(KEY),
        ])))
    }

    fn top_contacts(&self, side: &'static str) -> Result<Option<LazyFrame>> {
        let columns = [
            ("record_type", Text),
            ("record_id", Text),
            ("side", Text),
            ("person_type", Text),
            ("person_id", Text),
            ("name", Text),
            ("emails", Int64),
            ("meetings", Int64),
            ("phone_calls", Int64),
            ("last_contact_at", Timestamp),
            ("last_contacted_by", Text),
        ];
        let Some(people) = self.table("top_contacts", &columns)? else { return Ok(None) };
        let records = self.records(&RecordType::ALL)?;
        let health = records.clone().select([
            col("record_type").alias("person_type"),
            col("record_id").alias("person_id"),
            col("health_score").alias("person_health_score"),
        ]);
        let (on, person) = ([col("record_type"), col("record_id")], [col("person_type"), col("person_id")]);
        let joined = people
            .filter(col("side").eq(lit(side)))
            .join(records, on.clone(), on, JoinArgs::new(JoinType::Left))
            .join(health, person.clone(), person, JoinArgs::new(JoinType::Left));
        let mut further: Vec<Expr> = Vec::new();
        for record_type in RecordType::ALL.map(RecordType::name) {
            let ours = || col("record_type").eq(lit(record_type));
            let nothing = || lit(NULL).cast(DataType::String);
            further.push(when(ours()).then(col("record_id")).otherwise(nothing()).alias(format!("{record_type}_id")));
            let name = when(ours()).then(col("record_name")).otherwise(nothing());
            further.push(name.alias(format!("{record_type}_name")));
        }
        let time = col("last_contact_at").dt().to_string("%Y-%m-%dT%H:%M:%SZ");
        further.push(time.alias("last_contact_text"));
        let parts = ["side", "record_type", "record_id", "person_type", "person_id"].map(col);
        further.push(id_of(&parts).alias(KEY));
        Ok(Some(joined.with_columns(further)))
    }

    fn who_knows_whom(&self) -> Result<Option<LazyFrame>> {
        let columns = [
            ("person_type", Text),
            ("person_id", Text),
            ("systemuser_id", Text),
            ("colleague_name", Text),
            ("colleague_address", Text),
            ("strength", Float64),
            ("last_interaction_at", Timestamp),
            ("last_interaction_kind", Text),
        ];
        let Some(known) = self.table("who_knows_whom", &columns)? else { return Ok(None) };
        let columns =
            [("systemuser_id", Text), ("person_type", Text), ("person_id", Text), ("last_interaction_direction", Text)];
        let directions = self.further("connections", &columns)?;
        let on = ["systemuser_id", "person_type", "person_id"].map(col);
        let records = self.records(&[RecordType::Contact, RecordType::Lead])?;
        let joined = known.join(directions, on.clone(), on, JoinArgs::new(JoinType::Left)).join(
            records,
            [col("person_type"), col("person_id")],
            [col("record_type"), col("record_id")],
            JoinArgs::new(JoinType::Left),
        );
        let parts = ["person_type", "person_id", "systemuser_id"].map(col);
        Ok(Some(joined.with_columns([id_of(&parts).alias(KEY)])))
    }

    fn account_connections(&self) -> Result<Option<LazyFrame>> {
        let columns = [
            ("systemuser_id", Text),
            ("account_id", Text),
            ("strength", Float64),
            ("last_interaction_at", Timestamp),
            ("last_interaction_kind", Text),
            ("last_interaction_direction", Text),
        ];
        let Some(known) = self.table("account_connections", &columns)? else { return Ok(None) };
        // The address of a colleague is published where the colleague is among the first five of anybody.
        let addresses = self
            .further("who_knows_whom", &[("systemuser_id", Text), ("colleague_address", Text)])?
            .group_by([col("systemuser_id")])
            .agg([col("colleague_address").min()]);
        let names = self
            .further("people", &[("person_type", Text), ("person_id", Text), ("name", Text)])?
            .filter(col("person_type").eq(lit("systemuser")))
            .select([col("person_id").alias("systemuser_id"), col("name").alias("colleague_name")]);
        let on = || [col("systemuser_id")];
        let joined = known.join(addresses, on(), on(), JoinArgs::new(JoinType::Left)).join(
            names,
            on(),
            on(),
            JoinArgs::new(JoinType::Left),
        );
        let parts = [lit("account"), col("account_id"), col("systemuser_id")];
        Ok(Some(joined.with_columns([id_of(&parts).alias(KEY)])))
    }

    fn factors(&self) -> Result<Option<LazyFrame>> {
        let Some(factors) = self.table("similar_won_factors", &[("factor", Text), ("importance", Float64)])? else {
            return Ok(None);
        };
        let factors = factors.collect().map_err(Error::engine("table similar_won_factors"))?;
        let read = || {
            let (names, importance) = (factors.column("factor")?.str()?, factors.column("importance")?.f64()?);
            let json = names.iter().zip(importance.iter()).map(|(name, importance)| {
                let importance = importance.map(|importance| (importance * 10_000.0).round() / 10_000.0);
                Some(serde_json::json!({"factor": name?, "importance": importance}).to_string())
            });
            Ok(json.collect::<StringChunked>().with_name("factor_json".into()).into_column())
        };
        let json = read().map_err(Error::engine("table similar_won_factors"))?;
        let mut factors = factors;
        factors.with_column(json).map_err(Error::engine("table similar_won_factors"))?;
        Ok(Some(factors.lazy().with_columns([id_of(&[lit("factor"), col("factor")]).alias(KEY)])))
    }
}

/// An id that the same parts always have: their hash, in the form of version 8 of RFC 9562, which is free for such.
fn id_of(parts: &[Expr]) -> Expr {
    concat_str(parts, "\u{1f}", true).map(
        |column| {
            let ids = column.str()?.iter().map(|parts| {
                let hash = xxh3_128(parts?.as_bytes());
                let marked = (hash & !(0xf << 76) & !(0b11 << 62)) | (0x8 << 76) | (0b10 << 62);
                let hex = format!("{marked:032x}");
                Some(format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]))
            });
            let ids: StringChunked = ids.collect();
            Ok(ids.with_name(column.name().clone()).into_column())
        },
        |_, field| Ok(field.clone()),
    )
}
