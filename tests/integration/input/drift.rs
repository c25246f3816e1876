//! Files of one table that differ in schema give the results that files of one schema give (rules I3, I4, I7).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use polars::prelude::*;

use crate::support::small_lake::*;

static CLEAN: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| SmallLake::new().published(&[]));

/// Every table's first row as it was, the others in a second file with its columns drifted.
#[track_caller]
fn same_results(name: &str, mut drift: impl FnMut(&str, Column) -> Vec<Column>) {
    let lake = SmallLake::new();
    let mut changed = 0;
    for table in TABLES.iter().chain(&EXCHANGE) {
        let frame = lake.read(table);
        let rest = frame.slice(1, frame.height());
        let columns: Vec<Column> = rest.columns().iter().flat_map(|column| drift(table, column.clone())).collect();
        let drifted = DataFrame::new(rest.height(), columns).unwrap();
        changed += usize::from(drifted.schema() != rest.schema());
        lake.write(table, "part-0.parquet", &frame.head(Some(1)));
        lake.write(table, "part-1.parquet", &drifted);
    }
    assert!(changed > 0, "{name} changed nothing");
    let drifted = lake.published(&[]);
    for (path, bytes) in CLEAN.iter() {
        assert!(drifted.get(path) == Some(bytes), "{name}: {path} differs");
    }
}

#[track_caller]
fn each(name: &str, mut drift: impl FnMut(Column) -> Column) {
    same_results(name, |_, column| vec![drift(column)]);
}

/// Stores the columns that `from` accepts in every form in turn; there are more of them than forms.
#[track_caller]
fn in_turn<F>(name: &str, from: impl Fn(&DataType) -> bool, forms: &[F], store: impl Fn(&Column, &F) -> Column) {
    let mut turns = forms.iter().cycle();
    let mut met = 0;
    each(name, |column| {
        if !from(column.dtype()) {
            return column;
        }
        met += 1;
        store(&column, turns.next().unwrap())
    });
    assert!(met >= forms.len(), "{name}: {met} columns for {} forms", forms.len());
}

fn cast(column: &Column, to: &DataType) -> Column {
    column.strict_cast(to).unwrap()
}

fn is_instant(dtype: &DataType) -> bool {
    matches!(dtype, DataType::Datetime(_, _))
}

fn dictionary() -> DataType {
    DataType::from_categories(Categories::global())
}

#[test]
fn integers_of_every_width() {
    use DataType as D;
    let narrow = [D::Int8, D::UInt8, D::Int16, D::UInt16, D::Int32, D::UInt32, D::Int64, D::UInt64];
    // The second decimal has two places after its point, both zero.
    let others = [D::Float32, D::Float64, D::Decimal(38, 0), D::Decimal(20, 2), D::String];
    in_turn("integers", DataType::is_integer, &[&narrow[..], &others].concat(), cast);
}

#[test]
fn booleans_as_numbers_and_words() {
    use DataType as D;
    in_turn("booleans", DataType::is_bool, &[D::Int8, D::Int32, D::UInt8, D::Int64, D::Float64], cast);
    let words = [["true", "false"], ["True", "FALSE"], ["1", "0"]];
    in_turn("words", DataType::is_bool, &words, |column, [yes, no]| {
        let flags = column.bool().unwrap().iter();
        let words: StringChunked = flags.map(|flag| flag.map(|f| if f { *yes } else { *no })).collect();
        words.with_name(column.name().clone()).into_column()
    });
}

#[test]
fn instants_of_every_unit_with_and_without_zone() {
    let mut forms = Vec::new();
    for unit in [TimeUnit::Milliseconds, TimeUnit::Microseconds, TimeUnit::Nanoseconds] {
        forms.extend([None, Some("UTC"), Some("Europe/Stockholm")].map(|zone| (unit, zone)));
    }
    in_turn("instants", is_instant, &forms, |column, (unit, zone)| {
        // Files hold UTC, whatever zone they name.
        let count = column.cast(&DataType::Datetime(*unit, None)).unwrap().cast(&DataType::Int64).unwrap();
        count.cast(&DataType::Datetime(*unit, TimeZone::opt_try_new(*zone).unwrap())).unwrap()
    });
}

#[test]
fn instants_and_days_as_text() {
    let formats = ["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%.6f+00:00", "%Y-%m-%dT%H:%MZ"];
    let micros = DataType::Datetime(TimeUnit::Microseconds, None);
    let written = |column: &Column, format: &&str| {
        column.cast(&micros).unwrap().datetime().unwrap().to_string(format).unwrap().into_column()
    };
    in_turn("instants as text", is_instant, &formats, written);
    let is_time = |dtype: &DataType| dtype.is_temporal();
    in_turn("in a dictionary", is_time, &formats[..1], |column, format| cast(&written(column, format), &dictionary()));
    in_turn("days as text", |dtype| dtype.is_date(), &["%Y-%m-%d"], written);
}

#[test]
fn days_as_timestamps() {
    let midnight = |unit| DataType::Datetime(unit, None);
    in_turn("days in ms", DataType::is_date, &[midnight(TimeUnit::Milliseconds)], cast);
    in_turn("days in ns", DataType::is_date, &[midnight(TimeUnit::Nanoseconds)], cast);
}

#[test]
fn text_from_a_dictionary() {
    in_turn("dictionary", |dtype| *dtype == DataType::String, &[dictionary()], cast);
}

#[test]
fn columns_without_a_value_may_have_no_type_or_be_absent() {
    let empty = |column: &Column| column.null_count() == column.len();
    each("type null", |column| if empty(&column) { column.cast(&DataType::Null).unwrap() } else { column });
    // The key of a table is in each of its files (rule I4), also where there are only deletions.
    let is_key = |column: &Column| {
        let keys = ["accountid", "contactid", "leadid", "opportunityid", "systemuserid", "activityid", "address"];
        let keys = [&keys[..], &["principal", "kind", "internetMessageId", "iCalUId"]].concat();
        keys.contains(&column.name().as_str())
    };
    same_results("absent", |_, column| if empty(&column) && !is_key(&column) { vec![] } else { vec![column] });
}

#[test]
fn columns_in_another_order_and_more_of_them() {
    let lake = SmallLake::new();
    for table in TABLES.iter().chain(&EXCHANGE) {
        let frame = lake.read(table);
        let mut columns: Vec<Column> = frame.columns().iter().rev().cloned().collect();
        let rows = frame.height();
        columns.insert(1, Column::new("new_custom".into(), vec![b"\xFF\xFE".as_slice(); rows]));
        columns.push(Column::new("new_time".into(), vec![1i64; rows]).cast(&DataType::Time).unwrap());
        columns.push(Column::new("new_list".into(), vec![Series::new(PlSmallStr::EMPTY, [1i64, 2]); rows]));
        lake.write(table, "part-0.parquet", &frame.head(Some(1)));
        lake.write(table, "part-1.parquet", &DataFrame::new(rows, columns).unwrap().slice(1, rows));
    }
    assert!(lake.published(&[]) == *CLEAN);
}

#[test]
fn names_in_another_letter_case() {
    each("upper case", |column| {
        let name = column.name().to_ascii_uppercase();
        column.with_name(name.as_str().into())
    });
}

#[test]
fn ids_in_every_spelling() {
    let spellings: [fn(&str) -> String; 4] = [
        |id| id.to_uppercase(),
        |id| format!("{{{id}}}"),
        |id| format!(" {{{}}} ", id.to_uppercase()),
        |id| format!("{id} "),
    ];
    let mut turns = spellings.iter().cycle();
    each("ids", |column| match column.str() {
        Ok(texts) if texts.iter().flatten().any(|text| text.starts_with("a0000000-")) => {
            let spell = turns.next().unwrap();
            let texts: StringChunked = texts.iter().map(|id| id.map(spell)).collect();
            // In a dictionary, so that the schema tells the two files apart.
            cast(&texts.with_name(column.name().clone()).into_column(), &dictionary())
        }
        _ => column,
    });
}

/// Renames the fields of structs, those in lists included, and drops those for which nothing is returned.
fn rename(column: &Series, field: &dyn Fn(&str) -> Option<String>) -> Series {
    if let Ok(list) = column.list() {
        return list.apply_to_inner(&|inner| Ok(rename(&inner, field))).unwrap().into_series();
    }
    let Ok(fields) = column.struct_() else { return column.clone() };
    let renamed = fields.fields_as_series().into_iter().filter_map(|one| {
        let name = field(one.name())?;
        Some(rename(&one, field).with_name(name.as_str().into()))
    });
    let renamed: Vec<Series> = renamed.collect();
    let mut renamed = StructChunked::from_series(column.name().clone(), column.len(), renamed.iter()).unwrap();
    renamed.zip_outer_validity(fields);
    renamed.into_series()
}

fn renamed(name: &str, field: &dyn Fn(&str) -> Option<String>) {
    each(name, |column| rename(column.as_materialized_series(), field).into_column());
}

#[test]
fn fields_of_structs_in_every_letter_case() {
    renamed("PascalCase", &|name| Some(format!("{}{}", name[..1].to_uppercase(), &name[1..])));
    renamed("lower case", &|name| Some(name.to_lowercase()));
    renamed("UPPER CASE", &|name| Some(name.to_uppercase()));
}

#[test]
fn fields_of_structs_with_words_put_apart() {
    renamed("snake_case", &|name| {
        let parts =
            name.chars().map(|c| if c.is_uppercase() { format!("_{}", c.to_lowercase()) } else { c.to_string() });
        Some(parts.collect())
    });
}

#[test]
fn fields_that_nobody_needs_may_be_missing() {
    let unneeded = ["name", "isUserSummaryRow", "userReturnedNoData"];
    // Of headers the names are what they are there for.
    each("without names", |column| match column.name().as_str() {
        "internetMessageHeaders" => column,
        _ => {
            let needed = |name: &str| (!unneeded.contains(&name)).then(|| name.to_string());
            rename(column.as_materialized_series(), &needed).into_column()
        }
    });
    same_results(
        "without rowinformation",
        |_, column| {
            if column.name() == "rowinformation" { vec![] } else { vec![column] }
        },
    );
}

#[test]
fn optional_columns_may_be_missing() {
    // The second file's rows have no opinion on these.
    let optional = ["conversationIndex", "bccRecipients", "ccRecipients", "inreplyto", "replycount"];
    same_results("optional", |table, column| {
        let absent = optional.contains(&column.name().as_str()) && table != "email"
            || column.name() == "IsDelete" && table == "account";
        if absent { vec![] } else { vec![column] }
    });
}
