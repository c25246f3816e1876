//! The value of a KPI added up from the rows that explain lists for it.
//!
//! What the rules say of the KPIs they name is followed here a second time, from what the rows say of themselves and not by
//! the definitions of the program. Of any other KPI the rows that are said to count are added up by its kind.

use rapport::explain::story::InteractionStory;
use rapport::kpis::{Kpi, Measure, Measuring, Side, Statistic};
use serde_json::Value;

fn is(row: &InteractionStory, kind: &str) -> bool {
    row.kind.as_deref() == Some(kind) && row.status.as_deref() == Some("held")
}

fn goes(row: &InteractionStory, direction: &str) -> bool {
    row.direction.as_deref() == Some(direction)
}

fn begins(row: &InteractionStory, answered: &[bool]) -> bool {
    let turn = row.turn.as_deref().unwrap_or_default();
    let (was, was_not) = (turn.contains("was answered"), turn.contains("nobody answered"));
    answered.contains(&true) && was || answered.contains(&false) && was_not
}

/// Minutes of one side, by the words of rule K6.
fn minutes(row: &InteractionStory, written: &str, ours: bool) -> Option<f64> {
    if row.status.as_deref() != Some("held") {
        return Some(0.0);
    }
    let length = row.duration_minutes;
    match (row.kind.as_deref().unwrap(), ours) {
        ("email", _) if goes(row, written) => Some(5.0),
        ("email", _) => row.direction.as_ref().map(|_| 2.5),
        ("meeting", true) => length.map(|length| length * f64::from(row.colleagues.unwrap().max(1))),
        ("meeting", false) if row.external_people.unwrap() == 0 => Some(0.0),
        ("task", false) => Some(0.0),
        _ => length,
    }
}

fn summed(
    rows: &[InteractionStory],
    minutes: impl Fn(&InteractionStory) -> Option<f64>,
    takes: impl Fn(&InteractionStory) -> bool,
) -> Value {
    let held: Vec<&InteractionStory> = rows.iter().filter(|row| row.status.as_deref() == Some("held")).collect();
    let known = held.iter().filter(|row| takes(row) && minutes(row).is_some()).count();
    let unknown = held.iter().filter(|row| takes(row) && minutes(row).is_none()).count();
    match held.is_empty() || (known == 0 && unknown > 0) {
        true => Value::Null,
        false => held.iter().filter_map(|row| minutes(row)).sum::<f64>().into(),
    }
}

fn statistic(mut hours: Vec<f64>, share: Option<f64>) -> Value {
    hours.sort_by(f64::total_cmp);
    let Some(share) = share else {
        return if hours.is_empty() { Value::Null } else { (hours.iter().sum::<f64>() / hours.len() as f64).into() };
    };
    if hours.is_empty() {
        return Value::Null;
    }
    let place = (hours.len() - 1) as f64 * share;
    let (low, high) = (hours[place.floor() as usize], hours[place.ceil() as usize]);
    (low + (high - low) * place.fract()).into()
}

fn quotient(above: usize, below: usize) -> Value {
    if below == 0 { Value::Null } else { (above as f64 / below as f64).into() }
}

fn count(rows: &[InteractionStory], counts: impl Fn(&InteractionStory) -> bool) -> usize {
    rows.iter().filter(|row| counts(row)).count()
}

/// Counts of KPIs that rules name, by what the rows say of themselves.
fn by_rules(kpi: &str, rows: &[InteractionStory]) -> Option<usize> {
    let of = |kind: &str, direction: &str| count(rows, |row| is(row, kind) && goes(row, direction));
    let runs = |direction: &str, answered: &[bool]| count(rows, |row| goes(row, direction) && begins(row, answered));
    let held = |row: &InteractionStory| row.status.as_deref() == Some("held");
    Some(match kpi {
        "emails_sent" => of("email", "outbound"),
        "emails_received" => of("email", "inbound"),
        "meetings_sent" => of("meeting", "outbound"),
        "meetings_received" => of("meeting", "inbound"),
        "phone_calls_made" => of("phone_call", "outbound"),
        "phone_calls_received" => of("phone_call", "inbound"),
        "interactions" => count(rows, held),
        "responses_due_by_us" => runs("inbound", &[true, false]),
        "responses_by_us" => runs("inbound", &[true]),
        "responses_due_by_them" => runs("outbound", &[true, false]),
        "responses_by_them" => runs("outbound", &[true]),
        "interactions_without_duration" => {
            count(rows, |row| held(row) && row.kind.as_deref() != Some("email") && row.duration_minutes.is_none())
        }
        _ => return None,
    })
}

/// Minutes of KPIs that rule K6 names, by what the rows say of themselves; of others the amounts that are listed.
fn minutes_of(kpi: &str, rows: &[InteractionStory]) -> Value {
    let takes = |row: &InteractionStory, ours: bool| match row.kind.as_deref() {
        Some("meeting") => ours || row.external_people.unwrap() > 0,
        Some("task") => ours,
        _ => true,
    };
    let face =
        |row: &InteractionStory| is(row, "meeting") && row.colleagues.unwrap() > 0 && row.external_people.unwrap() > 0;
    match kpi {
        "minutes_spent_by_us" => summed(rows, |row| minutes(row, "outbound", true), |row| takes(row, true)),
        "minutes_spent_by_them" => summed(rows, |row| minutes(row, "inbound", false), |row| takes(row, false)),
        "face_time_minutes" => summed(rows, |row| if face(row) { row.duration_minutes } else { Some(0.0) }, face),
        _ if rows.iter().all(|row| row.amount.is_none()) => Value::Null,
        _ => rows.iter().filter_map(|row| row.amount).sum::<f64>().into(),
    }
}

/// A field of the first or last held or of the next planned interaction.
fn field(kpi: &str, rows: &[InteractionStory]) -> Value {
    let (which, name) = (kpi.split('_').next().unwrap(), kpi.rsplit('_').next().unwrap());
    let status = if which == "next" { "planned" } else { "held" };
    let mut fitting: Vec<&InteractionStory> = rows.iter().filter(|row| row.status.as_deref() == Some(status)).collect();
    // Of several at one time the smallest id.
    fitting.sort_by(|one, other| {
        let time = one.occurred_at.cmp(&other.occurred_at);
        (if which == "last" { time.reverse() } else { time }).then(one.interaction_id.cmp(&other.interaction_id))
    });
    let text = |text: Option<&String>| text.map_or(Value::Null, |text| text.as_str().into());
    let row = fitting.first();
    match name {
        "at" => text(row.and_then(|row| row.occurred_at.as_ref())),
        "kind" => text(row.and_then(|row| row.kind.as_ref())),
        "direction" => text(row.and_then(|row| row.direction.as_ref())),
        _ => text(row.map(|row| &row.interaction_id)),
    }
}

/// The value of a KPI, one of `all`, by the rows that are listed for it under these settings.
pub fn value(kpi: &Kpi, all: &[Kpi], measuring: &Measuring<'_>, rows: &[InteractionStory]) -> Value {
    let name = kpi.column.name;
    let said_to_count = |row: &InteractionStory| row.counts == Some(true);
    // A part is counted by its rule; where it has none here, the rows name the parts that they count for.
    let part = |name: &str| {
        assert!(all.iter().any(|kpi| kpi.column.name == name && kpi.is_count()), "{name} is a KPI that counts");
        by_rules(name, rows).unwrap_or_else(|| count(rows, |row| row.parts.iter().any(|part| part == name)))
    };
    match kpi.measure {
        // Without a calendar, for instance, nobody has a value.
        Measure::CountIfDefined(condition) if condition(measuring).is_none() => Value::Null,
        Measure::Count(_) | Measure::CountRuns(_) | Measure::CountIfDefined(_) => {
            by_rules(name, rows).unwrap_or_else(|| count(rows, said_to_count)).into()
        }
        Measure::Minutes { .. } => minutes_of(name, rows),
        Measure::ResponseHours { answered_by, statistic: of_hours } => {
            let direction = if answered_by == Side::Us { "inbound" } else { "outbound" };
            let answered = rows.iter().filter(|row| goes(row, direction) && begins(row, &[true]));
            let share = match of_hours {
                Statistic::Mean => None,
                Statistic::Quantile(share) => Some(share),
            };
            statistic(answered.map(|row| row.amount.unwrap()).collect(), share)
        }
        Measure::Ratio { numerator, denominator } => quotient(part(numerator), part(denominator)),
        Measure::Share { of, beside } => quotient(part(of), part(of) + part(beside)),
        Measure::FirstLastNext => field(name, rows),
        Measure::Given => panic!("{name} is not added up"),
    }
}
