//! Physical forms of values that the engine does not read as what they mean.

use std::cell::Cell;
use std::fmt::Write;

use polars::prelude::*;

use crate::sources::files::parquet::meaning::Meaning;
use crate::sources::files::parquet::tree::Leaf;
use crate::sources::values::misfits::Misfits;

/// How the values of a column that is no nested one are read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Form {
    /// By the engine.
    Plain,
    /// All of them are null.
    Null,
    /// Bytes that hold text, as writers without annotations leave it, or as they are `told` to; of a column
    /// of `ids`, 16 bytes that are no text are an id.
    Text { ids: bool, told: bool },
    /// Texts inside of a nested column, as bytes.
    Texts,
    /// Ids as 16 bytes, big endian.
    Id,
    /// Bytes that hold text or are a value themselves, and are text in hex then.
    Hex,
    /// Floats of 16 bits.
    Half,
    /// Decimals wider than the engine's, or of varying width, by their scale.
    Decimal(usize),
}

impl Form {
    /// The form of a column by its name and leaf, or a word for what cannot be read.
    pub fn of(name: &str, leaf: &Leaf) -> Result<Form, &'static str> {
        let ids = name.to_ascii_lowercase().ends_with("id");
        Ok(match (leaf.physical, leaf.meaning) {
            (_, Some(Meaning::Null)) => Form::Null,
            _ if leaf.is_plain() => Form::Plain,
            (6, Some(Meaning::Decimal(scale, _))) => Form::Decimal(usize::try_from(scale).unwrap_or_default()),
            (7, Some(Meaning::Decimal(scale, _))) => Form::Decimal(usize::try_from(scale).unwrap_or_default()),
            (7, None | Some(Meaning::Uuid)) if leaf.length == 16 => Form::Id,
            (7, Some(Meaning::Float16)) if leaf.length == 2 => Form::Half,
            // A conversation index is bytes, and text only where something made it so (rule I3).
            (6 | 7, None) if name.eq_ignore_ascii_case("conversationindex") => Form::Hex,
            (6 | 7, None | Some(Meaning::Text)) => Form::Text { ids, told: leaf.meaning.is_some() },
            (_, Some(Meaning::Time)) => return Err("a time of day"),
            (_, Some(Meaning::Interval)) => return Err("an interval"),
            (_, Some(Meaning::Decimal(..))) => return Err("a decimal that is none"),
            (_, Some(Meaning::Other(word))) => return Err(word),
            _ => return Err("a type that is not known here"),
        })
    }

    /// The type of the values once they are read, given the engine's; none where it is that.
    pub fn dtype(self, engine: Option<&DataType>) -> Option<DataType> {
        match self {
            Form::Plain => None,
            Form::Null => Some(DataType::Null),
            Form::Text { .. } | Form::Id | Form::Hex => Some(DataType::String),
            Form::Texts => engine.map(texts_for_bytes),
            Form::Half => Some(DataType::Float64),
            Form::Decimal(scale) => Some(DataType::Decimal(38, scale.min(38))),
        }
    }

    /// The values of `column` as what they mean, which is of `dtype`.
    pub fn read(self, column: Expr, dtype: &DataType, misfits: &Misfits) -> Expr {
        let (dtype, out, misfits) = (dtype.clone(), dtype.clone(), misfits.clone());
        column.map(
            move |c| {
                if self == Form::Null {
                    return Ok(Column::full_null(c.name().clone(), c.len(), &dtype));
                }
                if self == Form::Texts {
                    let (read, strange) = texts_inside(c.as_materialized_series())?;
                    misfits.count(c.name(), strange);
                    return Ok(read.with_name(c.name().clone()).into_column());
                }
                let bytes = c.cast(&DataType::Binary)?;
                let read = self.values(bytes.binary()?)?;
                misfits.count(c.name(), read.null_count().saturating_sub(c.null_count()));
                read.with_name(c.name().clone()).into_column().cast(&dtype)
            },
            move |_, field| Ok(Field::new(field.name().clone(), out.clone())),
        )
    }

    fn values(self, bytes: &BinaryChunked) -> PolarsResult<Series> {
        let name = bytes.name().clone();
        let mut text = String::with_capacity(36);
        Ok(match self {
            Form::Text { ids, .. } => {
                // Hardly any column holds anything else.
                let may_be_ids = ids && bytes.iter().flatten().any(|value| value.len() == 16);
                if !may_be_ids && let Ok(texts) = bytes.cast(&DataType::String).and_then(|texts| strict(texts, bytes)) {
                    return Ok(texts);
                }
                let mut texts = StringChunkedBuilder::new(name, bytes.len());
                for value in bytes.iter() {
                    match (value.map(std::str::from_utf8), value) {
                        (Some(Ok(value)), _) if !(ids && value.len() == 16 && value.contains(char::is_control)) => {
                            texts.append_value(value);
                        }
                        (Some(_), Some(value)) if ids && value.len() == 16 => {
                            texts.append_value(guid(value, &mut text));
                        }
                        _ => texts.append_null(),
                    }
                }
                texts.finish().into_series()
            }
            Form::Id => {
                let mut texts = StringChunkedBuilder::new(name, bytes.len());
                for value in bytes.iter() {
                    texts.append_option(value.map(|value| guid(value, &mut text)));
                }
                texts.finish().into_series()
            }
            Form::Hex => {
                let mut texts = StringChunkedBuilder::new(name, bytes.len());
                for value in bytes.iter() {
                    texts.append_option(value.map(|value| text_or_hex(value, &mut text)));
                }
                texts.finish().into_series()
            }
            Form::Half => {
                let numbers = bytes.iter().map(|value| match value? {
                    [low, high] => Some(half(u16::from_le_bytes([*low, *high]))),
                    _ => None,
                });
                numbers.collect::<Float64Chunked>().with_name(name).into_series()
            }
            Form::Decimal(scale) => {
                let numbers = bytes.iter().map(|value| decimal(value?));
                let numbers: Int128Chunked = numbers.collect();
                numbers.with_name(name).into_decimal_unchecked(38, scale.min(38)).into_series()
            }
            Form::Plain | Form::Null | Form::Texts => Series::full_null(name, bytes.len(), &DataType::Null),
        })
    }
}

/// Bytes that can be typed as the text they are, others in hex.
fn text_or_hex<'a>(value: &'a [u8], text: &'a mut String) -> &'a str {
    let is_typed = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    if let Some(typed) = std::str::from_utf8(value).ok().filter(|_| value.iter().all(is_typed)) {
        return typed;
    }
    text.clear();
    for byte in value {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The type of a nested column whose bytes are texts.
fn texts_for_bytes(dtype: &DataType) -> DataType {
    match dtype {
        DataType::Binary => DataType::String,
        DataType::List(element) => DataType::List(Box::new(texts_for_bytes(element))),
        DataType::Struct(fields) => {
            let texts = |field: &Field| Field::new(field.name().clone(), texts_for_bytes(field.dtype()));
            DataType::Struct(fields.iter().map(texts).collect())
        }
        other => other.clone(),
    }
}

/// A nested column with texts for its bytes, and how many of those are no text.
fn texts_inside(column: &Series) -> PolarsResult<(Series, usize)> {
    let mut strange = 0;
    let read = match column.dtype() {
        DataType::Binary => {
            let read = Form::Text { ids: false, told: true }.values(column.binary()?)?;
            strange = read.null_count() - column.null_count();
            read
        }
        DataType::List(_) => {
            // Slices of lists share all of their values, which would be counted with each of them.
            let trimmed = column.trim_lists_to_normalized_offsets();
            let (lists, inside) = (trimmed.as_ref().unwrap_or(column).list()?, Cell::new(0));
            let lists = lists.apply_to_inner(&|inner| {
                let (read, strange) = texts_inside(&inner)?;
                inside.set(inside.get() + strange);
                Ok(read)
            })?;
            strange = inside.get();
            lists.into_series()
        }
        DataType::Struct(_) => {
            let fields = column.struct_()?.try_apply_fields(|field| {
                let (read, inside) = texts_inside(field)?;
                strange += inside;
                Ok(read)
            })?;
            fields.into_series()
        }
        _ => column.clone(),
    };
    Ok((read, strange))
}

/// What casting bytes to text gave, if every value is text.
fn strict(texts: Series, bytes: &BinaryChunked) -> PolarsResult<Series> {
    if texts.null_count() > bytes.null_count() {
        polars_bail!(ComputeError: "not all of the bytes are text");
    }
    Ok(texts)
}

fn guid<'a>(bytes: &[u8], text: &'a mut String) -> &'a str {
    text.clear();
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A big-endian integer in two's complement of any width, if it has at most 38 digits.
fn decimal(bytes: &[u8]) -> Option<i128> {
    const LIMIT: i128 = 10i128.pow(38);
    let (sign, low) = bytes.split_at(bytes.len().saturating_sub(16));
    let first = *low.first()?;
    let fill = if first & 0x80 == 0 { 0 } else { 0xFF };
    if sign.iter().any(|&byte| byte != fill) {
        return None;
    }
    let mut whole = [fill; 16];
    whole[16 - low.len()..].copy_from_slice(low);
    Some(i128::from_be_bytes(whole)).filter(|number| -LIMIT < *number && *number < LIMIT)
}

fn half(bits: u16) -> f64 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1F), f64::from(bits & 0x3FF));
    sign * match exponent {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        exponent => (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_numbers_of_any_width() {
        assert_eq!(decimal(&[0xFF]), Some(-1));
        assert_eq!(decimal(&[0x01, 0x00]), Some(256));
        assert_eq!(decimal(&[0u8; 32]), Some(0));
        assert_eq!(decimal(&[&[0xFF; 31][..], &[0x9C]].concat()), Some(-100));
        assert_eq!(decimal(&[0x7F; 32]), None);
        assert_eq!(decimal(&[]), None);
    }

    #[test]
    fn halves_of_floats_are_numbers() {
        assert_eq!([0x3C00, 0xC000, 0x3555, 0x0001].map(half), [1.0, -2.0, 0.333251953125, 2f64.powi(-24)]);
        assert!(half(0x7E00).is_nan() && half(0x7C00).is_infinite());
    }

    #[test]
    fn texts_inside_of_structs_and_lists_are_read_one_by_one() {
        let names = BinaryChunked::from_iter([Some(&b"Anna"[..]), Some(b"B\xF6"), None]).with_name("name".into());
        let people = StructChunked::from_columns("person".into(), 3, &[names.into_series().into_column()]);
        let people = people.expect("a struct").into_series();
        let lists = Series::new("people".into(), [people.slice(0, 2), people.slice(2, 1)]);
        let (read, strange) = texts_inside(&lists).expect("readable");
        assert_eq!((strange, read.dtype()), (1, &texts_for_bytes(lists.dtype())));
        assert_eq!(texts_inside(&lists.slice(1, 1)).expect("readable").1, 0);
        let inner = read.list().expect("lists").get_inner();
        let names = inner.struct_().expect("structs").field_by_name("name").expect("names");
        assert_eq!(names.str().expect("texts").iter().collect::<Vec<_>>(), [Some("Anna"), None, None]);
    }

    #[test]
    fn bytes_of_ids_are_ids() {
        let bytes: Vec<u8> = (0..16).map(|at| at * 17).collect();
        assert_eq!(guid(&bytes, &mut String::new()), "00112233-4455-6677-8899-aabbccddeeff");
        let column = BinaryChunked::from_iter([Some(&bytes[..]), Some(b"<1234567@a.test>"), Some(b"\xFF"), None]);
        let read = |ids| Form::Text { ids, told: false }.values(&column).expect("readable");
        let texts =
            |series: &Series| series.str().expect("texts").iter().map(|t| t.map(str::to_string)).collect::<Vec<_>>();
        let id = Some("00112233-4455-6677-8899-aabbccddeeff".to_string());
        assert_eq!(texts(&read(true)), [id, Some("<1234567@a.test>".into()), None, None]);
        assert_eq!(texts(&read(false))[0], None);
    }
    #[test]
    fn bytes_of_conversation_indexes_are_hex_unless_they_are_text() {
        let column = BinaryChunked::from_iter([Some(&b"\x01\xD9\x41"[..]), Some(b"AdlB"), None]);
        let read = Form::Hex.values(&column).expect("readable");
        let texts: Vec<_> = read.str().expect("texts").iter().collect();
        assert_eq!(texts, [Some("01d941"), Some("AdlB"), None]);
    }
}
