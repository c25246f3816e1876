//! With far too much in it, a report still has pages that browsers take, and with nothing in it pages that say so.

use polars::prelude::*;

use super::{AS_OF, Report, changed};

/// So many deals, a page of a list and a half.
const DEALS: usize = 1_500;

#[test]
fn lists_of_many_records_go_over_several_pages_and_the_overview_stays_readable() {
    let tables = changed(|name, frame| {
        let id = match name {
            "opportunity_kpis" => "opportunity_id",
            "attention" | "changes" => "record_id",
            _ => return frame,
        };
        let frame = match id {
            "record_id" => frame.lazy().filter(col("record_type").eq(lit("opportunity"))).collect().unwrap(),
            _ => frame.lazy().filter(col("health_state").neq(lit("not_applicable"))).collect().unwrap(),
        };
        // The same rows again and again, each time of another deal.
        let copies: Vec<LazyFrame> = (0..DEALS / 30)
            .map(|copy| {
                let ids = concat_str([lit(format!("{copy:04}-")), col(id)], "", true).alias(id);
                frame.clone().head(Some(30)).lazy().with_column(ids)
            })
            .collect();
        concat(copies, UnionArgs::default()).unwrap().collect().unwrap()
    });
    let report = Report::of(tables.path(), &["--date", AS_OF]);
    assert!(report.output.status.success(), "{}", String::from_utf8_lossy(&report.output.stderr));
    let files = report.files();
    let rows = |name: &str| files[name].matches("<tr data-key=\"opportunity ").count();
    assert_eq!((rows("opportunities.html"), rows("opportunities-2.html")), (1_000, 500));
    assert!(files["opportunities.html"].contains("<a href=\"opportunities-2.html\">2</a>"));
    assert!(files["opportunities-2.html"].contains("Page 2 of 2"));
    let index = &files["index.html"];
    assert!(index.len() < 700_000, "{}", index.len());
    // Drawn for a desk and for a phone, beside the circles of the legend.
    let circles = |part: &str| part.matches("<circle class=\"bubble").count();
    let (desk, phone) = index.split_once("class=\"chart bubbles on-phone").unwrap();
    let drawn = circles(desk);
    assert!(drawn == 300 && (300..=305).contains(&circles(phone)), "{drawn} {}", circles(phone));
    assert!(index.contains("The 300 of highest value are drawn."));
    for (name, text) in &files {
        assert!(text.len() < 2_500_000, "{name}: {}", text.len());
    }
}

#[test]
fn a_report_of_nothing_says_so() {
    let tables = changed(|_, frame| frame.head(Some(0)));
    let report = Report::of(tables.path(), &["--date", AS_OF]);
    assert!(report.output.status.success(), "{}", String::from_utf8_lossy(&report.output.stderr));
    let files = report.files();
    for told in [
        "Nothing needs attention.",
        "Nothing has changed.",
        "There is no open opportunity.",
        "hold no account, contact, lead or opportunity",
        "0 people are in no record",
    ] {
        assert!(files["index.html"].contains(told), "{told}");
    }
    let index = &files["index.html"];
    assert!(!index.contains("All sources were there") && !index.contains("0 of 0"));
    let (banner, cards) = index.split_once("<h1>").unwrap();
    let told = "hold no account, contact, lead or opportunity";
    assert!(banner.contains(told) && !cards.contains(told), "it is said once, before anything else");
    assert!(!files["coverage.html"].contains("<details"), "there are no numbers to explain");
    for list in ["accounts.html", "contacts.html", "leads.html", "opportunities.html"] {
        assert!(files[list].contains("There is nothing of this kind") && !files[list].contains("<thead>"), "{list}");
    }
    for told in
        ["Everybody in touch with us is in a record.", "There are no companies.", "There is nothing to hand over."]
    {
        assert!(files["coverage.html"].contains(told), "{told}");
    }
}

#[test]
fn one_of_a_kind_is_spoken_of_as_one() {
    let tables = changed(|name, frame| match name {
        "missing_people" => {
            let people = frame.lazy().filter(col("finding").eq(lit("missing_person")));
            people.limit(1).collect().unwrap()
        }
        _ => frame,
    });
    for (language, told) in [
        ("en", ["1 person is in no record", "0 contacts can no longer be reached"]),
        ("sv", ["1 person saknar post", "0 kontakter går inte längre att nå"]),
        ("fr", ["1 personne sans fiche", "0 contact injoignable"]),
        ("de", ["1 Person ohne Datensatz", "0 nicht mehr erreichbare Kontakte"]),
    ] {
        let report = Report::of(tables.path(), &["--date", AS_OF, "--language", language, "--top", "1"]);
        let files = report.files();
        told.iter().for_each(|told| assert!(files["index.html"].contains(&format!(">{told}<")), "{language}: {told}"));
    }
}
