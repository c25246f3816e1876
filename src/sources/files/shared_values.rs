//! Values that all rows of a file share: of partition columns, which are not in the file but in the log of a Delta
//! table, or in the names of folders as Hive and Spark write them (`statecode=1/part-0.parquet`; rule I6).

use std::path::Path;

use polars::prelude::*;

use crate::sources::contract::ValueKind;

/// What Hive and Spark call a folder of rows that have no value.
const NONE: &str = "__HIVE_DEFAULT_PARTITION__";

/// The value of a partition column in all rows of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedValue {
    /// The table's name for the column.
    pub name: PlSmallStr,
    /// The value as text; none where it is null.
    pub text: Option<String>,
    /// How the text is understood.
    pub kind: ValueKind,
}

/// The values of needed columns in the names of the folders between a table's folder and a file, as texts. Of others
/// nothing is asked, so that files which differ in them are read together.
pub fn of_folders(place: &Path, file: &Path, needed: &dyn Fn(&str) -> bool) -> Vec<SharedValue> {
    let below = file.strip_prefix(place).ok().and_then(Path::parent);
    let folders = below.into_iter().flat_map(Path::iter).filter_map(|folder| folder.to_str()?.split_once('='));
    let values = folders.map(|(name, value)| (unescaped(name), unescaped(value)));
    let values = values.filter(|(name, _)| needed(name)).map(|(name, value)| SharedValue {
        name: name.into(),
        text: Some(value).filter(|value| value != NONE),
        kind: ValueKind::Text,
    });
    values.collect()
}

/// Rows of text with the values that their file's folders name, where rows have none of their own.
///
/// # Errors
/// Only what the engine runs into.
pub fn filled(rows: &mut DataFrame, values: &[SharedValue]) -> PolarsResult<()> {
    for value in values {
        let found = rows.columns().iter().find(|column| column.name().eq_ignore_ascii_case(&value.name)).cloned();
        let (Some(text), Some(column)) = (value.text.as_deref(), found) else { continue };
        let Ok(own) = column.str() else { continue };
        let texts: StringChunked = own.iter().map(|own| Some(own.unwrap_or(text))).collect();
        rows.with_column(texts.with_name(column.name().clone()).into_column())?;
    }
    Ok(())
}

/// A name of a folder without the escapes of what folders may not be called: `%3A` is a colon.
fn unescaped(name: &str) -> String {
    let bytes = name.as_bytes();
    let (mut plain, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        let code = bytes.get(at + 1..at + 3).filter(|_| byte == b'%').and_then(|code| std::str::from_utf8(code).ok());
        let code = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        at += if code.is_some() { 3 } else { 1 };
        plain.push(code.unwrap_or(byte));
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_name_values_of_columns() {
        let of = |file: &str| {
            let values = of_folders(Path::new("/lake/a=b/email"), Path::new(file), &|name| name != "PartitionId");
            values.into_iter().map(|value| (value.name.to_string(), value.text)).collect::<Vec<_>>()
        };
        let value = |name: &str, text: Option<&str>| (name.to_string(), text.map(str::to_string));
        assert_eq!(of("/lake/a=b/email/PartitionId=2026/c=d.parquet"), []);
        assert_eq!(
            of("/lake/a=b/email/2026/statuscode=3/senton=2026-03-01%2009%3A00%3A00/part-0.parquet"),
            [value("statuscode", Some("3")), value("senton", Some("2026-03-01 09:00:00"))]
        );
        assert_eq!(of("/lake/a=b/email/owner=__HIVE_DEFAULT_PARTITION__/x"), [value("owner", None)]);
        assert_eq!(of("/lake/a=b/email/owner=/x"), [value("owner", Some(""))]);
    }
}
