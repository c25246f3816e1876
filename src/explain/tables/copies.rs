//! Values that stand in another table too, from which they are taken over: names, owners, states, health.

use serde_json::Value;

use super::read::Tables;
use crate::error::Result;
use crate::explain::origins;
use crate::explain::question::FoundRow;
use crate::explain::story::ColumnStory;
use crate::table::cells;

/// Columns of tables that are those of a row of another one.
struct Copies {
    of: &'static [&'static str],
    from: &'static str,
    /// The key of the row there, column by column.
    by: &'static [(&'static str, Key)],
    /// Columns here and there.
    columns: &'static [(&'static str, &'static str)],
}

/// A value of the key of another table.
enum Key {
    /// Always the same.
    Is(&'static str),
    /// Type of the record that the row is about.
    Type,
    /// Its id.
    Id,
    /// A column of the row.
    Own(&'static str),
}

const KPIS: &[&str] = &["account_kpis", "contact_kpis", "lead_kpis", "opportunity_kpis"];
const BY_RECORD: &[(&str, Key)] = &[("record_type", Key::Type), ("record_id", Key::Id)];
const BY_ACCOUNT: &[(&str, Key)] = &[("record_type", Key::Is("account")), ("record_id", Key::Own("account_id"))];
const BY_PAIR: &[(&str, Key)] = &[
    ("systemuser_id", Key::Own("systemuser_id")),
    ("person_type", Key::Own("person_type")),
    ("person_id", Key::Own("person_id")),
];

/// What deals are compared in, as of the day.
const METRICS_OF_DEALS: &[(&str, &str)] = &[
    ("interactions", "interactions"),
    ("emails_sent", "emails_sent"),
    ("emails_received", "emails_received"),
    ("meetings_sent", "meetings_sent"),
    ("meetings_received", "meetings_received"),
    ("phone_calls_made", "phone_calls_made"),
    ("phone_calls_received", "phone_calls_received"),
    ("response_rate_by_us", "response_rate_by_us"),
    ("response_rate_by_them", "response_rate_by_them"),
    ("avg_first_response_hours_by_us", "avg_first_response_hours_by_us"),
    ("avg_first_response_hours_by_them", "avg_first_response_hours_by_them"),
    ("minutes_spent_by_us", "minutes_spent_by_us"),
    ("minutes_spent_by_them", "minutes_spent_by_them"),
    ("face_time_minutes", "face_time_minutes"),
    ("median_first_response_hours_by_us", "median_first_response_hours_by_us"),
    ("median_first_response_hours_by_them", "median_first_response_hours_by_them"),
];

const COPIES: &[Copies] = &[
    Copies {
        of: KPIS,
        from: "records",
        by: BY_RECORD,
        columns: &[
            ("name", "name"),
            ("owner_id", "owner_id"),
            ("owner_name", "owner_name"),
            ("account_id", "account_id"),
            ("account_name", "account_name"),
            ("record_url", "record_url"),
            ("state", "state"),
            ("estimated_close_date", "estimated_close_date"),
            ("value", "value"),
            ("currency_id", "currency_id"),
            ("value_in_base_currency", "value_in_base_currency"),
        ],
    },
    Copies {
        of: &["account_kpis"],
        from: "relationship_health",
        by: BY_RECORD,
        columns: &[
            ("account_health_score", "health_score"),
            ("account_health_state", "health_state"),
            ("account_health_trend", "health_trend"),
        ],
    },
    Copies {
        of: &["attention", "changes"],
        from: "records",
        by: BY_RECORD,
        columns: &[
            ("name", "name"),
            ("owner_id", "owner_id"),
            ("owner_name", "owner_name"),
            ("record_url", "record_url"),
        ],
    },
    Copies {
        of: &["attention"],
        from: "interactions",
        by: &[("interaction_id", Key::Own("interaction_id"))],
        columns: &[("since_at", "occurred_at")],
    },
    Copies {
        of: &["handover"],
        from: "records",
        by: &[("record_type", Key::Own("record_type")), ("record_id", Key::Own("record_id"))],
        columns: &[("record_name", "name")],
    },
    Copies { of: &["account_coverage"], from: "records", by: BY_ACCOUNT, columns: &[("name", "name")] },
    Copies { of: &["records", "people"], from: "records", by: BY_ACCOUNT, columns: &[("account_name", "name")] },
    Copies {
        of: &["top_contacts"],
        from: "people",
        by: &[("person_type", Key::Own("person_type")), ("person_id", Key::Own("person_id"))],
        columns: &[("name", "name")],
    },
    Copies {
        of: &["top_contacts"],
        from: "people",
        by: &[("person_type", Key::Is("systemuser")), ("person_id", Key::Own("last_contacted_by_id"))],
        columns: &[("last_contacted_by", "name")],
    },
    Copies {
        of: &["who_knows_whom", "handover"],
        from: "people",
        by: &[("person_type", Key::Is("systemuser")), ("person_id", Key::Own("systemuser_id"))],
        columns: &[("colleague_name", "name"), ("is_disabled", "is_disabled")],
    },
    Copies {
        of: &["who_knows_whom"],
        from: "connections",
        by: BY_PAIR,
        columns: &[
            ("strength", "strength"),
            ("label", "label"),
            ("last_interaction_at", "last_interaction_at"),
            ("last_interaction_kind", "last_interaction_kind"),
        ],
    },
    Copies {
        of: &["account_connections"],
        from: "connections",
        by: &[
            ("systemuser_id", Key::Own("systemuser_id")),
            ("person_type", Key::Is("contact")),
            ("person_id", Key::Own("strongest_contact_id")),
        ],
        columns: &[("strongest_contact_strength", "strength")],
    },
    Copies {
        of: &["handover"],
        from: "connections",
        by: &[
            ("systemuser_id", Key::Own("systemuser_id")),
            ("person_type", Key::Own("record_type")),
            ("person_id", Key::Own("record_id")),
        ],
        columns: &[("strength", "strength"), ("last_interaction_at", "last_interaction_at")],
    },
    Copies {
        of: &["similar_won_deals"],
        from: "records",
        by: &[("record_type", Key::Is("opportunity")), ("record_id", Key::Own("won_opportunity_id"))],
        columns: &[("won_name", "name"), ("won_date", "closed_date"), ("value", "value")],
    },
    Copies {
        of: &["similar_won_deals"],
        from: "opportunity_benchmarks",
        by: &[("opportunity_id", Key::Own("opportunity_id"))],
        columns: &[("state", "state")],
    },
    Copies {
        of: &["similar_won_deals"],
        from: "opportunity_kpis",
        by: &[("opportunity_id", Key::Own("won_opportunity_id"))],
        columns: METRICS_OF_DEALS,
    },
    Copies {
        of: &["opportunity_benchmarks"],
        from: "opportunity_kpis",
        by: &[("opportunity_id", Key::Own("opportunity_id"))],
        columns: METRICS_OF_DEALS,
    },
    Copies {
        of: &["opportunity_benchmarks"],
        from: "records",
        by: &[("record_type", Key::Is("opportunity")), ("record_id", Key::Own("opportunity_id"))],
        columns: &[("estimated_value", "value")],
    },
];

/// Tells a column that is taken over; false of any other, and where the row it is taken from is not published.
///
/// # Errors
/// What storage refuses, and files that are no Parquet.
pub fn tell(found: &FoundRow<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    for copies in COPIES.iter().filter(|copies| copies.of.contains(&found.table.name)) {
        let Some((_, there)) = copies.columns.iter().find(|(own, _)| *own == story.column) else { continue };
        let Some(key) = key(found, copies.by) else { continue };
        let by: Vec<(&str, &str)> = key.iter().map(|(column, text)| (*column, text.as_str())).collect();
        let Some(rows) = tables.rows(copies.from, &by)?.filter(|rows| rows.count() == 1) else { continue };
        if rows.frame.column(there).is_err() {
            continue;
        }
        let columns: Vec<&str> = by.iter().map(|(column, _)| *column).collect();
        let named: Vec<&str> = by.iter().map(|(_, text)| *text).collect();
        let value = rows.value(there, 0);
        let shown = if value.is_null() { "unknown".to_string() } else { value.to_string() };
        story.recomputed(value, format!("{there} in {}, {}: {shown}", copies.from, named.join(" ")));
        // A KPI there is no copy of anything: explain tells it in its own table.
        let is_kpi = copies.from == "opportunity_kpis";
        story.comes_from = origins::of(copies.from, there).filter(|_| !is_kpi).map(str::to_string);
        story.from_tables = vec![rows.told(0, &columns, &[there])];
        return Ok(true);
    }
    Ok(false)
}

/// The key of the row there; none where a part of it is unknown.
fn key<'a>(found: &FoundRow<'_>, by: &[(&'a str, Key)]) -> Option<Vec<(&'a str, String)>> {
    let own = |name: &str| {
        let value = found.row.column(name).map_or(Value::Null, |column| cells::json(column, 0));
        value.as_str().map(str::to_string)
    };
    let of_record = found.record.as_ref();
    let text = |key: &Key| match key {
        Key::Is(text) => Some(text.to_string()),
        Key::Type => of_record.map(|(record_type, _)| record_type.name().to_string()),
        Key::Id => of_record.map(|(_, id)| id.clone()),
        Key::Own(name) => own(name),
    };
    by.iter().map(|(column, key)| Some((*column, text(key)?))).collect()
}
