//! The sample with names that would do all kinds of things to a page.

use polars::prelude::*;
use tempfile::TempDir;

use super::changed;

/// A name that would do all kinds of things to a page that took it for markup.
pub const HOSTILE: &str = "\"><script>alert(1)</script><img src=x onerror=alert(2)>' onload='x &amp; \u{202e}gnp.exe";

/// The sample's tables with such names.
pub fn hostile_tables() -> TempDir {
    changed(|_, mut frame| {
        for column in [
            "name",
            "colleague_name",
            "won_name",
            "record_name",
            "sentence",
            "main_reason",
            "factor_1",
            "alike",
            "different",
            "owner_id",
            "owner_name",
            "account_name",
            "address",
            "other_address",
            "domain",
            "record_url",
            "subject",
        ] {
            if frame.column(column).is_ok() {
                let values = StringChunked::full(column.into(), HOSTILE, frame.height());
                frame.with_column(values.into_series().into()).unwrap();
            }
        }
        frame
    })
}

/// The sample's tables with names that are long, or of scripts that are wide, high or written from right to left.
pub fn strange_tables() -> TempDir {
    let names = [
        "W".repeat(300),
        "北".repeat(300),
        "ش".repeat(300),
        "i".repeat(300),
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft und Söhne GmbH & Co. KGaA"
            .to_string(),
        "株式会社北風電機製作所大阪支店第二営業部".to_string(),
        "شركة الرياح الشمالية للصناعات الكهربائية المحدودة".to_string(),
        "Z̸̧͇͓a̷͙͝l̵̻̚g̸̟̈́o̵ 👩‍👩‍👧‍👦 \u{200b}".to_string(),
    ];
    changed(|_, mut frame| {
        for column in ["name", "colleague_name", "won_name", "record_name", "owner_name", "account_name"] {
            if frame.column(column).is_ok() {
                let shown = (0..frame.height()).map(|row| Some(names[row % names.len()].as_str()));
                let values: StringChunked = shown.collect();
                frame.with_column(values.with_name(column.into()).into_series().into()).unwrap();
            }
        }
        // A thousand billions of a currency without a rate, for example.
        for column in ["value", "value_at_stake"] {
            if frame.column(column).is_ok() {
                let values = Float64Chunked::full(column.into(), 1e12, frame.height());
                frame.with_column(values.into_series().into()).unwrap();
            }
        }
        frame
    })
}
