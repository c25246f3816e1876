//! What a colleague and a contact, lead or account had to do with each other in the past year (rules W1, W3).

use serde_json::Value;

use super::read::LakeOfDay;
use super::rows::{ListedInteractions, direction, terms};
use crate::connections::connection::Connection;
use crate::connections::edges::Edge;
use crate::connections::strength::{HALF, MEMORY};
use crate::connections::window::{WINDOW_DAYS, Window};
use crate::decay::{Fading, MICRO, life, whole};
use crate::error::Result;
use crate::explain::plural::{days_ago, several};
use crate::explain::question::FoundRow;
use crate::explain::scores::RowValues;
use crate::explain::story::{ColumnStory, TableRow};
use crate::interactions::Kind;
use crate::interactions::interaction_view::Started;
use crate::people::RecordType;
use crate::people::record_lists::accounts_of_contacts;
use crate::table::cells::{Fields, instant};

/// Columns of connections that are made of interactions.
pub const COLUMNS: [&str; 16] = [
    "interactions",
    "emails_out",
    "emails_in",
    "meetings",
    "phone_calls",
    "first_interaction_at",
    "last_interaction_at",
    "last_interaction_kind",
    "last_interaction_direction",
    "contact_days",
    "frequency",
    "mutuality",
    "colleague_activity",
    "person_activity",
    "contacts",
    "strongest_contact_id",
];

/// Tells a column of a connection; false where the pair is not in the lake.
///
/// # Errors
/// Only what the engine runs into.
pub fn tell(found: &FoundRow<'_>, lake: &LakeOfDay<'_>, story: &mut ColumnStory) -> Result<bool> {
    let row = RowValues(&found.row);
    let text = |name: &str| row.text(name).unwrap_or_default();
    let records = &lake.context.people.records;
    let record = match found.table.name {
        "account_connections" => records.number(RecordType::Account, &text("account_id")),
        _ => RecordType::from_name(&text("person_type")).and_then(|kind| records.number(kind, &text("person_id"))),
    };
    let (Some(user), Some(record)) = (lake.user_of(&row), record) else { return Ok(false) };
    let all = lake.edges()?;
    let edges = all.of_pair(user, record);
    let column = story.column.clone();
    let is_email_by = |edge: &Edge, side| edge.kind() == Kind::Email && edge.started() == side;
    match column.as_str() {
        "interactions" => counted(lake, edges, |_| None, story),
        "emails_out" => counted(
            lake,
            edges,
            |edge| not(is_email_by(edge, Started::ByUs), "the colleague did not send it as an email"),
            story,
        ),
        "emails_in" => counted(
            lake,
            edges,
            |edge| not(is_email_by(edge, Started::ByThem), "the other one did not send it as an email"),
            story,
        ),
        "meetings" => counted(lake, edges, |edge| not(edge.kind() == Kind::Meeting, "it is no meeting"), story),
        "phone_calls" => counted(lake, edges, |edge| not(edge.kind() == Kind::Call, "it is no call"), story),
        "first_interaction_at" => picked(lake, edges.first(), "the first", story),
        "last_interaction_at" | "last_interaction_kind" | "last_interaction_direction" => {
            // Of several at one time the one with the smallest id.
            let last = edges.last().map(|last| &edges[edges.partition_point(|edge| edge.at < last.at)]);
            picked(lake, last, "the last", story)
        }
        "contact_days" => days_of_contact(lake, edges, story),
        "frequency" => frequency(lake, edges, story),
        "mutuality" => mutuality(lake, edges, story),
        "colleague_activity" => active(lake, all.days_of_colleagues.places(user).collect(), "anyone outside", story),
        "person_activity" => active(lake, all.days_of_records.places(record).collect(), "any colleague", story),
        "contacts" | "strongest_contact_id" => return contacts(lake, user, record, story),
        _ => return Ok(false),
    }
    Ok(true)
}

fn not(counts: bool, why: &'static str) -> Option<&'static str> {
    (!counts).then_some(why)
}

/// One for each of the interactions but those that do not count for a reason.
fn counted(
    lake: &LakeOfDay<'_>,
    edges: &[Edge],
    why_not: impl Fn(&Edge) -> Option<&'static str>,
    story: &mut ColumnStory,
) {
    let mut rows = ListedInteractions::default();
    for edge in edges {
        match why_not(edge) {
            None => rows.count(lake, edge.interaction, 1.0),
            Some(why) => rows.leave_out(lake, edge.interaction, why),
        };
    }
    let count = rows.counted();
    rows.list(story);
    story.recomputed(count.into(), format!("{count} of {} of the two", several(edges.len(), "interaction")));
}

/// A value of one interaction.
fn picked(lake: &LakeOfDay<'_>, edge: Option<&Edge>, which: &str, story: &mut ColumnStory) {
    let Some(edge) = edge else { return };
    let value: Value = match story.column.as_str() {
        "last_interaction_kind" => edge.kind().name().into(),
        "last_interaction_direction" => direction(edge.started()).map_or(Value::Null, Value::from),
        _ => instant(edge.at).into(),
    };
    let mut rows = ListedInteractions::default();
    rows.count(lake, edge.interaction, 1.0).amount = None;
    rows.list(story);
    story.recomputed(value, format!("{which} of the interactions of the two"));
}

/// Edges of a day, and how many days before the date it was; the earliest day first.
fn by_day<'e>(lake: &LakeOfDay<'_>, edges: &'e [Edge]) -> Vec<(u32, &'e [Edge])> {
    let window = Window::last(&lake.days);
    edges.chunk_by(|a, b| window.age(a.at) == window.age(b.at)).map(|day| (window.age(day[0].at), day)).collect()
}

fn days_of_contact(lake: &LakeOfDay<'_>, edges: &[Edge], story: &mut ColumnStory) {
    let (days, mut rows) = (by_day(lake, edges), ListedInteractions::default());
    for (_, day) in &days {
        for (place, edge) in day.iter().enumerate() {
            match place {
                0 => rows.count(lake, edge.interaction, 1.0),
                _ => rows.leave_out(lake, edge.interaction, "its day counts already"),
            };
        }
    }
    rows.list(story);
    story.recomputed(days.len().into(), format!("{} of contact", several(days.len(), "day")));
}

/// Of each day what its heaviest interaction among some still counts, in millionths, and which that is.
fn heaviest_of_days(lake: &LakeOfDay<'_>, edges: &[Edge], counts: impl Fn(&Edge) -> bool) -> Vec<(u32, u64, u32)> {
    let memory = Fading::new(MEMORY, WINDOW_DAYS);
    let of_day = |(age, day): (u32, &[Edge])| {
        let heaviest = day.iter().filter(|edge| counts(edge)).rev().max_by_key(|edge| edge.weight)?;
        Some((age, memory.weigh(heaviest.weight, age), heaviest.interaction))
    };
    by_day(lake, edges).into_iter().filter_map(of_day).collect()
}

fn frequency(lake: &LakeOfDay<'_>, edges: &[Edge], story: &mut ColumnStory) {
    let days = heaviest_of_days(lake, edges, |_| true);
    let mut rows = ListedInteractions::default();
    for edge in edges {
        match days.iter().find(|(.., heaviest)| *heaviest == edge.interaction) {
            Some((_, adds, _)) => rows.count(lake, edge.interaction, whole(*adds)),
            None => rows.leave_out(lake, edge.interaction, "another interaction of the day weighs as much or more"),
        };
    }
    rows.list(story);
    let sum = whole(days.iter().map(|(_, adds, _)| adds).sum());
    story.recomputed(sum.into(), format!("{} = {sum}", faded(&days)));
}

fn mutuality(lake: &LakeOfDay<'_>, edges: &[Edge], story: &mut ColumnStory) {
    let by = |side: Started| move |edge: &Edge| edge.kind() != Kind::Email || edge.started() == side;
    let (sent, received) =
        (heaviest_of_days(lake, edges, by(Started::ByUs)), heaviest_of_days(lake, edges, by(Started::ByThem)));
    let mut rows = ListedInteractions::default();
    for edge in edges {
        let of = |days: &[(u32, u64, u32)], name: &str| {
            days.iter()
                .find(|(.., heaviest)| *heaviest == edge.interaction)
                .map(|(_, adds, _)| format!("{name} {}", whole(*adds)))
        };
        let parts: Vec<String> = [of(&sent, "sent"), of(&received, "received")].into_iter().flatten().collect();
        if parts.is_empty() {
            rows.leave_out(lake, edge.interaction, "another interaction of the day and side weighs as much or more");
        } else {
            let row = rows.count(lake, edge.interaction, 0.0);
            (row.amount, row.parts) = (None, parts);
        }
    }
    rows.list(story);
    let sum = |days: &[(u32, u64, u32)]| days.iter().map(|(_, adds, _)| adds).sum::<u64>();
    let (ours, theirs) = (sum(&sent), sum(&received));
    let told = format!("the smaller of sent {} and received {}", whole(ours), whole(theirs));
    story.recomputed(whole(ours.min(theirs)).into(), told);
}

/// `0.7 (12 days ago) + 1 (today)`.
fn faded(days: &[(u32, u64, u32)]) -> String {
    let told: Vec<String> =
        days.iter().rev().map(|(age, adds, _)| format!("{} ({})", whole(*adds), days_ago(*age))).collect();
    terms(&told, " + ")
}

/// How active somebody is who was in touch on the days at these places.
fn active(lake: &LakeOfDay<'_>, places: Vec<u32>, with: &str, story: &mut ColumnStory) {
    let (fading, window) = (Fading::new(HALF, WINDOW_DAYS), Window::last(&lake.days));
    let ages: Vec<u32> = window.ages(places.into_iter()).collect();
    let sum = whole(ages.iter().map(|&age| fading.weigh(MICRO, age)).sum());
    let last = ages.last().copied();
    let value = last.map_or(0.0, |age| sum * life(age, HALF).powf(1.5));
    let told: Vec<String> = ages.iter().rev().map(|age| age.to_string()).collect();
    let since = last.map_or("never".to_string(), days_ago);
    let told = format!(
        "in touch with {with} on {}, so many days ago: {}; √life adds up to {sum}; the last {since}, × life^1.5 = {value}",
        several(ages.len(), "day"),
        terms(&told, ", ")
    );
    story.recomputed(value.into(), told);
}

/// The contacts of an account to whom a colleague has a connection.
fn contacts(lake: &LakeOfDay<'_>, user: u32, account: u32, story: &mut ColumnStory) -> Result<bool> {
    let records = &lake.context.people.records;
    let (accounts_of, contacts) = (accounts_of_contacts(lake.context.people), records.range(RecordType::Contact));
    let is_of_account = |record: u32| contacts.contains(&record) && accounts_of.under(record).contains(&account);
    let known = lake.connections()?.iter().filter(|one| one.user == user && is_of_account(one.record));
    let mut known: Vec<_> = known.collect();
    known.sort_by(|one, other| other.strength.total_cmp(&one.strength).then(one.record.cmp(&other.record)));
    story.from_tables = known.iter().map(|one| connection_row(lake, one.user, one.record, one.strength)).collect();
    let Some(strongest) = known.first() else { return Ok(false) };
    match story.column.as_str() {
        "contacts" => {
            story.from_tables.iter_mut().for_each(|row| row.amount = Some(1.0));
            story.recomputed(known.len().into(), format!("{} of the account", several(known.len(), "contact")));
        }
        _ => {
            let id = lake.record_id(strongest.record);
            story.recomputed(
                LakeOfDay::published(id),
                format!("of {} the one with strength {}", several(known.len(), "contact"), strongest.strength),
            );
        }
    }
    Ok(true)
}

/// A connection as a row that a value is made of.
pub(super) fn connection_row(lake: &LakeOfDay<'_>, user: u32, contact: u32, strength: f64) -> TableRow {
    let field = |name: &str, value: Value| (name.to_string(), value);
    TableRow {
        table: "connections".to_string(),
        key: Fields(vec![
            field("systemuser_id", lake.user_id(user).into()),
            field("person_id", lake.record_id(contact).into()),
        ]),
        values: Fields(vec![field("strength", strength.into())]),
        ..TableRow::default()
    }
}

/// Why a connection is not one of acquaintances, if it is not.
pub(super) fn why_no_relation(one: &Connection) -> Option<String> {
    match () {
        () if one.is_relation() => None,
        () if one.components.one_way() => Some("only one of the two ever wrote".to_string()),
        () => Some("it is too weak to be a relation".to_string()),
    }
}
