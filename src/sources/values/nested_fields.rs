//! Fields of struct columns, found whatever the letter case of their names (rule I7).

use polars::prelude::*;

use crate::sources::values::written_numbers::truth;

/// Fields that kernels read, lower case; any other field may be of any type.
const STRUCTS: [&str; 2] = ["emailaddress", "status"];
const TEXTS: [&str; 9] =
    ["address", "datetime", "timezone", "response", "type", "name", "value", "errorinformation", "reason"];
const FLAGS: [&str; 2] = ["isusersummaryrow", "userreturnednodata"];

/// Whether kernels read a field of this name; of Parquet no other field of a nested column is decoded.
pub fn is_field(name: &str) -> bool {
    [&STRUCTS[..], &TEXTS, &FLAGS].iter().any(|fields| is_among(name, fields))
}

fn is_among(name: &str, fields: &[&str]) -> bool {
    fields.iter().any(|field| is_named(name, field))
}

/// Whether the kernels can read every field they look for in a struct or list of structs; one of
/// another type must not pass for an absent one.
pub fn fits(dtype: &DataType) -> bool {
    match dtype {
        DataType::Null => true,
        DataType::List(inner) => matches!(**inner, DataType::Struct(_) | DataType::Null) && fits(inner),
        DataType::Struct(fields) => fields.iter().all(is_fit),
        _ => false,
    }
}

fn is_fit(field: &Field) -> bool {
    let (name, dtype) = (field.name(), field.dtype());
    if is_among(name, &STRUCTS) {
        matches!(dtype, DataType::Struct(_) | DataType::Null) && fits(dtype)
    } else if is_among(name, &TEXTS) {
        matches!(dtype, DataType::String | DataType::Null) || dtype.is_categorical()
    } else if is_among(name, &FLAGS) {
        matches!(dtype, DataType::Boolean | DataType::String | DataType::Null) || dtype.is_primitive_numeric()
    } else {
        true
    }
}

/// The field of another type for which a struct or list of structs does not fit.
pub fn unfit(dtype: &DataType) -> Option<&Field> {
    match dtype {
        DataType::List(inner) => unfit(inner),
        DataType::Struct(fields) => {
            let field = fields.iter().find(|field| !is_fit(field))?;
            unfit(field.dtype()).or(Some(field))
        }
        _ => None,
    }
}

/// Whether a field has a name: in any letter case, and also as pipelines write it that put words apart (`email_address`).
pub fn is_named(field: &str, name: &str) -> bool {
    let together = || field.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase());
    field.eq_ignore_ascii_case(name)
        || field.contains('_') && together().eq(name.bytes().map(|byte| byte.to_ascii_lowercase()))
}

/// The text at `path` below a struct column, fields found whatever their letter case; none where
/// the column has no such field.
pub fn text_at(column: &Series, path: &[&str]) -> PolarsResult<Option<StringChunked>> {
    let Some((name, path)) = path.split_first() else {
        return Ok(match column.dtype() {
            DataType::String => Some(column.str()?.clone()),
            dtype if dtype.is_categorical() => Some(column.cast(&DataType::String)?.str()?.clone()),
            _ => None,
        });
    };
    let Ok(fields) = column.struct_() else { return Ok(None) };
    let mut text: Option<StringChunked> = None;
    // JSON lines of several writers may spell one field in several ways.
    for field in fields.fields_as_series().into_iter().filter(|f| is_named(f.name(), name)) {
        // A null struct has null fields, whatever the file says below it.
        let field = if column.null_count() == 0 {
            field
        } else {
            let null = Series::full_null(field.name().clone(), field.len(), field.dtype());
            field.zip_with(&column.is_not_null(), &null)?
        };
        text = match (text, text_at(&field, path)?) {
            (Some(one), Some(other)) => Some(one.zip_with(&one.is_not_null(), &other)?),
            (one, other) => one.or(other),
        };
    }
    Ok(text)
}

/// The truths in a field of a struct column, found whatever its letter case; none where the column has no such field.
pub fn flag_at(column: &Series, name: &str) -> PolarsResult<Option<BooleanChunked>> {
    let Ok(fields) = column.struct_() else { return Ok(None) };
    let field = fields.fields_as_series().into_iter().find(|field| is_named(field.name(), name));
    let truths = |field: Series| match field.str() {
        Ok(texts) => Ok(texts.iter().map(|text| Some(truth(text?.trim())? == 1)).collect()),
        Err(_) => field.cast(&DataType::Boolean).and_then(|field| field.bool().cloned()),
    };
    field.map(truths).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_in_two_spellings_is_one() {
        let address = |name: &str, address: Option<&str>| Column::new(name.into(), [address, None]);
        let column = StructChunked::from_columns(
            "from".into(),
            2,
            &[address("Address", None), address("address", Some("b@x.example")), address("other", Some("c"))],
        );
        let column = column.expect("a struct").into_series();
        let texts = text_at(&column, &["address"]).expect("readable").expect("a field");
        assert_eq!(texts.iter().collect::<Vec<_>>(), [Some("b@x.example"), None]);
        assert!(text_at(&column, &["name"]).expect("readable").is_none());
    }

    #[test]
    fn flags_are_truths_in_any_form() {
        let flags = |field: Column| {
            let column = StructChunked::from_columns("row".into(), 3, &[field.with_name("IsSummary".into())]);
            let column = column.expect("a struct").into_series();
            flag_at(&column, "issummary").expect("readable").expect("a field").iter().collect::<Vec<_>>()
        };
        let expected = [Some(true), Some(false), None];
        assert_eq!(flags(Column::new("f".into(), [Some("True"), Some("0"), Some("")])), expected);
        assert_eq!(flags(Column::new("f".into(), [Some(1.0), Some(0.0), None])), expected);
    }
}
