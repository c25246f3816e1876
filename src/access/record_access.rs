//! The table `record_access`: which records each colleague may read (rule C7).

use std::collections::HashMap;
use std::sync::Arc;

use polars::prelude::*;

use super::readers::{AccessWay, Readable, Readers};
use crate::error::{Error, Result};
use crate::frames::typed_columns::texts;
use crate::interactions::Context;
use crate::interactions::columns::RECORD;
use crate::interactions::tables::{Dictionaries, type_place};
use crate::sources::{ADDRESS_TEXT, PRINCIPAL_TEXT, contract};
use crate::table::ColumnType::{Boolean, Text};
use crate::table::{Column as Declared, Rows, Table, Texts, conform_places};

/// By what reports know who looks at them.
const SIGN_IN: &str = "user_principal_name";

/// The columns of the ways to a record.
const WAYS: [(&str, AccessWay, &str); 5] = [
    ("is_owner", AccessWay::Owner, "Whether the colleague owns the record."),
    ("is_in_owning_team", AccessWay::Team, "Whether a team of the colleague's owns it."),
    ("is_shared", AccessWay::Shared, "Whether it is shared with the colleague, or with a team of theirs, to be read."),
    ("is_on_sales_team", AccessWay::SalesTeam, "Whether the colleague, or a team of theirs, is on its sales team."),
    (
        "is_above_owner",
        AccessWay::Manager,
        "Whether the colleague is a manager above its owner, or above a member of the team that owns it.",
    ),
];

/// Rows of the table, at least about so many at a time. Colleagues who are disabled may read nothing.
pub fn record_access<'a>(
    context: &'a Context<'_>,
    lists: &'a Dictionaries,
    readers: &'a Readers,
    chunk: usize,
) -> Result<impl Iterator<Item = Result<Rows>> + Send + 'a> {
    let known = Colleagues::of(context)?;
    let mut users = known.able.clone().into_iter();
    let mut begun = false;
    Ok(std::iter::from_fn(move || {
        let mut rows: Vec<(u32, Readable)> = Vec::new();
        let mut ended = true;
        for user in users.by_ref() {
            rows.extend(readers.readable(user).into_iter().map(|one| (user, one)));
            if rows.len() >= chunk {
                ended = false;
                break;
            }
        }
        // A table without rows is one empty chunk.
        if ended && rows.is_empty() && begun {
            return None;
        }
        begun = true;
        Some(publishable(context, lists, &known, &rows))
    }))
}

fn publishable(context: &Context, lists: &Dictionaries, known: &Colleagues, rows: &[(u32, Readable)]) -> Result<Rows> {
    let doing = || Error::engine("table record_access");
    let mut columns = vec![
        Column::new("systemuser_id".into(), rows.iter().map(|(user, _)| *user).collect::<Vec<_>>()),
        Column::new(RECORD.into(), rows.iter().map(|(_, one)| one.record).collect::<Vec<_>>()),
        Column::new(SIGN_IN.into(), rows.iter().map(|(user, _)| known.sign_ins[*user as usize]).collect::<Vec<_>>()),
    ];
    columns.extend(
        WAYS.map(|(name, way, _)| {
            Column::new(name.into(), rows.iter().map(|(_, one)| one.by(way)).collect::<Vec<_>>())
        }),
    );
    let frame = DataFrame::new(rows.len(), columns).map_err(doing())?;
    let frame = frame
        .lazy()
        .with_columns([type_place(context, col(RECORD)).alias("record_type"), col(RECORD).alias("record_id")]);
    let mut texts = vec![("systemuser_id", known.ids.clone()), (SIGN_IN, known.addresses.clone())];
    texts.extend(lists.of_records());
    let frame = conform_places(frame, &table(), &texts).collect().map_err(doing())?;
    Ok(Rows { frame, texts })
}

/// Colleagues as the table names them.
struct Colleagues {
    /// Those who are neither erased nor disabled, in order.
    able: Vec<u32>,
    /// Ids by number.
    ids: Arc<Texts>,
    /// By what they sign in, each once.
    addresses: Arc<Texts>,
    /// Place among these, by number.
    sign_ins: Vec<Option<u32>>,
}

impl Colleagues {
    fn of(context: &Context) -> Result<Colleagues> {
        let directory = &context.people.directory;
        let mut ids: Vec<&str> = vec![""; directory.colleague_numbers.len()];
        for (id, &number) in &directory.colleague_numbers {
            ids[number as usize] = id;
        }
        let users = &context.sources.records[contract::SYSTEMUSER.name];
        let (principals, addresses) = (texts(users, PRINCIPAL_TEXT)?, texts(users, ADDRESS_TEXT)?);
        let mut places: HashMap<&str, u32> = HashMap::new();
        let mut listed: Vec<&str> = Vec::new();
        let mut sign_ins = vec![None; ids.len()];
        for (id, row) in texts(users, "systemuserid")?.iter().zip(0..) {
            let Some(&number) = id.and_then(|id| directory.colleague_numbers.get(id)) else { continue };
            let text = [principals.get(row), addresses.get(row)].into_iter().flatten().find(|text| text.contains('@'));
            sign_ins[number as usize] = text.map(|text| {
                *places.entry(text).or_insert_with(|| {
                    listed.push(text);
                    listed.len() as u32 - 1
                })
            });
        }
        let numbers = directory.colleagues.column("user").and_then(|numbers| numbers.u32());
        let numbers = numbers.map_err(Error::engine("table record_access"))?;
        let is_able = |number: &u32| directory.disabled.get(*number as usize) != Some(&true);
        let mut able: Vec<u32> = numbers.iter().flatten().filter(is_able).collect();
        able.sort_unstable();
        Ok(Colleagues { able, ids: Texts::known(&ids), addresses: Texts::known(&listed), sign_ins })
    }
}

/// The table `record_access`.
pub fn table() -> Table {
    let text =
        |name, description, empty, rule, example| Declared::new(name, Text, "", description, empty, rule, example);
    let mut columns = vec![
        text("systemuser_id", "The colleague.", "never", "P2, C7", "a0000001-0000-4000-8000-000000000000"),
        text("record_type", "account, contact, lead, opportunity.", "never", "T3", "opportunity"),
        text("record_id", "A record that they may read.", "never", "T3, C7", "d0000001-0000-4000-8000-000000000000"),
        text(
            SIGN_IN,
            "By what the colleague signs in: domainname, else internalemailaddress, in lower case. In Power BI, a role \
             with the filter user_principal_name = USERPRINCIPALNAME() shows everybody their own records.",
            "null when neither is an address",
            "C7",
            "anna@nordwind.example",
        ),
    ];
    columns.extend(WAYS.map(|(name, _, description)| {
        Declared::new(name, Boolean, "", description, "never", "C7", if name == "is_owner" { "true" } else { "false" })
    }));
    Table {
        defined_in: file!(),
        name: "record_access",
        version: 1,
        grain: "colleague who may sign in, and record that they may read",
        description: "Who may see what, to filter reports by: the records that are a colleague's own or a team's of theirs, \
                      are shared with them, have them on the sales team, or are owned by people below them. What security \
                      roles allow beyond that is not in it.",
        key: &["systemuser_id", "record_type", "record_id"],
        columns,
    }
}
