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
    assert!(
        index.matches("<circle class=\"bubble").count() <= 305 && index.contains("The 300 of highest value are drawn.")
    );
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
    for told in ["Nothing needs attention.", "Nothing has changed.", "0 people are in no record"] {
        assert!(files["index.html"].contains(told), "{told}");
    }
    for told in
        ["Everybody in touch with us is in a record.", "There are no companies.", "There is nothing to hand over."]
    {
        assert!(files["coverage.html"].contains(told), "{told}");
    }
}
