//! Nested columns of Exchange out of JSON: of lines, and of texts as which copy pipelines leave them (rule I7).
//!
//! Of each struct only the fields are kept that kernels read, found whatever their letter case.

mod builder;
mod elements;
mod form;
mod leaf;
mod plain_people;

use std::borrow::Cow;

use polars::prelude::*;

use crate::sources::contract::ValueKind;
use crate::sources::values::misfits::Misfits;
pub use builder::Builder;
use elements::of_text;
pub use elements::{Elements, ElementsSeed};
pub use form::KeptFields;
use leaf::Misfit;

/// The type in which a nested column of JSON is read.
pub fn column(name: &str, kind: ValueKind) -> DataType {
    KeptFields::of(name, kind).dtype()
}

/// A column of texts that are JSON, as its form says. Blank texts are null, and so is what is no such JSON,
/// which is counted.
pub fn of_texts(column: Expr, kind: ValueKind, misfits: &Misfits) -> Expr {
    let misfits = misfits.clone();
    column.map(
        move |c| {
            let form = KeptFields::of(c.name(), kind);
            let (mut builder, mut strange) = (Builder::new(form), 0);
            for text in c.str()?.iter() {
                builder.push(text.map_or(Ok(None), |text| of_text(text, form)).unwrap_or_else(|Misfit| {
                    strange += 1;
                    None
                }));
            }
            misfits.count(c.name(), strange);
            Ok(builder.finish(c.name())?.into_column())
        },
        move |_, field| Ok(Field::new(field.name().clone(), KeptFields::of(field.name(), kind).dtype())),
    )
}

fn as_json(text: Option<&str>) -> Cow<'_, str> {
    match text.map(str::trim_start) {
        Some(text) if text.starts_with(['{', '"']) => Cow::Borrowed(text),
        Some(text) => Cow::Owned(serde_json::Value::from(text).to_string()),
        None => Cow::Borrowed("null"),
    }
}

/// Lists of texts as one text each, a list in JSON. Where all lists of a column are empty, a pipeline that derives
/// types from values takes them for lists of texts; of others the texts are objects in JSON, or addresses.
pub fn as_json_lists(column: Expr) -> Expr {
    column.map(
        |c| {
            let joined = c.list()?.amortized_iter().map(|list| {
                let Some(list) = list else { return Ok(None) };
                let texts: Vec<Cow<'_, str>> = list.as_ref().str()?.iter().map(as_json).collect();
                Ok(Some(format!("[{}]", texts.join(","))))
            });
            let joined: StringChunked = joined.collect::<PolarsResult<_>>()?;
            Ok(joined.with_name(c.name().clone()).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::String)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(column: &str, kind: ValueKind, text: &str) -> Option<Vec<String>> {
        let found = of_text(text, KeptFields::of(column, kind)).expect("of the form");
        found.map(|found| found.texts.iter().map(|text| text.as_deref().unwrap_or("-").to_string()).collect())
    }

    #[test]
    fn people_are_read_in_every_spelling() {
        let anna = Some(vec!["Anna".to_string(), "a@x.example".to_string()]);
        let plain = r#"{"emailAddress":{"name":"Anna","address":"a@x.example"}}"#;
        let wrapped = serde_json::to_string(plain).expect("JSON");
        let inner = r#"{"@odata.type":"#.to_string()
            + r##""#x","EmailAddress":"{\"Address\":\"a@x.example\",\"NAME\":\"Anna\"}"}"##;
        for text in [
            plain,
            &wrapped,
            &inner,
            r#" {"EmailAddress":{"Address":"a@x.example","Name":"Anna","more":[[{}]]},"x":null} "#,
            r#"[{"emailAddress":{"name":"Anna","address":"a@x.example"}}]"#,
        ] {
            assert_eq!(texts("from", ValueKind::Struct, text), anna, "{text}");
            assert_eq!(texts("toRecipients", ValueKind::Structs, text), anna, "{text}");
        }
        // Pipelines leave out the struct around both, or put words apart.
        for text in [
            r#"{"address":"a@x.example","name":"Anna","@odata.type":"x"}"#,
            r#"{"email_address":{"name":"Anna","address":"a@x.example"}}"#,
        ] {
            assert_eq!(texts("from", ValueKind::Struct, text), anna, "{text}");
        }
        for nobody in ["", " ", "null", "\"\"", "\"null\""] {
            assert_eq!(texts("from", ValueKind::Struct, nobody), None, "{nobody}");
            assert_eq!(texts("toRecipients", ValueKind::Structs, nobody), None, "{nobody}");
        }
        // Or leave the address alone.
        let address = Some(vec!["-".to_string(), "a@x.example".to_string()]);
        for text in ["a@x.example", "\"a@x.example\"", "[\"a@x.example\"]"] {
            assert_eq!(texts("from", ValueKind::Struct, text), address, "{text}");
            assert_eq!(texts("toRecipients", ValueKind::Structs, text), address, "{text}");
        }
        assert!(of_text("a@x.example", KeptFields::of("attendees", ValueKind::Structs)).is_err());
        assert_eq!(texts("toRecipients", ValueKind::Structs, "[]"), Some(Vec::new()));
        assert_eq!(texts("from", ValueKind::Struct, "[]"), None);
    }

    #[test]
    fn answers_stand_beside_the_address_where_the_struct_around_them_is_gone() {
        let whole =
            r#"[{"emailAddress":{"address":"a@x.example"},"status":{"response":"declined"},"type":"required"}]"#;
        let expected = texts("attendees", ValueKind::Structs, whole);
        assert!(expected.as_ref().is_some_and(|found| found.contains(&"declined".to_string())));
        for text in [
            r#"[{"emailAddress":{"address":"a@x.example"},"response":"declined","type":"required"}]"#,
            r#"[{"address":"a@x.example","type":"required","Response":"declined"}]"#,
        ] {
            assert_eq!(texts("attendees", ValueKind::Structs, text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_such_json_is_a_misfit() {
        let two = r#"[{"emailAddress":{}},{"emailAddress":{}}]"#;
        let address = r#"{"emailAddress":{"address":["a@x.example"]}}"#;
        let deep = "[".repeat(5_000);
        for text in [
            "Anna",
            "{",
            "1",
            "true",
            "[1]",
            two,
            address,
            r#"{"emailAddress":"a@x.example"}"#,
            r#"{"mail":"a"}"#,
            &deep,
        ] {
            assert!(of_text(text, KeptFields::of("from", ValueKind::Struct)).is_err(), "{text}");
        }
    }

    #[test]
    fn columns_have_the_type_they_are_said_to_have() {
        for (name, kind) in [
            ("from", ValueKind::Struct),
            ("start", ValueKind::Struct),
            ("rowinformation", ValueKind::Struct),
            ("attendees", ValueKind::Structs),
            ("internetMessageHeaders", ValueKind::Structs),
        ] {
            let mut builder = Builder::new(KeptFields::of(name, kind));
            builder.push(None);
            builder.push(of_text("{}", KeptFields::of(name, kind)).expect("an object"));
            let series = builder.finish(name).expect("a column");
            assert_eq!((series.dtype(), series.len()), (&column(name, kind), 2), "{name}");
            assert!(crate::sources::values::nested::fits(series.dtype()), "{name}");
        }
    }
}
