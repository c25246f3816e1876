//! Which colleague to ask for an introduction, and the words of the request (rules W2, W5).

use serde_json::Value;

use super::pairs::{connection_row, why_no_relation};
use super::read::LakeOfDay;
use crate::config::introductions::PLACEHOLDERS;
use crate::connections::colleagues::CAN_BE_ASKED;
use crate::connections::connection::Connection;
use crate::connections::who_knows_whom::{MOST, occasions, strongest, suggests_all};
use crate::error::Result;
use crate::explain::plural::several;
use crate::explain::question::FoundRow;
use crate::explain::scores::RowValues;
use crate::explain::story::{ColumnStory, TableRow};
use crate::frames::typed_columns::{booleans, texts};
use crate::people::RecordType;
use crate::sources::{ADDRESS_TEXT, PRINCIPAL_TEXT, contract};
use crate::table::cells::{Fields, instant};

/// Columns that are made of connections, and of what the lake says of the people.
pub const COLUMNS: [&str; 3] = ["systemuser_id", "colleague_address", "introduction_request"];

/// Tells a column; false where the person is not in the lake.
///
/// # Errors
/// Only what the engine runs into.
pub fn tell(found: &FoundRow<'_>, lake: &LakeOfDay<'_>, story: &mut ColumnStory) -> Result<bool> {
    let row = RowValues(&found.row);
    let (kind, id) = (row.text("person_type").unwrap_or_default(), row.text("person_id").unwrap_or_default());
    let person = RecordType::from_name(&kind).and_then(|kind| lake.context.people.records.number(kind, &id));
    let (Some(person), Some(rank)) = (person, row.number("rank")) else { return Ok(false) };
    let known: Vec<Connection> = lake.connections()?.iter().filter(|one| one.record == person).copied().collect();
    let (suggested, _) = strongest(&known, lake.context, &lake.colleagues)?;
    let Some(one) = suggested.get((rank as usize).wrapping_sub(1)) else { return Ok(false) };
    match story.column.as_str() {
        "systemuser_id" => {
            list(lake, known, &suggested, story)?;
            let told = format!(
                "of {} with a connection to the person those who can be asked, by strength, then the later last interaction, then more \
                 interactions, then drawn by both ids: number {rank} has strength {}",
                several(story.from_tables.len(), "colleague"),
                one.strength
            );
            story.recomputed(LakeOfDay::published(lake.user_id(one.user)), told);
            Ok(true)
        }
        "colleague_address" => address(lake, one.user, story),
        "introduction_request" => request(lake, one, story),
        _ => Ok(false),
    }
}

/// Everybody who knows the person, in the order in which they are suggested, and why the others are not.
fn list(
    lake: &LakeOfDay<'_>,
    mut known: Vec<Connection>,
    suggested: &[Connection],
    story: &mut ColumnStory,
) -> Result<()> {
    let can_be_asked = booleans(&lake.colleagues, CAN_BE_ASKED)?;
    let all = suggests_all(lake.context.settings);
    let place = |one: &Connection| suggested.iter().position(|other| other.user == one.user).unwrap_or(MOST);
    known.sort_by(|one, other| {
        place(one).cmp(&place(other)).then(other.strength.total_cmp(&one.strength)).then(one.user.cmp(&other.user))
    });
    let row = |one: &Connection| {
        let why_not = match why_no_relation(one).filter(|_| !all) {
            _ if place(one) < MOST => None,
            _ if can_be_asked.get(one.user as usize) != Some(true) => {
                Some("the colleague is disabled, or has no address".to_string())
            }
            Some(why) => Some(why),
            None => Some(format!("{MOST} others come first")),
        };
        let field = |name: &str, value: Value| (name.to_string(), value);
        let values = vec![
            field("strength", one.strength.into()),
            field("last_interaction_at", instant(one.last.at).into()),
            field("interactions", one.interactions.into()),
        ];
        TableRow { why_not, values: Fields(values), ..connection_row(lake, one.user, one.record, one.strength) }
    };
    story.from_tables = known.iter().map(row).collect();
    Ok(())
}

/// The address of a colleague, as the lake has it.
fn address(lake: &LakeOfDay<'_>, user: u32, story: &mut ColumnStory) -> Result<bool> {
    let users = &lake.context.sources.records[contract::SYSTEMUSER.name];
    let Some(at) = texts(users, "systemuserid")?.iter().position(|id| id == Some(lake.user_id(user))) else {
        return Ok(false);
    };
    let (own, principal) = (texts(users, ADDRESS_TEXT)?.get(at), texts(users, PRINCIPAL_TEXT)?.get(at));
    let address = own.or(principal).filter(|address| address.contains('@'));
    let [own, principal] = [own, principal].map(|address| address.unwrap_or("unknown"));
    let told =
        format!("in the lake internalemailaddress is {own}, and domainname, which stands in for it, {principal}");
    story.recomputed(address.map_or(Value::Null, Value::from), told);
    Ok(true)
}

/// The template, filled in.
fn request(lake: &LakeOfDay<'_>, one: &Connection, story: &mut ColumnStory) -> Result<bool> {
    let occasion = occasions(lake.context, &lake.colleagues)?;
    // A request that named somebody forgotten is gone for good.
    let Some(occasion) = occasion(one).filter(|_| !story.value.is_null()) else { return Ok(false) };
    let introductions = &lake.context.settings.introductions;
    let template = &introductions.templates[introductions.language as usize];
    let stands_in = |name: &&str| template.contains(&format!("{{{name}}}"));
    let names = PLACEHOLDERS.iter().map(|(name, _)| *name).filter(stands_in);
    let filled: Vec<String> =
        names.map(|name| format!("{{{name}}} is {:?}", introductions.value(name, &occasion))).collect();
    story.formula = Some(format!("the template {template:?}"));
    story.recomputed(introductions.request(&occasion).into(), filled.join(", "));
    Ok(true)
}
