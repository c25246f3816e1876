//! `msdyn_…kpiitem` and `msdyn_daily…kpiitem`: KPIs of each record, and of each of its days with activity.

use super::choices::{ACCURACY, ACTIVITY_TYPES, DIRECTION_WORDS, DIRECTIONS, HEALTH_STATE, HEALTH_TREND};
use super::column::{DataverseType, Mapped, Origin};
use super::original::{KEY, Original, RowsOf};
use crate::people::RecordType;

/// Rates are shares from 0 to 1. The reference does not say whether the original's go to 1 or to 100.
const RATE: f64 = 1.0;
const HOURS_PER_MINUTE: f64 = 1.0 / 60.0;
const NO_INMAIL: Origin = Origin::Number(0);

/// A column that is filled from one of ours, as it is or times a scale.
const fn number(name: &'static str, kind: DataverseType, own: &'static str, scale: f64) -> Mapped {
    Mapped::new(name, kind, Origin::Times(own, scale))
}

const fn count(name: &'static str, own: &'static str) -> Mapped {
    Mapped::new(name, DataverseType::Integer, Origin::Column(own))
}

/// Counts of a record and of a day.
const COUNTS: [Mapped; 7] = [
    count("msdyn_emailssent", "emails_sent"),
    count("msdyn_emailsreceived", "emails_received"),
    count("msdyn_meetingssent", "meetings_sent"),
    count("msdyn_meetingsreceived", "meetings_received"),
    count("msdyn_phonecallsmade", "phone_calls_made"),
    count("msdyn_phonecallsreceived", "phone_calls_received"),
    Mapped::new("msdyn_liemailssent", DataverseType::Integer, NO_INMAIL),
];

/// What every table of KPIs has after the counts.
const MEASURES: [Mapped; 11] = [
    number("msdyn_responseratebyus", DataverseType::Decimal(2), "response_rate_by_us", RATE),
    number("msdyn_responseratebythem", DataverseType::Decimal(2), "response_rate_by_them", RATE),
    number("msdyn_averagefirstresponsetimebyusinhrs", DataverseType::Decimal(2), "avg_first_response_hours_by_us", 1.0),
    number(
        "msdyn_averagefirstresponsetimebytheminhrs",
        DataverseType::Decimal(2),
        "avg_first_response_hours_by_them",
        1.0,
    ),
    number("msdyn_timespentbyteam", DataverseType::Integer, "minutes_spent_by_us", 1.0),
    number("msdyn_timespentbycustomer", DataverseType::Integer, "minutes_spent_by_them", 1.0),
    number("msdyn_timespentbyteam_calculated", DataverseType::Decimal(1), "minutes_spent_by_us", HOURS_PER_MINUTE),
    number("msdyn_facetimewithcustomer", DataverseType::Integer, "face_time_minutes", 1.0),
    number("msdyn_openedemails", DataverseType::Decimal(2), "open_rate", RATE),
    number("msdyn_emaillinksclicked", DataverseType::Decimal(2), "click_rate", RATE),
    number("msdyn_emailattachmentopens", DataverseType::Decimal(2), "attachment_open_rate", RATE),
];

const HEALTH_SCORE: Mapped = number("msdyn_relationshiphealthscorevalue", DataverseType::Integer, "health_score", 1.0);

/// Of leads and opportunities.
const ACTIVITIES: [Mapped; 8] = [
    Mapped::new("msdyn_lastactivitybyteam", DataverseType::DateTime, Origin::Column("last_interaction_at")),
    Mapped::new("msdyn_lastactivityid", DataverseType::Text(100), Origin::AfterColon("last_interaction_id")),
    Mapped::new(
        "msdyn_lastactivitytype",
        DataverseType::Text(1250),
        Origin::Spelled("last_interaction_kind", ACTIVITY_TYPES),
    ),
    Mapped::new(
        "msdyn_lastactivitydirection",
        DataverseType::Choice(DIRECTIONS),
        Origin::Words(&["last_interaction_direction"], DIRECTION_WORDS),
    ),
    Mapped::new("msdyn_nextactivitybyteam", DataverseType::DateTime, Origin::Column("next_interaction_at")),
    Mapped::new("msdyn_nextactivityid", DataverseType::Text(100), Origin::AfterColon("next_interaction_id")),
    Mapped::new(
        "msdyn_nextactivitytype",
        DataverseType::Text(1250),
        Origin::Spelled("next_interaction_kind", ACTIVITY_TYPES),
    ),
    Mapped::new(
        "msdyn_nextactivitydirection",
        DataverseType::Choice(DIRECTIONS),
        Origin::Words(&["next_interaction_direction"], DIRECTION_WORDS),
    ),
];

/// The KPIs of a type of record.
pub fn of_records(record_type: RecordType) -> Original {
    let record = record_type.name();
    let key = Mapped::new(format!("msdyn_{record}kpiitemid").leak(), DataverseType::Key, Origin::Column(KEY));
    let mut columns = vec![
        key,
        Mapped::new("msdyn_name", DataverseType::Text(100), Origin::Column("name")),
        Mapped::named(format!("msdyn_{record}id").leak(), record, "record_id", "name"),
        Mapped::new("msdyn_acilastupdatetimestamp", DataverseType::DateTime, Origin::Cutoff),
        Mapped::new("msdyn_date", DataverseType::DateTime, Origin::DayStart),
        ACCURACY,
    ];
    columns.extend(COUNTS);
    columns.extend(MEASURES);
    // Hours of the customer stand after those of the team; on contacts alone they have two digits.
    let digits = if record_type == RecordType::Contact { 2 } else { 1 };
    let customer = "msdyn_timespentbycustomer_calculated";
    let hours = number(customer, DataverseType::Decimal(digits), "minutes_spent_by_them", HOURS_PER_MINUTE);
    let after_team = columns.iter().position(|column| column.name == "msdyn_facetimewithcustomer");
    columns.insert(after_team.unwrap_or(columns.len()), hours);
    columns.extend([HEALTH_SCORE, HEALTH_STATE, HEALTH_TREND]);
    match record_type {
        RecordType::Account => {}
        RecordType::Contact => columns.push(Mapped::new(
            "msdyn_numberofopportunities",
            DataverseType::Integer,
            Origin::Unknown("no published table says which contact an opportunity has"),
        )),
        RecordType::Lead | RecordType::Opportunity => columns.extend(ACTIVITIES),
    }
    Original { name: format!("msdyn_{record}kpiitem").leak(), grain: record, rows: RowsOf::Kpis(record_type), columns }
}

/// The days of a type of record.
pub fn of_days(record_type: RecordType) -> Original {
    let record = record_type.name();
    let mut columns = vec![
        Mapped::new(format!("msdyn_daily{record}kpiitemid").leak(), DataverseType::Key, Origin::Column(KEY)),
        Mapped::new("msdyn_name", DataverseType::Text(100), Origin::Column("name")),
        Mapped::new("msdyn_date", DataverseType::DateOnly, Origin::Column("activity_date")),
        Mapped::named("msdyn_entityid", record, "record_id", "name"),
        Mapped::new(format!("msdyn_{record}id").leak(), DataverseType::Text(100), Origin::Column("record_id")),
    ];
    columns.extend(COUNTS);
    columns.push(ACCURACY);
    Original {
        name: format!("msdyn_daily{record}kpiitem").leak(),
        grain: format!("{record} and day of the last 60 with emails, meetings or calls").leak(),
        rows: RowsOf::Days(record_type),
        columns,
    }
}

/// Our columns of the counts.
pub fn own_counts() -> impl Iterator<Item = &'static str> {
    COUNTS.iter().flat_map(|column| column.takes()).map(|(name, _)| name)
}
