//! The table `relationship_health`: one row per account, contact, open lead and open opportunity (rules H1 to H4).

use std::collections::HashMap;

use polars::prelude::*;

use super::columns::{self, HEALTH_SCORE};
use super::components::components;
use super::reason::Reason;
use super::{Health, Scored, State};
use crate::error::{Error, Result};
use crate::frames::gather;
use crate::interactions::Context;
use crate::interactions::columns::RECORD;
use crate::language::Language;
use crate::table::{Column as Declared, ColumnType, Table, conform};

const EARLIER: &str = "earlier_health_score";
const REASON: &str = "main_reason";
const REASON_CODE: &str = "main_reason_code";
const EXPECTED: &str = "expected_contact";

/// A column with the reason in a language besides English.
struct Translated {
    column: &'static str,
    language: Language,
    description: &'static str,
    example: &'static str,
}

const TRANSLATED: [Translated; 3] = [
    Translated {
        column: "main_reason_de",
        language: Language::German,
        description: "main_reason in German.",
        example: "kein Kontakt im letzten Jahr",
    },
    Translated {
        column: "main_reason_fr",
        language: Language::French,
        description: "main_reason in French.",
        example: "aucun contact depuis un an",
    },
    Translated {
        column: "main_reason_sv",
        language: Language::Swedish,
        description: "main_reason in Swedish.",
        example: "ingen kontakt det senaste året",
    },
];

/// One row per account, contact, open lead and open opportunity, in the order of records. The input may be
/// split by record.
pub fn relationship_health(context: &Context, health: &[Health]) -> Result<LazyFrame> {
    let settings = &context.settings.health;
    let rows: Vec<(u32, Health)> =
        (0u32..).zip(health.iter().copied()).filter(|(_, health)| health.state != State::NotApplicable).collect();
    let only: Vec<Health> = rows.iter().map(|(_, health)| *health).collect();
    let mut frame = vec![Column::new(RECORD.into(), rows.iter().map(|(record, _)| *record).collect::<Vec<_>>())];
    frame.extend(columns::columns(&only));
    let value = |of: &dyn Fn(&Health) -> Option<f64>| only.iter().map(of).collect::<Vec<Option<f64>>>();
    frame.push(Column::new(EARLIER.into(), value(&|health| Some(health.scored?.earlier))));
    let reasons: Vec<Reason> = only.iter().map(Reason::of).collect();
    frame.push(words(REASON, &reasons, Language::English));
    frame.extend(TRANSLATED.map(|Translated { column, language, .. }| words(column, &reasons, language)));
    frame.push(Column::new(REASON_CODE.into(), reasons.iter().map(Reason::code).collect::<Vec<_>>()));
    let scored = |of: &dyn Fn(&Scored) -> Option<f64>| value(&|health| of(health.scored.as_ref()?));
    for added in added().into_iter().chain(recent()) {
        frame.push(Column::new(added.column.name.into(), scored(&added.value)));
    }
    for component in components() {
        frame.push(Column::new(
            component.column.name.into(),
            value(&|health| (component.value)(&health.scored?.components)),
        ));
    }
    let frame = DataFrame::new(rows.len(), frame).map_err(Error::engine("health"))?;
    let records = &context.people.records.table;
    let rows = frame.lazy().with_columns([
        gather(col(RECORD), records, "record_type")?.alias("record_type"),
        gather(col(RECORD), records, "record_id")?.alias("record_id"),
        when(col(HEALTH_SCORE).is_not_null())
            .then(lit(settings.expected_contact.map_or("auto", |level| level.name())))
            .otherwise(lit(NULL))
            .alias(EXPECTED),
    ]);
    Ok(conform(rows, &table()))
}

/// Reasons in a language, each put into words once.
fn words(name: &str, reasons: &[Reason], language: Language) -> Column {
    let mut known: HashMap<Reason, String> = HashMap::new();
    for reason in reasons {
        known.entry(*reason).or_insert_with(|| reason.words(language));
    }
    let words: StringChunked = reasons.iter().map(|reason| known.get(reason).map(String::as_str)).collect();
    words.with_name(name.into()).into_column()
}

/// A column that came after the components, and its value.
struct Added {
    column: Declared,
    value: fn(&Scored) -> Option<f64>,
}

/// What a score is measured against, and where it stands among others.
fn added() -> [Added; 6] {
    let added = |name, dtype, unit, description, empty, rule, example, value| Added {
        column: Declared::new(name, dtype, unit, description, empty, rule, example),
        value,
    };
    const UNSCORED: &str = "null without a score";
    [
        added(
            "contact_days",
            ColumnType::Int64,
            "days",
            "On how many of the last 90 days there was any contact.",
            UNSCORED,
            "H3",
            "2",
            |scored| Some(f64::from(scored.components.contact_days)),
        ),
        added(
            "own_contact_interval_days",
            ColumnType::Int64,
            "days",
            "The record's own rhythm: days from one day of contact to the next on average over 365 days, rounded up.",
            "null without a score, and with fewer than two days of contact",
            "H2",
            "12",
            |scored| scored.components.own_gap.map(f64::from),
        ),
        added(
            "expected_contact_days",
            ColumnType::Int64,
            "days",
            "Days between contacts that are expected: as expected_contact says, or with auto the median of \
             own_contact_interval_days of the record type over relationships in touch within 90 days, 15 that stand in among them.",
            UNSCORED,
            "H2",
            "weekly: 7",
            |scored| Some(f64::from(scored.expected_days)),
        ),
        added(
            "expected_frequency",
            ColumnType::Float64,
            "decayed days",
            "What frequency is divided by. With auto it is the same for all contacts, and for other record types as \
             many times that as their contact usually comes to more or less; FORMULAS.md has how that is found.",
            UNSCORED,
            "H2",
            "weekly: 17.4",
            |scored| Some(scored.expected_frequency),
        ),
        added(
            "dormant_after_days",
            ColumnType::Int64,
            "days",
            "After how many days without contact a poor relationship is dormant, and after 90 days any: three times \
             own_contact_interval_days, else expected_contact_days, no less than 60 and no more than 180.",
            "null without a score, and where expected_contact is set",
            "H3",
            "60",
            |scored| scored.dormant_after.map(f64::from),
        ),
        added(
            "health_percentile",
            ColumnType::Float64,
            "0–100",
            "Share of the scores of the same record type that are lower, equal ones counted half.",
            UNSCORED,
            "H1",
            "72.4",
            |scored| Some(scored.percentile),
        ),
    ]
}

/// The days of contact that sentences about a trend speak of.
fn recent() -> [Added; 2] {
    let days = |name, description, example, value| Added {
        column: Declared::new(name, ColumnType::Int64, "days", description, "null without a score", "H4, K11", example),
        value,
    };
    [
        days("contact_days_28", "On how many of the last 28 days there was any contact.", "2", |scored| {
            Some(f64::from(scored.components.recent_contact_days))
        }),
        days("contact_days_28_before", "The same in the 28 days before those.", "6", |scored| {
            Some(f64::from(scored.components.earlier_contact_days))
        }),
    ]
}

/// The table `relationship_health`.
pub fn table() -> Table {
    let text = |name, description, empty, rule, example| {
        Declared::new(name, ColumnType::Text, "", description, empty, rule, example)
    };
    let mut columns = vec![
        text(
            "record_type",
            "account, contact, lead, opportunity; accounts not in the profile dynamics.",
            "never",
            "H1",
            "contact",
        ),
        text("record_id", "The record.", "never", "H1", "c0000001-0000-4000-8000-000000000000"),
    ];
    columns.extend(columns::declared());
    columns.push(Declared {
        defined_in: file!(),
        name: EARLIER,
        dtype: ColumnType::Float64,
        unit: "0–100",
        description: "Mean of the scores 7, 14, 21 and 28 days before, 0 where there was none.",
        empty: "null without a score",
        rule: "H4",
        example: "66.1",
    });
    columns.push(text(
        REASON,
        "What weighs most in the score and what was counted, or why there is no score, in words.",
        "never",
        "H3",
        "nothing from the customer for 34 days; 4 days of contact in 90 days, expected weekly",
    ));
    columns.push(text(
        REASON_CODE,
        "The same as a code: on_rhythm, awaiting_customer, awaiting_us, silent, too_rare, one_sided, \
         colleagues_quiet, no_reply, no_outreach, usual, below_usual, dormant, or the state where there is no score.",
        "never",
        "H3",
        "awaiting_customer",
    ));
    columns.push(text(
        EXPECTED,
        "The setting: auto (found from the lake, see expected_contact_days), daily, every_few_days, weekly, \
         every_couple_of_weeks, monthly.",
        "null without a score",
        "H2",
        "auto",
    ));
    columns.extend(components().map(|component| component.column));
    columns.extend(added().map(|added| added.column));
    columns.extend(
        TRANSLATED
            .map(|Translated { column, description, example, .. }| text(column, description, "never", "H3", example)),
    );
    columns.extend(recent().map(|recent| recent.column));
    Table {
        defined_in: file!(),
        name: "relationship_health",
        version: 4,
        grain: "account, contact, open lead or open opportunity known at the date",
        description: "How healthy each relationship is, where it is heading, and why.",
        key: &["record_type", "record_id"],
        columns,
    }
}
