//! Writes rows as Parquet in any schema that the format allows, whatever no data frame would leave.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Repetition, Type as Physical};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, FixedLenByteArray, Int96};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::Type;

/// A value of a column, as the schema has it.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Null,
    Bool(bool),
    /// Of 32 or 64 bits.
    Int(i64),
    /// Of 32 or 64 bits.
    Float(f64),
    /// Microseconds since 1970, in 96 bits.
    Int96(i64),
    /// Of any or of a fixed length.
    Bytes(Vec<u8>),
    /// Fields in the order of the schema.
    Group(Vec<Cell>),
    /// Whatever is repeated.
    Repeated(Vec<Cell>),
}

impl Cell {
    pub fn text(text: &str) -> Cell {
        Cell::Bytes(text.as_bytes().to_vec())
    }
}

/// Writes a file of columns that are `declared` as in a message type; `columns` hold one cell per row.
pub fn write(path: &Path, declared: &str, columns: &[Vec<Cell>], properties: WriterProperties, group_rows: usize) {
    let message = format!("message schema {{ {declared} }}");
    let schema = parse_message_type(&message).unwrap_or_else(|error| panic!("{error}: {message}"));
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    let file = File::create(path).expect("a file");
    let fields = schema.get_fields().to_vec();
    assert_eq!(fields.len(), columns.len(), "{message}");
    let mut writer = SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties)).expect("a writer");
    let rows = columns.first().map_or(0, Vec::len);
    for from in (0..rows).step_by(group_rows.max(1)) {
        let mut leaves = Vec::new();
        for (field, column) in fields.iter().zip(columns) {
            let first = leaves.len();
            new_leaves(field, &mut leaves);
            for cell in &column[from..rows.min(from + group_rows)] {
                shred(field, cell, Levels::default(), &mut leaves[first..]);
            }
        }
        let mut group = writer.next_row_group().expect("a row group");
        for leaf in leaves {
            let mut column = group.next_column().expect("a column").expect("a column for each leaf");
            leaf.write_to(column.untyped());
            column.close().expect("a column is written");
        }
        group.close().expect("a row group is written");
    }
    writer.close().expect("a file is written");
}

/// The values of a leaf with the levels at which they are there.
struct Leaf {
    physical: Physical,
    values: Vec<Cell>,
    defined: Vec<i16>,
    repeated: Vec<i16>,
}

#[derive(Clone, Copy, Default)]
struct Levels {
    defined: i16,
    repeated: i16,
    /// How many nodes so far may be repeated.
    most: i16,
}

fn new_leaves(field: &Type, leaves: &mut Vec<Leaf>) {
    if field.is_group() {
        field.get_fields().iter().for_each(|field| new_leaves(field, leaves));
    } else {
        let physical = field.get_physical_type();
        leaves.push(Leaf { physical, values: Vec::new(), defined: Vec::new(), repeated: Vec::new() });
    }
}

/// Takes a value apart as Dremel does; `leaves` are those of the field.
fn shred(field: &Type, cell: &Cell, levels: Levels, leaves: &mut [Leaf]) {
    let deeper = Levels { defined: levels.defined + 1, ..levels };
    match (field.get_basic_info().repetition(), cell) {
        (Repetition::REQUIRED, cell) => present(field, cell, levels, leaves),
        (Repetition::OPTIONAL, Cell::Null) => absent(levels, leaves),
        (Repetition::OPTIONAL, cell) => present(field, cell, deeper, leaves),
        (Repetition::REPEATED, Cell::Repeated(cells)) => {
            if cells.is_empty() {
                absent(levels, leaves);
            }
            for (at, cell) in cells.iter().enumerate() {
                let repeated = if at == 0 { levels.repeated } else { levels.most + 1 };
                present(field, cell, Levels { repeated, most: levels.most + 1, ..deeper }, leaves);
            }
        }
        (repetition, cell) => panic!("{} is {repetition}: {cell:?}", field.name()),
    }
}

fn absent(levels: Levels, leaves: &mut [Leaf]) {
    for leaf in leaves {
        leaf.defined.push(levels.defined);
        leaf.repeated.push(levels.repeated);
    }
}

fn present(field: &Type, cell: &Cell, levels: Levels, leaves: &mut [Leaf]) {
    match (field.is_group(), cell) {
        (true, Cell::Group(cells)) => {
            assert_eq!(field.get_fields().len(), cells.len(), "{}", field.name());
            let mut rest = leaves;
            for (field, cell) in field.get_fields().iter().zip(cells) {
                let (own, others) = rest.split_at_mut(leaves_of(field));
                shred(field, cell, levels, own);
                rest = others;
            }
        }
        (false, Cell::Null | Cell::Group(_) | Cell::Repeated(_)) | (true, _) => panic!("{}: {cell:?}", field.name()),
        (false, value) => {
            absent(levels, leaves);
            leaves[0].values.push(value.clone());
        }
    }
}

fn leaves_of(field: &Type) -> usize {
    if field.is_group() { field.get_fields().iter().map(|field| leaves_of(field)).sum() } else { 1 }
}

impl Leaf {
    fn write_to(&self, column: &mut ColumnWriter<'_>) {
        macro_rules! batch {
            ($writer:expr, $of:pat => $value:expr) => {{
                let values = self.values.iter().map(|cell| match cell {
                    $of => $value,
                    other => panic!("{other:?} is no {}", self.physical),
                });
                $writer.write_batch(&values.collect::<Vec<_>>(), Some(&self.defined), Some(&self.repeated)).map(drop)
            }};
        }
        let written = match column {
            ColumnWriter::BoolColumnWriter(writer) => batch!(writer, Cell::Bool(value) => *value),
            ColumnWriter::Int32ColumnWriter(writer) => batch!(writer, Cell::Int(value) => *value as i32),
            ColumnWriter::Int64ColumnWriter(writer) => batch!(writer, Cell::Int(value) => *value),
            ColumnWriter::Int96ColumnWriter(writer) => batch!(writer, Cell::Int96(micros) => int96(*micros)),
            ColumnWriter::FloatColumnWriter(writer) => batch!(writer, Cell::Float(value) => *value as f32),
            ColumnWriter::DoubleColumnWriter(writer) => batch!(writer, Cell::Float(value) => *value),
            ColumnWriter::ByteArrayColumnWriter(writer) => {
                batch!(writer, Cell::Bytes(value) => ByteArray::from(value.clone()))
            }
            ColumnWriter::FixedLenByteArrayColumnWriter(writer) => {
                batch!(writer, Cell::Bytes(value) => FixedLenByteArray::from(value.clone()))
            }
        };
        written.expect("a column is written");
    }
}

/// Nanoseconds of the day in 64 bits, then the day in the calendar of Julius.
fn int96(micros: i64) -> Int96 {
    const DAY: i64 = 86_400_000_000;
    let nanos = micros.rem_euclid(DAY) * 1000;
    let day = micros.div_euclid(DAY) + 2_440_588;
    let mut value = Int96::new();
    value.set_data(nanos as u32, (nanos >> 32) as u32, day as u32);
    value
}
