//! The overview and the pages beside it say what the tables say.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use polars::prelude::*;
use serde_json::Value;

use super::{AS_OF, Report, changed, sample, table};
use crate::support::results::rows;

/// What stands in a widget of a page.
fn card<'a>(page: &'a str, id: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("there is no {id}"));
    rest.split_once("</section>").unwrap().0
}

/// The values of an attribute, in the order of the page.
fn attributes<'a>(markup: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!("{name}=\"");
    markup.split(&start).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0)).collect()
}

fn page(name: &str) -> String {
    Report::of(sample(), &[]).files().remove(name).unwrap()
}

/// Rows of a table by the values of some columns, a space between them.
fn by(name: &str, key: &[&str]) -> BTreeMap<String, BTreeMap<String, Value>> {
    let text = |row: &BTreeMap<String, Value>, column: &str| row[column].as_str().unwrap_or_default().to_string();
    let named =
        |row: BTreeMap<String, Value>| (key.iter().map(|column| text(&row, column)).collect::<Vec<_>>().join(" "), row);
    rows(&table(name)).into_iter().map(|row| named(row.into_iter().collect())).collect()
}

#[test]
fn attention_comes_first_the_most_severe_at_the_top() {
    let index = page("index.html");
    let card = card(&index, "to-do");
    let all = by("attention", &["record_type", "record_id", "reason"]);
    let shown = attributes(card, "data-key");
    assert!(shown.len() >= 12 && shown.iter().all(|key| all.contains_key(*key)), "{shown:?}");
    let severity = |key: &str| all[key]["severity"].as_f64();
    let most = all.values().filter_map(|row| row["severity"].as_f64()).fold(0.0, f64::max);
    assert_eq!(severity(shown[0]), Some(most));
    // All reasons of a record stand together, each record where its most severe reason puts it.
    let record = |key: &str| key.rsplit_once(' ').unwrap().0.to_string();
    let mut records: Vec<String> = shown.iter().map(|key| record(key)).collect();
    records.dedup();
    assert_eq!(records.len(), 12);
    for one in &records {
        let own: BTreeSet<&str> = all.keys().filter(|key| record(key) == *one).map(String::as_str).collect();
        assert_eq!(own, shown.iter().copied().filter(|key| record(key) == *one).collect(), "{one}");
    }
    let worst = |one: &String| {
        let own = all.iter().filter(|(key, _)| record(key) == *one).filter_map(|(_, row)| row["severity"].as_f64());
        own.fold(-1.0, f64::max)
    };
    assert!(records.windows(2).all(|pair| worst(&pair[0]) >= worst(&pair[1])));
    let sentence = all[shown[0]]["sentence"].as_str().unwrap();
    assert!(card.contains(&sentence.replace('\'', "&#39;")), "{sentence}");
}

/// The keys of reasons on a page, in its order.
fn reasons(card: &str) -> Vec<&str> {
    attributes(card, "<li data-key")
}

/// Every record is there once, where its most severe reason puts it, with all its reasons and the codes to choose it by.
#[test]
fn the_page_of_what_needs_attention_has_a_record_once_with_all_its_reasons() {
    let page = page("attention.html");
    let all = by("attention", &["record_type", "record_id", "reason"]);
    let shown = reasons(card(&page, "attention"));
    assert_eq!(shown.iter().copied().collect::<BTreeSet<_>>(), all.keys().map(String::as_str).collect());
    assert_eq!(shown.len(), all.len());
    let (mut records, mut several, mut before) = (BTreeSet::new(), 0, f64::MAX);
    for row in card(&page, "attention").split("<tr data-key=\"").skip(1) {
        let (record, rest) = row.split_once('"').unwrap();
        assert!(records.insert(record), "{record} is there twice");
        let own = reasons(rest);
        let codes: Vec<&str> = own.iter().map(|key| key.rsplit_once(' ').unwrap().1).collect();
        assert_eq!(attributes(rest, "data-state")[0], codes.join(" "));
        let severities: Vec<f64> = own.iter().map(|key| all[*key]["severity"].as_f64().unwrap_or(-1.0)).collect();
        assert!(severities.is_sorted_by(|one, other| one >= other), "{record}: {severities:?}");
        assert!(severities[0] <= before, "{record} stands too low");
        before = severities[0];
        for key in &own {
            assert!(key.starts_with(&format!("{record} ")));
            let sentence = all[*key]["sentence"].as_str().unwrap().replace('\'', "&#39;");
            assert!(rest.contains(&sentence), "{key}: {sentence}");
            // The day that it stands on is in the row, that of the first in a column of its own.
            if let Some(since) = all[*key]["since_at"].as_i64() {
                assert!(rest.contains(&format!("value=\"{since}\" data-of=\"attention.since_at\"")), "{key}");
            }
        }
        several += usize::from(own.len() > 1);
    }
    assert!(several > 10, "{several}");
}

/// 100 % after 100 % would tell a reader nothing: what has come about already is no chance.
#[test]
fn an_answer_that_is_late_already_reads_so_and_not_as_a_chance() {
    let page = page("attention.html");
    let all = by("attention", &["record_type", "record_id", "reason"]);
    let mut late = 0;
    for row in card(&page, "attention").split("<li data-key=\"").skip(1) {
        let (key, rest) = row.split_once('"').unwrap();
        let severity = rest.split_once("data-of=\"attention.severity\">").unwrap().1.split_once('<').unwrap().0;
        let one = &all[key];
        let is_late = one["reason"].as_str().unwrap().starts_with("awaiting_") && one["is_overdue"] == true;
        assert_eq!(severity == "late", is_late, "{key}: {severity}");
        late += usize::from(is_late);
    }
    assert!(late > 10 && late < all.len(), "{late}");
}

#[test]
fn with_an_owner_attention_is_in_the_order_of_their_own_list() {
    let all = by("attention", &["record_type", "record_id", "reason"]);
    let owner = all.values().find(|row| row["rank"] == 1).unwrap()["owner_id"].as_str().unwrap().to_string();
    let report = Report::of(sample(), &["--owner", &owner]);
    let page = report.files().remove("attention.html").unwrap();
    let shown = reasons(card(&page, "attention"));
    assert!(!shown.is_empty() && shown.iter().all(|key| all[*key]["owner_id"] == owner.as_str()));
    assert_eq!(all[shown[0]]["rank"], 1, "the first row is the first of the list");
}

#[test]
fn what_changed_is_the_table_in_sentences() {
    let page = page("changes.html");
    let shown: BTreeSet<&str> = attributes(card(&page, "changes"), "data-key").into_iter().collect();
    let all = by("changes", &["record_type", "record_id", "change"]);
    assert!(all.len() > 3, "{}", all.len());
    assert_eq!(shown, all.keys().map(String::as_str).collect());
    assert!(page.contains("Since 30\u{a0}Mar 2026"), "the day before");
}

/// As the original documents it: past or missing close dates are not shown, without health a deal stands at the bottom,
/// without value it is tiny.
#[test]
fn the_pipeline_follows_the_documentation_of_the_original() {
    let as_of: NaiveDate = AS_OF.parse().unwrap();
    let open: Vec<String> = {
        let deals = table("opportunity_kpis");
        let [ids, states] =
            ["opportunity_id", "health_state"].map(|name| deals.column(name).unwrap().str().unwrap().clone());
        let open = ids.iter().zip(states.iter()).filter(|(_, state)| *state != Some("not_applicable"));
        open.map(|(id, _)| id.unwrap().to_string()).take(4).collect()
    };
    let tables = changed(|name, frame| {
        if name != "opportunity_kpis" {
            return frame;
        }
        let place = |id: &str| open.iter().position(|other| other == id);
        let ids: Vec<String> =
            frame.column("opportunity_id").unwrap().str().unwrap().iter().map(|id| id.unwrap().to_string()).collect();
        let days = ids.iter().map(|id| match place(id) {
            Some(0) => Some(as_of.pred_opt().unwrap()),
            Some(1 | 2) => as_of.succ_opt(),
            _ => None,
        });
        let days: Vec<Option<i32>> =
            days.map(|day| day.map(|day| (day - NaiveDate::default()).num_days() as i32)).collect();
        let scores: Vec<Option<f64>> = ids.iter().map(|id| (place(id) == Some(1)).then_some(100.0)).collect();
        let values: Vec<Option<f64>> = ids.iter().map(|id| (place(id) == Some(1)).then_some(9.0)).collect();
        let mut frame = frame;
        let days = Series::new("estimated_close_date".into(), days).cast(&DataType::Date).unwrap();
        for column in [days, Series::new("health_score".into(), scores), Series::new("value".into(), values)] {
            frame.with_column(column.into()).unwrap();
        }
        frame
    });
    let report = Report::of(tables.path(), &["--date", AS_OF]);
    let index = report.files().remove("index.html").unwrap();
    let (chart, legend) = card(&index, "pipeline").split_once("<ul class=\"legend\">").unwrap();
    assert!(legend.contains("bubble without") && legend.contains("unknown"));
    let (desk, phone) = chart.split_once("on-phone").unwrap();
    let circles: Vec<&str> = desk.split("<a href=\"").skip(1).collect();
    assert_eq!(circles.len(), 2, "one is past, the others have no date: {chart}");
    assert_eq!(phone.matches("<a href=\"").count(), 2, "a phone shows the same: {chart}");
    let of = |at: usize| *circles.iter().find(|circle| circle.contains(&open[at])).unwrap();
    let number = |at: usize, name: &str| attributes(of(at), name)[0].parse::<f64>().unwrap();
    assert!(number(1, " cy") < number(2, " cy"), "what has no health stands at the bottom");
    assert!(of(2).contains("bubble without dashed") && number(2, " r") < number(1, " r"));
    assert!(chart.contains("Not in the chart: 1 whose close date is past, "));
    assert!(!page("index.html").contains(", 0 without one"), "what there is none of is not told");
}

#[test]
fn a_deal_says_what_it_is_worth_and_until_when_beside_its_name() {
    let deal = page("opportunity/902a07b5-2c88-4e6f-89e6-5855d2141cdc.html");
    let (head, _) = deal.split_once("class=\"cards\"").unwrap();
    for fact in ["<dt>Value</dt><dd><data value=\"91290\"", "<dt>Close date</dt><dd><data value=\"2026-"] {
        assert!(head.contains(fact), "{fact}: {head}");
    }
}

#[test]
fn coverage_tells_of_everybody_whom_the_tables_name() {
    let page = page("coverage.html");
    let missing = by("missing_people", &["finding", "address"]);
    let of = |person: bool| -> BTreeSet<&str> {
        let keys = missing.keys().map(String::as_str);
        keys.filter(|key| key.starts_with("missing_person ") == person).collect()
    };
    let shown = |id: &str| -> BTreeSet<&str> { attributes(card(&page, id), "data-key").into_iter().collect() };
    assert!(!of(true).is_empty());
    assert!(card(&page, "missing-people").contains("@<wbr>"), "addresses break at their signs");
    assert!(card(&page, "account-coverage").contains("<bdi>"), "names turn nothing beside them");
    assert_eq!((shown("missing-people"), shown("lost-contacts")), (of(true), of(false)));
    let accounts = by("account_coverage", &["account_id"]);
    let keys: BTreeSet<String> = accounts.keys().map(|id| format!("account {id}")).collect();
    assert_eq!(shown("account-coverage"), keys.iter().map(String::as_str).collect());
    let handover = by("handover", &["systemuser_id", "record_type", "record_id"]);
    assert_eq!(shown("handover"), handover.keys().map(String::as_str).collect());
    // The overview has the numbers.
    let index = self::page("index.html");
    let one = Value::from(true);
    let on_one =
        accounts.values().filter(|row| row["only_one_colleague"] == one || row["only_one_contact"] == one).count();
    let told = card(&index, "coverage");
    assert!(told.contains(&format!("{on_one} of {} companies rest on one person", accounts.len())), "{told}");
    assert!(told.contains(&format!("{} people are in no record", of(true).len())));
    assert!(told.contains(&format!("{} records to hand over", handover.len())));
}

#[test]
fn with_an_owner_nobody_of_other_owners_companies_is_told_of() {
    let deals = table("account_kpis");
    let owner = deals.column("owner_id").unwrap().str().unwrap().iter().flatten().next().unwrap().to_string();
    let report = Report::of(sample(), &["--owner", &owner]);
    let page = report.files().remove("coverage.html").unwrap();
    let own: BTreeSet<String> = by("account_kpis", &["account_id"])
        .into_iter()
        .filter(|(_, row)| row["owner_id"] == owner.as_str())
        .map(|(id, _)| id)
        .collect();
    let missing = by("missing_people", &["finding", "address"]);
    for key in attributes(card(&page, "missing-people"), "data-key") {
        assert!(own.contains(missing[key]["account_id"].as_str().unwrap()), "{key}");
    }
    let shown = attributes(card(&page, "account-coverage"), "data-key");
    assert!(shown.iter().all(|key| own.contains(key.strip_prefix("account ").unwrap())), "{shown:?}");
    assert!(shown.len() < by("account_coverage", &["account_id"]).len());
}
