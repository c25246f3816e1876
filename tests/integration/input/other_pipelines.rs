//! The same facts as other pipelines and people leave them: placeholders, words of data frames, ids of staging tables,
//! names of types, rows that a copy brought twice.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use polars::prelude::*;
use serde_json::{Value, json};

use crate::support::small_lake::*;

/// What is published of a lake whose table was changed, against what is published of the unchanged one.
#[track_caller]
fn same(table: &str, change: impl FnOnce(DataFrame) -> DataFrame, form: &str) {
    static UNCHANGED: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| erasing_carl().published(&[]));
    let changed = erasing_carl();
    changed.change(table, change);
    assert!(changed.published(&[]) == *UNCHANGED, "{table}: {form}");
}

/// A lake in which one contact of several is erased.
fn erasing_carl() -> SmallLake {
    let lake = SmallLake::new();
    let texts = |name: &str, text: &str| Column::new(name.into(), [text]);
    let rows = DataFrame::new(1, vec![texts("kind", "address"), texts("principal", "carl@kund.example")]);
    lake.change("erasures", |_| rows.unwrap());
    lake
}

fn with(mut frame: DataFrame, name: &str, column: Column) -> DataFrame {
    frame.with_column(column.with_name(name.into())).unwrap();
    frame
}

fn all(frame: &DataFrame, text: &str) -> Column {
    Column::new(PlSmallStr::EMPTY, vec![text; frame.height()])
}

#[test]
fn a_placeholder_is_nobody_and_makes_nobody_one_with_others() {
    for text in ["?", "0", "no email", "<NA>"] {
        same("contact", |frame| with(frame.clone(), "emailaddress2", all(&frame, text)), text);
        same("lead", |frame| with(frame.clone(), "emailaddress3", all(&frame, text)), text);
    }
}

#[test]
fn words_of_data_frames_are_no_ids() {
    for word in ["<NA>", "NaT"] {
        same("opportunity", |frame| with(frame.clone(), "parentaccountid", all(&frame, word)), word);
        same("account", |frame| with(frame.clone(), "masterid", all(&frame, word)), word);
        let answers = |frame: DataFrame| {
            let parents = frame.column("inreplyto").unwrap().str().unwrap().iter();
            let parents: StringChunked = parents.map(|id| id.or(Some(word))).collect();
            with(frame.clone(), "inreplyto", parents.into_column())
        };
        same("email", answers, word);
    }
}

#[test]
fn an_id_of_a_staging_table_tells_no_versions() {
    for table in ["account", "contact", "lead", "opportunity", "email", "appointment", "phonecall", "systemuser"] {
        let numbers = |frame: &DataFrame| (1..=frame.height() as i64).collect::<Vec<_>>();
        same(table, |frame| with(frame.clone(), "Id", Column::new("".into(), numbers(&frame))), "numbers of rows");
        same(table, |frame| with(frame.clone(), "Id", all(&frame, "batch 7")), "one for all");
    }
}

#[test]
fn a_type_is_known_by_its_number_its_set_and_the_name_of_the_web() {
    for form in ["accounts", "Account", "1", "1.0", "#Microsoft.Dynamics.CRM.account", ""] {
        let column = |frame: &DataFrame| all(frame, form);
        same("contact", |frame| with(frame.clone(), "parentcustomerid_entitytype", column(&frame)), form);
        same("opportunity", |frame| with(frame.clone(), "customerid_entitytype", column(&frame)), form);
    }
    same("opportunity", |frame| frame.drop("customerid_entitytype").unwrap(), "no column");
}

#[test]
fn a_call_or_task_that_a_copy_brought_twice_counts_once() {
    for table in ["phonecall", "task"] {
        let lake = SmallLake::new();
        lake.change(table, |frame| frame.drop("versionnumber").unwrap());
        let once = lake.published(&[]);
        lake.change(table, |frame| frame.vstack(&frame).unwrap());
        assert!(lake.published(&[]) == once, "{table}");
    }
}

#[test]
fn lookups_are_read_by_the_names_of_the_web() {
    let named = |mut frame: DataFrame| {
        for name in frame.get_column_names_owned() {
            let lookup = name.strip_suffix("_entitytype").unwrap_or(&name);
            let note = if lookup == name.as_str() { "" } else { "@Microsoft.Dynamics.CRM.lookuplogicalname" };
            let is_lookup =
                ["parentcustomerid", "customerid", "parentcontactid", "ownerid", "regardingobjectid", "partyid"];
            if is_lookup.contains(&lookup) {
                frame.rename(&name, format!("_{lookup}_value{note}").into()).unwrap();
            }
        }
        frame
    };
    for table in ["account", "contact", "lead", "opportunity", "email", "appointment", "phonecall", "activityparty"] {
        same(table, named, "all lookups");
    }
    // One file of two, and a column of that name beside the lookup itself.
    let lake = erasing_carl();
    let clean = lake.published(&[]);
    let contacts = lake.read("contact");
    lake.write("contact", "part-0.parquet", &contacts.head(Some(1)));
    lake.write("contact", "part-1.parquet", &named(contacts.slice(1, 9)));
    assert!(lake.published(&[]) == clean, "one file of two");
    same("contact", |frame| with(frame.clone(), "_ownerid_value", all(&frame, "nobody")), "both");
}

#[test]
fn lookups_in_csv_are_read_by_the_names_of_the_web() {
    let lake = erasing_carl();
    let clean = lake.published(&[]);
    let contacts = lake.read("contact");
    let mut named = contacts.clone();
    for lookup in ["parentcustomerid", "ownerid"] {
        named.rename(lookup, format!("_{lookup}_value").into()).unwrap();
    }
    lake.remove("contact");
    lake.write_text("contact", "all.csv", &as_csv(&named));
    assert!(lake.published(&[]) == clean, "CSV");
    // What stands under the table's own name counts, in any order.
    let mut both = contacts.clone();
    for (at, lookup) in ["parentcustomerid", "ownerid"].into_iter().enumerate() {
        let nobody = all(&both, "a0000000-0000-4000-8000-999999999999").with_name(format!("_{lookup}_value").into());
        both.insert_column(if at == 0 { 0 } else { both.width() }, nobody).unwrap();
    }
    lake.remove("contact");
    lake.write_text("contact", "all.csv", &as_csv(&both));
    assert!(lake.published(&[]) == clean, "CSV with both");
}

#[test]
fn a_reference_to_a_record_is_the_id_in_it() {
    type Form = fn(&str) -> String;
    let forms: [Form; 5] = [
        |id| format!(r#"{{"id":"{id}","logicalName":"contact","name":"Åsa \"the first\", {{one}}"}}"#),
        |id| format!(r#"{{"Id": "{{{}}}", "KeyAttributes": [], "LogicalName": "account"}}"#, id.to_uppercase()),
        |id| format!("contact,{id}"),
        |id| format!("new_thing:{{{id}}}"),
        |id| format!("https://org.crm4.dynamics.com/api/data/v9.2/contacts({id})"),
    ];
    for (table, lookup) in [
        ("contact", "parentcustomerid"),
        ("contact", "ownerid"),
        ("account", "primarycontactid"),
        ("opportunity", "customerid"),
        ("email", "regardingobjectid"),
        ("activityparty", "partyid"),
    ] {
        for form in forms {
            let change = |frame: DataFrame| {
                let ids = frame.column(lookup).unwrap().str().unwrap();
                let ids: StringChunked = ids.iter().map(|id| id.map(form)).collect();
                with(frame.clone(), lookup, ids.into_column())
            };
            same(table, change, &form("…"));
        }
    }
}

#[test]
fn rows_that_a_pipeline_marks_as_deleted_are_gone() {
    let lake = SmallLake::new();
    lake.change("contact", |frame| frame.drop("versionnumber").unwrap().drop("IsDelete").unwrap());
    let contacts = lake.read("contact");
    lake.write("contact", "part-0.parquet", &contacts.slice(1, contacts.height() - 1));
    let without = lake.published(&[]);
    lake.change("contact", |_| contacts.clone());
    assert!(lake.published(&[]) != without, "the first contact makes no difference");
    let first: Vec<bool> = (0..contacts.height()).map(|row| row == 0).collect();
    for name in ["_fivetran_deleted", "isdeleted", "is_deleted", "__deleted"] {
        let marked = with(contacts.clone(), name, Column::new("".into(), first.clone()));
        let texts = marked.column(name).unwrap().cast(&DataType::String).unwrap();
        lake.remove("contact");
        lake.write("contact", "all.parquet", &marked);
        assert!(lake.published(&[]) == without, "Parquet: {name}");
        lake.write("contact", "all.parquet", &with(contacts.clone(), name, texts));
        assert!(lake.published(&[]) == without, "Parquet, as texts: {name}");
        lake.remove("contact");
        lake.write_text("contact", "all.csv", &as_csv(&marked));
        assert!(lake.published(&[]) == without, "CSV: {name}");
    }
}

/// What is published where the messages of Exchange are changed, as JSON lines and as Parquet.
fn with_messages(change: impl Fn(usize, &mut Value)) -> BTreeMap<String, Vec<u8>> {
    let lake = SmallLake::new();
    let mut messages = exchange("messages");
    messages.iter_mut().enumerate().for_each(|(at, message)| change(at, message));
    lake.remove("messages");
    lake.write_text("messages", "part-0.json", &lines(&messages));
    let published = lake.published(&[]);
    lake.remove("messages");
    lake.write("messages", "part-0.parquet", &lines_as_frame(&messages));
    assert!(lake.published(&[]) == published, "Parquet is read in another way");
    published
}

#[test]
fn meeting_messages_are_known_by_what_graph_calls_their_type() {
    let typed = |name: &'static str| {
        with_messages(move |at, message| {
            let kind = if at == 0 { "#microsoft.graph.eventMessageRequest" } else { "#microsoft.graph.message" };
            message[name] = json!(kind);
        })
    };
    let expected = typed("ODataType");
    assert!(expected != with_messages(|_, _| ()), "a meeting message makes no difference");
    for name in ["@odata.type", "odata.type", "odata_type", "_odata_type"] {
        assert!(typed(name) == expected, "{name}");
    }
    // By their number, too.
    for (number, word) in [("0", "none"), ("1", "meetingRequest")] {
        let said = |said: &'static str| with_messages(move |_, message| message["meetingMessageType"] = json!(said));
        assert!(said(number) == said(word), "{number}");
    }
}

#[test]
fn names_of_exchange_may_have_their_words_apart() {
    let apart = |name: &str| {
        let words = name.chars().map(|letter| match letter.is_ascii_uppercase() {
            true => format!("_{}", letter.to_ascii_lowercase()),
            false => letter.to_string(),
        });
        words.collect::<String>()
    };
    let change = |_: usize, message: &mut Value| {
        let fields = message.as_object().unwrap().clone();
        *message = fields.into_iter().map(|(name, value)| (apart(&name), value)).collect();
    };
    assert!(with_messages(change) == with_messages(|_, _| ()));
}

#[test]
fn a_column_that_is_missing_is_looked_for_under_a_like_name() {
    for (name, told) in
        [("contact_contactid", "Rename contact_contactid if that is it"), ("contactids", "Rename contactids")]
    {
        let lake = SmallLake::new();
        lake.change("contact", |mut frame| frame.rename("contactid", name.into()).unwrap().clone());
        lake.refused(3, &["table contact: column contactid", "the column is missing in every file", told]);
    }
    let lake = SmallLake::new();
    lake.change("contact", |mut frame| frame.rename("contactid", "number".into()).unwrap().clone());
    lake.refused(3, &["the column is missing in every file. Add it to the export"]);
}

#[test]
fn a_last_line_that_is_no_row_is_told_by_the_header() {
    let lake = SmallLake::new();
    let text = as_csv(&lake.read("contact")) + "(3 rows affected)\n";
    lake.remove("contact");
    lake.write_text("contact", "all.csv", &text);
    let told =
        "row 4 has 1 columns of the 12 that its header names. Copy or export the file again, with nothing but its rows";
    lake.refused(3, &[told]);
}

#[test]
fn messages_without_an_id_are_not_one() {
    let ids = |id: &'static str| with_messages(move |_, message| message["internetMessageId"] = json!(id));
    let none = ids("");
    for id in ["<NA>", "-", "0", "<>", "00000000-0000-0000-0000-000000000000", "None"] {
        assert!(ids(id) == none, "{id}");
    }
}

/// The rows as CSV with a header, nothing quoted but what has to be.
fn as_csv(frame: &DataFrame) -> String {
    let texts = |column: &Column| column.cast(&DataType::String).unwrap();
    let columns: Vec<Column> = frame.columns().iter().map(texts).collect();
    let header = frame.get_column_names().iter().map(|name| name.to_string()).collect::<Vec<_>>().join(",");
    let field = |text: Option<&str>| text.map_or(String::new(), |text| format!("\"{}\"", text.replace('"', "\"\"")));
    let row =
        |at: usize| columns.iter().map(|column| field(column.str().unwrap().get(at))).collect::<Vec<_>>().join(",");
    let rows = (0..frame.height()).map(row);
    std::iter::once(header).chain(rows).map(|line| line + "\n").collect()
}
