//! Reports show what `record_access` allows (rule C7).

use std::collections::BTreeSet;

use polars::prelude::*;

use super::{Report, changed, said, sample, table};

/// Pages of records, as `type id`.
fn pages(report: &Report) -> BTreeSet<String> {
    assert!(report.output.status.success(), "{}", said(&report.output));
    let files = report.files().into_keys().filter(|name| name.contains('/'));
    files.filter_map(|name| Some(name.strip_suffix(".html")?.replace('/', " "))).collect()
}

/// What a colleague may read, as `type id`, and by what they sign in: of somebody who owns some of it and not all.
fn somebody() -> (String, String, BTreeSet<String>, BTreeSet<String>) {
    let access = table("record_access");
    let text = |name: &str| access.column(name).unwrap().str().unwrap().clone();
    let (users, names, types, ids) =
        (text("systemuser_id"), text("user_principal_name"), text("record_type"), text("record_id"));
    let owns = access.column("is_owner").unwrap().bool().unwrap();
    for user in users.unique().unwrap().iter().flatten() {
        let rows: Vec<usize> = (0..access.height()).filter(|&row| users.get(row) == Some(user)).collect();
        let record = |row: &usize| format!("{} {}", types.get(*row).unwrap(), ids.get(*row).unwrap());
        let readable: BTreeSet<String> = rows.iter().map(record).collect();
        let owned: BTreeSet<String> = rows.iter().filter(|row| owns.get(**row) == Some(true)).map(record).collect();
        if owned.len() > 1 && owned.len() < readable.len() {
            return (user.to_string(), names.get(rows[0]).unwrap().to_string(), readable, owned);
        }
    }
    panic!("everybody reads what they own and nothing else");
}

#[test]
fn a_reader_sees_what_they_may_read_and_an_owner_what_is_theirs() {
    let (user, name, readable, owned) = somebody();
    for named in [&user, &name.to_uppercase()] {
        assert_eq!(pages(&Report::of(sample(), &["--reader", named])), readable);
        assert_eq!(pages(&Report::of(sample(), &["--owner", named])), owned);
    }
}

#[test]
fn an_owner_does_not_see_what_the_table_does_not_allow() {
    let (user, _, _, owned) = somebody();
    let hidden = owned.first().unwrap().clone();
    let (kind, id) = hidden.split_once(' ').unwrap();
    let tables = changed(|table, frame| match table {
        "record_access" => {
            let row = col("systemuser_id").eq(lit(user.as_str())).and(col("record_type").eq(lit(kind)));
            frame.lazy().filter(row.and(col("record_id").eq(lit(id))).not()).collect().unwrap()
        }
        _ => frame,
    });
    let report = Report::of(tables.path(), &["--date", super::AS_OF, "--owner", &user]);
    let mut allowed = owned.clone();
    allowed.remove(&hidden);
    assert_eq!(pages(&report), allowed);
    assert!(!report.files().into_values().any(|page| page.contains(&format!("{kind}/{id}.html"))));
}

#[test]
fn readers_whom_nothing_is_known_of_are_refused() {
    let report = Report::of(sample(), &["--reader", "nobody@nordwind.example"]);
    assert_eq!(report.output.status.code(), Some(2));
    assert!(said(&report.output).contains("names no record for that colleague"), "{}", said(&report.output));
    let tables = changed(|table, frame| if table == "record_access" { frame.clear() } else { frame });
    std::fs::remove_dir_all(tables.path().join("record_access")).unwrap();
    let report = Report::of(tables.path(), &["--date", super::AS_OF, "--reader", "anna@nordwind.example"]);
    assert_eq!(report.output.status.code(), Some(2));
    assert!(said(&report.output).contains("--tables record_access"), "{}", said(&report.output));
}
