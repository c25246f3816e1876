//! The nested columns of Exchange, read case-insensitively (rules I7, I8).

use std::cell::Cell;

use polars::prelude::*;

use crate::frames::keys::{KEY, KeyType, Keys};
use crate::frames::text_memo::Memo;

pub use crate::sources::values::nested_fields::{fits, flag_at, is_field, is_named, text_at, unfit};

/// Nested columns that say nothing, see [`says`].
pub const SILENT: &str = "structs without the fields that are read";

/// Whether a nested column of a type can say what it is there for: a struct without an address names nobody, and
/// looks as if nobody had been there.
pub fn says(column: &str, dtype: &DataType) -> bool {
    let element = match dtype {
        DataType::List(inner) => &**inner,
        other => other,
    };
    let has = |path: &[&str]| !matches!(element, DataType::Struct(_)) || holds(element, path);
    match column.to_ascii_lowercase().as_str() {
        "rowinformation" | "@removed" => true,
        "start" | "end" => has(&["datetime"]),
        "internetmessageheaders" => has(&["name"]) && has(&["value"]),
        _ => ["address", "name"].iter().any(|name| has(&["emailaddress", name]) || has(&[name])),
    }
}

fn holds(dtype: &DataType, path: &[&str]) -> bool {
    let Some((name, rest)) = path.split_first() else { return true };
    let DataType::Struct(fields) = dtype else { return *dtype == DataType::Null };
    fields.iter().any(|field| is_named(field.name(), name) && holds(field.dtype(), rest))
}

/// Somebody's `emailAddress`: its address, and its name, which may be asked for.
pub type Person<'a> = (Option<&'a str>, &'a dyn Fn() -> Option<&'a str>);

/// The people of a struct column or of what is in a list.
struct People {
    addresses: Option<StringChunked>,
    names: Option<StringChunked>,
}

impl People {
    fn of(column: &Series) -> PolarsResult<People> {
        // Some pipelines leave out the struct around the two.
        let text = |name| -> PolarsResult<Option<StringChunked>> {
            let texts =
                text_at(column, &["emailaddress", name])?.map_or_else(|| text_at(column, &[name]), |t| Ok(Some(t)));
            Ok(texts?.map(|texts| texts.rechunk().into_owned()))
        };
        Ok(People { addresses: text("address")?, names: text("name")? })
    }

    fn reader<T: Copy>(&self) -> Reader<'_, T> {
        Reader { people: self, known: Memo::of(self.addresses.as_ref().map_or(0, StringChunked::len)) }
    }
}

/// Reads people row by row, those with one address once.
struct Reader<'a, T> {
    people: &'a People,
    known: Memo<'a, Option<T>>,
}

impl<T: Copy> Reader<'_, T> {
    /// What `f` makes of whoever is in a row; of nobody nothing.
    fn read(&mut self, row: usize, f: impl Fn(Person) -> Option<T>) -> Option<T> {
        let People { addresses, names } = self.people;
        let is_asked = Cell::new(false);
        let name = || {
            is_asked.set(true);
            names.as_ref()?.downcast_as_array().get(row)
        };
        match addresses.as_ref().and_then(|texts| texts.downcast_as_array().get(row)) {
            Some(address) => self.known.get(address, || (f((Some(address), &name)), !is_asked.get())),
            None => f((None, &name)),
        }
    }
}

/// Applies `f` to the person of the first of some structs where it gives a value: one value per row.
pub fn of_person<const N: usize, T, F>(columns: [Expr; N], dtype: DataType, f: F) -> Expr
where
    T: PolarsNumericType,
    F: Fn(Person) -> Option<T::Native> + Send + Sync + 'static,
    ChunkedArray<T>: IntoSeries,
{
    let out = dtype.clone();
    let [first, rest @ ..] = &columns[..] else { return lit(NULL) };
    first.clone().map_many(
        move |columns| {
            let people = columns.iter().map(|c| People::of(c.as_materialized_series()));
            let people = people.collect::<PolarsResult<Vec<_>>>()?;
            let rows = 0..columns[0].len();
            let mut people: Vec<_> = people.iter().map(People::reader).collect();
            let value = |row| people.iter_mut().find_map(|people| people.read(row, &f));
            let values: ChunkedArray<T> = rows.map(value).collect_ca(columns[0].name().clone());
            values.into_column().cast(&dtype)
        },
        rest,
        move |_, fields| Ok(Field::new(fields[0].name().clone(), out.clone())),
    )
}

/// Applies `f` to every person in a list of structs: one list of values per row.
pub fn of_people<T, F>(column: Expr, dtype: DataType, f: F) -> Expr
where
    T: PolarsNumericType,
    F: Fn(Person) -> Option<T::Native> + Send + Sync + 'static,
    ChunkedArray<T>: IntoSeries,
{
    of_elements(column, dtype, move |inner| {
        let people = People::of(inner)?;
        let mut people = people.reader();
        let values = (0..inner.len()).map(|row| people.read(row, &f));
        let values: ChunkedArray<T> = values.collect_ca(inner.name().clone());
        Ok(values.into_series())
    })
}

/// Applies `f` to the text at `path` of every struct in a list: one list of values per row.
pub fn of_list<T, F>(column: Expr, path: &'static [&'static str], dtype: DataType, f: F) -> Expr
where
    T: PolarsNumericType,
    F: Fn(Option<&str>) -> Option<T::Native> + Send + Sync + 'static,
    ChunkedArray<T>: IntoSeries,
{
    of_elements(column, dtype, move |inner| {
        // Some pipelines leave out the struct around an answer as well.
        let texts = text_at(inner, path)?.map_or_else(|| text_at(inner, &path[path.len() - 1..]), |t| Ok(Some(t)))?;
        let values: ChunkedArray<T> = match texts {
            Some(texts) => texts.iter().map(&f).collect_ca(inner.name().clone()),
            None => (0..inner.len()).map(|_| f(None)).collect_ca(inner.name().clone()),
        };
        Ok(values.into_series())
    })
}

/// Applies `f` to the elements of all lists of a column at once. A column without lists has null ones.
fn of_elements(
    column: Expr,
    dtype: DataType,
    f: impl Fn(&Series) -> PolarsResult<Series> + Send + Sync + 'static,
) -> Expr {
    let out = DataType::List(Box::new(dtype.clone()));
    let list_type = out.clone();
    column.map(
        move |c| {
            let Ok(lists) = c.list() else {
                return Ok(Column::full_null(c.name().clone(), c.len(), &list_type));
            };
            Ok(lists.apply_to_inner(&|inner: Series| f(&inner)?.cast(&dtype))?.into_column())
        },
        move |_, field| Ok(Field::new(field.name().clone(), out.clone())),
    )
}

/// Lists of the same rows as one list per row; a row without any list has an empty one.
pub fn joined<const N: usize>(lists: [Expr; N]) -> Expr {
    let [first, rest @ ..] = &lists[..] else { return lit(NULL) };
    first.clone().map_many(
        |columns| {
            let lists = columns.iter().map(|c| Ok(c.list()?.rechunk())).collect::<PolarsResult<Vec<_>>>()?;
            let inner: Vec<Keys> = lists
                .iter()
                .map(|list| Ok(list.get_inner().i128()?.rechunk().into_owned()))
                .collect::<PolarsResult<_>>()?;
            let lists: Vec<_> = lists.iter().map(|list| list.downcast_as_array().offsets()).collect();
            let values: Vec<_> = inner.iter().map(Keys::downcast_as_array).collect();
            let rows = columns.first().map_or(0, Column::len);
            let total = inner.iter().map(Keys::len).sum();
            let name = columns.first().map_or(PlSmallStr::EMPTY, |c| c.name().clone());
            let mut joined = ListPrimitiveChunkedBuilder::<KeyType>::new(name, rows, total, KEY);
            let mut of_row = Vec::new();
            for row in 0..rows {
                of_row.clear();
                for (offsets, values) in lists.iter().zip(&values) {
                    let (begin, end) = offsets.start_end(row);
                    match values.validity() {
                        None => of_row.extend_from_slice(&values.values()[begin..end]),
                        Some(valid) => {
                            of_row.extend((begin..end).filter(|&at| valid.get_bit(at)).map(|at| values.values()[at]))
                        }
                    }
                }
                joined.append_slice(&of_row);
            }
            Ok(joined.finish().into_column())
        },
        rest,
        |_, fields| Ok(Field::new(fields[0].name().clone(), DataType::List(Box::new(KEY)))),
    )
}

/// The value of an enumeration without its wrapping: `microsoft.graph.attendeeType'required'` is
/// `required` (rule I8).
pub fn unwrapped(value: &str) -> &str {
    value.strip_suffix('\'').and_then(|value| value.rsplit_once('\'')).map_or(value, |(_, inner)| inner)
}

/// One pass over a list of `{name, value}` headers per row; `f` sees the row's headers in turn.
pub fn of_headers<T, F>(column: Expr, dtype: DataType, f: F) -> Expr
where
    T: PolarsNumericType,
    F: Fn(&mut dyn Iterator<Item = (&str, &str)>) -> Option<T::Native> + Send + Sync + 'static,
    ChunkedArray<T>: IntoSeries,
{
    let out = dtype.clone();
    column.map(
        move |c| {
            let Ok(lists) = c.list() else {
                return Ok(Column::full_null(c.name().clone(), c.len(), &dtype));
            };
            let lists = lists.rechunk();
            let array = lists.downcast_as_array();
            let inner = lists.get_inner();
            let names = text_at(&inner, &["name"])?.map(|t| t.rechunk().into_owned());
            let values = text_at(&inner, &["value"])?.map(|t| t.rechunk().into_owned());
            let (Some(names), Some(values)) = (&names, &values) else {
                return Ok(Column::full_null(c.name().clone(), c.len(), &dtype));
            };
            // Of the chunk itself: polars' own `get` looks for the chunk each time.
            let (names, values) = (names.downcast_as_array(), values.downcast_as_array());
            let rows = array.offsets().as_slice().windows(2).map(|bounds| {
                let mut headers =
                    (bounds[0] as usize..bounds[1] as usize).filter_map(|at| Some((names.get(at)?, values.get(at)?)));
                f(&mut headers)
            });
            let rows: ChunkedArray<T> = rows.collect_ca(c.name().clone());
            rows.into_column().cast(&dtype)
        },
        move |_, field| Ok(Field::new(field.name().clone(), out.clone())),
    )
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::{fits, of_list, unwrapped};

    #[test]
    fn answers_are_found_without_the_struct_around_them() {
        let attendee = df!("address" => ["a@x.example"], "response" => ["declined"]).expect("a frame");
        let attendees = attendee.into_struct("attendees".into()).into_series().implode().expect("a list");
        let declined = of_list::<UInt8Type, _>(col("attendees"), &["status", "response"], DataType::UInt8, |text| {
            Some(u8::from(text == Some("declined")))
        });
        let found =
            attendees.into_series().into_frame().lazy().select([declined.list().sum()]).collect().expect("a frame");
        assert_eq!(found["attendees"].i64().expect("numbers").get(0), Some(1));
    }

    #[test]
    fn a_field_of_another_type_is_no_absent_one() {
        let holding = |name: &str, dtype| DataType::Struct(vec![Field::new(name.into(), dtype)]);
        assert!(fits(&holding("EmailAddress", holding("address", DataType::String))));
        assert!(!fits(&holding("emailAddress", DataType::String)));
        assert!(!fits(&DataType::List(Box::new(DataType::String))));
        assert!(fits(&holding("extra", DataType::Binary)));
    }

    #[test]
    fn enumerations_lose_their_wrapping() {
        assert_eq!(unwrapped("microsoft.graph.responseType'tentativelyAccepted'"), "tentativelyAccepted");
        assert_eq!(unwrapped("declined"), "declined");
    }
}
