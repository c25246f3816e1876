//! Nested columns of Exchange that a copy pipeline left as JSON text (rule I7).

use polars::prelude::*;
use serde_json::Value;

use super::misfits::Misfits;

/// Texts that are read of a person, a time, a header or a row's information, by their path, lower case.
const LEAVES: [&[&str]; 11] = [
    &["emailaddress", "address"],
    &["emailaddress", "name"],
    &["status", "response"],
    &["datetime"],
    &["timezone"],
    &["type"],
    &["name"],
    &["value"],
    &["isusersummaryrow"],
    &["userreturnednodata"],
    &["errorinformation"],
];

/// The type of what one text holds: a struct of all [`LEAVES`].
pub fn item_type() -> DataType {
    let text = |name: &str| Field::new(name.into(), DataType::String);
    let inside = |name: &str, fields: Vec<Field>| Field::new(name.into(), DataType::Struct(fields));
    let nested =
        [inside("emailaddress", vec![text("address"), text("name")]), inside("status", vec![text("response")])];
    let own = LEAVES.iter().filter(|path| path.len() == 1).map(|path| text(path[0]));
    DataType::Struct(nested.into_iter().chain(own).collect())
}

/// `column` of texts as structs, one each; blank text and `null` hold nothing.
pub fn structs(column: Expr, misfits: &Misfits) -> Expr {
    let misfits = misfits.clone();
    column.map(
        move |c| {
            let mut items = Items::default();
            let mut strange = 0;
            for text in c.str()?.iter() {
                match text.map_or(Ok(None), parsed) {
                    Ok(Some(Value::Array(values))) if values.len() > 1 => {
                        strange += 1;
                        items.push(None);
                    }
                    Ok(Some(Value::Array(values))) => items.push(values.first()),
                    Ok(value @ (None | Some(Value::Object(_)))) => items.push(value.as_ref()),
                    _ => {
                        strange += 1;
                        items.push(None);
                    }
                }
            }
            misfits.count(c.name(), strange);
            Ok(items.series(c.name())?.into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), item_type())),
    )
}

/// `column` of texts as lists of structs. One object is a list of one.
pub fn lists(column: Expr, misfits: &Misfits) -> Expr {
    let misfits = misfits.clone();
    let dtype = || DataType::List(Box::new(item_type()));
    column.map(
        move |c| {
            let mut items = Items::default();
            let mut lengths = Vec::with_capacity(c.len());
            let mut strange = 0;
            for text in c.str()?.iter() {
                let before = items.count;
                match text.map_or(Ok(None), parsed) {
                    Ok(Some(Value::Array(values))) => values.iter().for_each(|value| items.push(Some(value))),
                    Ok(Some(value @ Value::Object(_))) => items.push(Some(&value)),
                    Ok(None) => {}
                    _ => strange += 1,
                }
                lengths.push(items.count - before);
            }
            misfits.count(c.name(), strange);
            let items = items.series(c.name())?;
            if lengths.is_empty() {
                return Ok(Series::new_empty(c.name().clone(), &dtype()).into_column());
            }
            let mut from = 0;
            let lists = lengths.into_iter().map(|length| {
                from += length;
                Some(items.slice((from - length) as i64, length))
            });
            let lists: ListChunked = lists.collect();
            Ok(lists.with_name(c.name().clone()).into_column())
        },
        move |_, field| Ok(Field::new(field.name().clone(), dtype())),
    )
}

fn parsed(text: &str) -> Result<Option<Value>, ()> {
    match text.trim() {
        "" => Ok(None),
        text => {
            serde_json::from_str(text).map(|value: Value| Some(value).filter(|value| !value.is_null())).map_err(drop)
        }
    }
}

/// What texts hold, leaf by leaf.
#[derive(Default)]
struct Items {
    count: usize,
    leaves: [Vec<Option<String>>; LEAVES.len()],
}

impl Items {
    fn push(&mut self, value: Option<&Value>) {
        self.count += 1;
        for (leaf, path) in self.leaves.iter_mut().zip(LEAVES) {
            leaf.push(value.and_then(|value| text_at(value, path)));
        }
    }

    fn series(self, name: &PlSmallStr) -> PolarsResult<Series> {
        let count = self.count;
        let mut columns: Vec<Column> = Vec::new();
        for (texts, path) in self.leaves.into_iter().zip(LEAVES) {
            let texts = Column::new(path[path.len() - 1].into(), texts);
            columns.push(texts);
        }
        let own = columns.split_off(3);
        let response = columns.split_off(2);
        let nested = [("emailaddress", columns), ("status", response)].map(|(name, fields)| {
            StructChunked::from_columns(name.into(), count, &fields).map(IntoColumn::into_column)
        });
        let fields = nested.into_iter().chain(own.into_iter().map(Ok)).collect::<PolarsResult<Vec<_>>>()?;
        Ok(StructChunked::from_columns(name.clone(), count, &fields)?.into_series())
    }
}

/// The text at a path, fields found whatever their letter case.
fn text_at(value: &Value, path: &[&str]) -> Option<String> {
    let Some((name, path)) = path.split_first() else {
        return match value {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
    };
    let mut fields = value.as_object()?.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
    fields.find_map(|(_, field)| text_at(field, path))
}

#[cfg(test)]
mod tests {
    use super::super::nested;
    use super::*;

    #[test]
    fn texts_of_people_are_lists_of_people() {
        let texts = [
            Some(r#"[{"EmailAddress":{"Name":"Xena","Address":"x@acme.example"}},{"emailAddress":{"address":"y@x"}}]"#),
            Some(r#"{"emailAddress":{"address":"z@x","odd":[1]}}"#),
            Some("[]"),
            Some("null"),
            Some(" "),
            None,
            Some("{no json"),
        ];
        let misfits = Misfits::default();
        let frame = df!("to" => texts).expect("a frame").lazy().select([lists(col("to"), &misfits)]);
        let frame = frame.collect().expect("lists");
        assert!(nested::fits(frame.column("to").expect("to").dtype()));
        let lists = frame.column("to").expect("to").list().expect("lists");
        let lengths: Vec<_> = (0..lists.len()).map(|row| lists.get_as_series(row).map_or(0, |s| s.len())).collect();
        assert_eq!(lengths, [2, 1, 0, 0, 0, 0, 0]);
        let first = lists.get_as_series(0).expect("a list");
        let addresses = nested::text_at(&first, &["emailaddress", "address"]).expect("texts").expect("a field");
        assert_eq!(addresses.iter().collect::<Vec<_>>(), [Some("x@acme.example"), Some("y@x")]);
        assert_eq!(misfits.take().get("to"), Some(&1));
    }

    #[test]
    fn a_text_of_a_time_is_one_struct() {
        let texts = [r#"{"dateTime":"2026-03-16T09:00:00","timeZone":"UTC"}"#, r#"{"isUserSummaryRow":true}"#, ""];
        let frame = df!("start" => texts).expect("a frame").lazy();
        let frame = frame.select([structs(col("start"), &Misfits::default())]).collect().expect("structs");
        let start = frame.column("start").expect("start").as_materialized_series().clone();
        let text = |path: &[&str]| {
            let texts = nested::text_at(&start, path).expect("texts").expect("a field");
            texts.iter().map(|text| text.map(str::to_string)).collect::<Vec<_>>()
        };
        assert_eq!(text(&["datetime"]), [Some("2026-03-16T09:00:00".to_string()), None, None]);
        assert_eq!(text(&["isusersummaryrow"]), [None, Some("true".to_string()), None]);
    }
}
