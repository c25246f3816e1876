//! Nested columns of Exchange out of JSON: of lines, and of texts as which copy pipelines leave them (rule I7).
//!
//! Of each struct only the fields are kept that kernels read, found whatever their letter case.

use std::borrow::Cow;

use polars::prelude::*;
use polars_arrow::array::ListArray;
use polars_arrow::bitmap::Bitmap;
use polars_arrow::offset::OffsetsBuffer;

use crate::sources::contract::Kind;
use crate::sources::files::text::json_elements::{Elements, of_text};
use crate::sources::files::text::json_leaf::Misfit;
use crate::sources::values::misfits::Misfits;

/// Names from a column down to one of its texts.
pub type Path = &'static [&'static str];

/// What is kept of somebody.
pub const PEOPLE: &[Path] = &[&["emailAddress", "name"], &["emailAddress", "address"]];
const ATTENDEES: &[Path] =
    &[&["emailAddress", "name"], &["emailAddress", "address"], &["status", "response"], &["type"]];
const HEADERS: &[Path] = &[&["name"], &["value"]];
const TIMES: &[Path] = &[&["dateTime"], &["timeZone"]];
const REMOVED: &[Path] = &[&["reason"]];
const ROW: &[Path] = &[&["isUserSummaryRow"], &["userReturnedNoData"], &["errorInformation"]];

/// What of a nested column is kept.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    pub leaves: &'static [Path],
    pub is_list: bool,
    /// Whether an object may have other fields alone.
    pub may_say_nothing: bool,
}

impl Form {
    /// By the name of the column.
    pub fn of(column: &str, kind: Kind) -> Form {
        let is = |name: &str| column.eq_ignore_ascii_case(name);
        let leaves = match () {
            () if is("attendees") => ATTENDEES,
            () if is("internetMessageHeaders") => HEADERS,
            () if is("start") || is("end") => TIMES,
            () if is("rowinformation") => ROW,
            () if is("@removed") => REMOVED,
            () => PEOPLE,
        };
        Form { leaves, is_list: kind == Kind::Structs, may_say_nothing: is("rowinformation") || is("@removed") }
    }

    fn dtype(self) -> DataType {
        let mut fields: Vec<Field> = Vec::new();
        for path in self.leaves {
            match *path {
                [group, leaf] => {
                    let leaf = Field::new((*leaf).into(), DataType::String);
                    match fields.iter_mut().find(|field| field.name() == group) {
                        Some(Field { dtype: DataType::Struct(leaves), .. }) => leaves.push(leaf),
                        _ => fields.push(Field::new((*group).into(), DataType::Struct(vec![leaf]))),
                    }
                }
                _ => fields.push(Field::new(path[0].into(), DataType::String)),
            }
        }
        let element = DataType::Struct(fields);
        if self.is_list { DataType::List(Box::new(element)) } else { element }
    }
}

/// The type in which a nested column of JSON is read.
pub fn column(name: &str, kind: Kind) -> DataType {
    Form::of(name, kind).dtype()
}

/// Puts nested values into a column.
pub struct Builder {
    form: Form,
    leaves: Vec<StringChunkedBuilder>,
    offsets: Vec<i64>,
    present: Vec<bool>,
}

impl Builder {
    pub fn new(form: Form) -> Builder {
        let leaf = |path: &Path| StringChunkedBuilder::new(path.last().copied().unwrap_or_default().into(), 0);
        Builder { form, leaves: form.leaves.iter().map(leaf).collect(), offsets: vec![0], present: Vec::new() }
    }

    pub fn push(&mut self, elements: Option<Elements<'_>>) {
        self.present.push(elements.is_some());
        let mut texts = elements.map(|elements| elements.texts).unwrap_or_default();
        if !self.form.is_list {
            // A struct has its fields in every row.
            texts.resize(self.leaves.len(), None);
        }
        let structs = texts.len() / self.leaves.len();
        for (at, text) in texts.iter().enumerate() {
            let leaf = at % self.leaves.len();
            self.leaves[leaf].append_option(text.as_deref());
        }
        self.offsets.push(self.offsets.last().copied().unwrap_or_default() + structs as i64);
    }

    pub fn finish(self, name: &str) -> PolarsResult<Series> {
        let Builder { form, leaves, offsets, present } = self;
        let leaves: Vec<Series> = leaves.into_iter().map(|leaf| leaf.finish().into_series()).collect();
        let length = leaves.first().map_or(0, |leaf| leaf.len());
        let mut fields: Vec<(&str, Vec<Series>)> = Vec::new();
        for (path, leaf) in form.leaves.iter().zip(leaves) {
            match fields.iter_mut().find(|(name, _)| *name == path[0]) {
                Some((_, leaves)) => leaves.push(leaf),
                None => fields.push((path[0], vec![leaf])),
            }
        }
        let grouped = |name: &str| form.leaves.iter().any(|path| path.len() == 2 && path[0] == name);
        let fields = fields.into_iter().map(|(name, mut leaves)| match (grouped(name), leaves.len()) {
            (false, 1) => Ok(leaves.remove(0)),
            _ => Ok(StructChunked::from_series(name.into(), length, leaves.iter())?.into_series()),
        });
        let fields = fields.collect::<PolarsResult<Vec<Series>>>()?;
        let structs = StructChunked::from_series(name.into(), length, fields.iter())?.into_series();
        if !form.is_list {
            return Ok(structs);
        }
        let values = structs.rechunk().chunks()[0].clone();
        let dtype = ListArray::<i64>::default_datatype(values.dtype().clone());
        let present = present.iter().any(|present| !present).then(|| Bitmap::from_iter(present));
        let lists = ListArray::try_new(dtype, OffsetsBuffer::try_from(offsets)?, values, present)?;
        Ok(ListChunked::with_chunk(name.into(), lists).into_series())
    }
}

/// A column of texts that are JSON, as its form says. Blank texts are null, and so is what is no such JSON,
/// which is counted.
pub fn of_texts(column: Expr, kind: Kind, misfits: &Misfits) -> Expr {
    let misfits = misfits.clone();
    column.map(
        move |c| {
            let form = Form::of(c.name(), kind);
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
        move |_, field| Ok(Field::new(field.name().clone(), Form::of(field.name(), kind).dtype())),
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

    fn texts(column: &str, kind: Kind, text: &str) -> Option<Vec<String>> {
        let found = of_text(text, Form::of(column, kind)).expect("of the form");
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
            assert_eq!(texts("from", Kind::Struct, text), anna, "{text}");
            assert_eq!(texts("toRecipients", Kind::Structs, text), anna, "{text}");
        }
        // Pipelines leave out the struct around both, or put words apart.
        for text in [
            r#"{"address":"a@x.example","name":"Anna","@odata.type":"x"}"#,
            r#"{"email_address":{"name":"Anna","address":"a@x.example"}}"#,
        ] {
            assert_eq!(texts("from", Kind::Struct, text), anna, "{text}");
        }
        for nobody in ["", " ", "null", "\"\"", "\"null\""] {
            assert_eq!(texts("from", Kind::Struct, nobody), None, "{nobody}");
            assert_eq!(texts("toRecipients", Kind::Structs, nobody), None, "{nobody}");
        }
        // Or leave the address alone.
        let address = Some(vec!["-".to_string(), "a@x.example".to_string()]);
        for text in ["a@x.example", "\"a@x.example\"", "[\"a@x.example\"]"] {
            assert_eq!(texts("from", Kind::Struct, text), address, "{text}");
            assert_eq!(texts("toRecipients", Kind::Structs, text), address, "{text}");
        }
        assert!(of_text("a@x.example", Form::of("attendees", Kind::Structs)).is_err());
        assert_eq!(texts("toRecipients", Kind::Structs, "[]"), Some(Vec::new()));
        assert_eq!(texts("from", Kind::Struct, "[]"), None);
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
            assert!(of_text(text, Form::of("from", Kind::Struct)).is_err(), "{text}");
        }
    }

    #[test]
    fn columns_have_the_type_they_are_said_to_have() {
        for (name, kind) in [
            ("from", Kind::Struct),
            ("start", Kind::Struct),
            ("rowinformation", Kind::Struct),
            ("attendees", Kind::Structs),
            ("internetMessageHeaders", Kind::Structs),
        ] {
            let mut builder = Builder::new(Form::of(name, kind));
            builder.push(None);
            builder.push(of_text("{}", Form::of(name, kind)).expect("an object"));
            let series = builder.finish(name).expect("a column");
            assert_eq!((series.dtype(), series.len()), (&column(name, kind), 2), "{name}");
            assert!(crate::sources::values::nested::fits(series.dtype()), "{name}");
        }
    }
}
