//! A Parquet file with a footer that names only what is needed of it.
//!
//! The engine reads the schema of a whole file before it reads anything, and fails at one column that
//! it has no type for. So it is shown the file with another footer behind it, in which the needed
//! columns are all there is, their lists in one form and their types in words that it knows.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use memmap2::MmapOptions;
use polars::prelude::{PolarsResult, Schema, SchemaExt};
use polars_arrow::datatypes::TimeUnit;
use polars_buffer::Buffer;
use polars_parquet::parquet::read::deserialize_metadata;
use polars_parquet::read::schema::{SchemaInferenceOptions, parquet_to_arrow_schema_with_options};
use polars_parquet::write::schema_to_metadata_key;
use polars_parquet_format::thrift::protocol::TCompactOutputProtocol;
use polars_parquet_format::{
    ColumnChunk, ColumnMetaData, CompressionCodec, DateType, DecimalType, FieldRepetitionType, FileMetaData, IntType,
    ListType, LogicalType, MicroSeconds, MilliSeconds, NanoSeconds, RowGroup, SchemaElement, StringType,
    TimeUnit as ParquetUnit, TimestampType, Type,
};
use rayon::prelude::*;

use crate::sources::files::parquet::footer::{Chunk, Footer};
use crate::sources::files::parquet::meaning::{Meaning, Unit};
use crate::sources::files::parquet::pages;
use crate::sources::files::parquet::tree::{Leaf, Node, Shape};
use crate::storage::FileState;

/// Stands for the columns that are not needed. Without it the engine would take the needed ones for the
/// whole file, and ask the system for all that lies between them.
const REST: &str = "_rest";

/// The footer that the engine is shown.
#[derive(Debug)]
pub struct View {
    footer: FileMetaData,
    /// Of the file, when its own footer was read.
    size: u64,
    state: FileState,
}

impl View {
    /// Of needed columns, with the schema that the engine sees in it.
    pub fn of(footer: &Footer, columns: &[Node]) -> PolarsResult<(View, Schema)> {
        let mut leaves = Vec::new();
        columns.iter().for_each(|column| column.leaves(&mut leaves));
        let mut schema = vec![SchemaElement { num_children: Some(columns.len() as i32 + 1), ..element("root") }];
        columns.iter().for_each(|column| elements(column, &column.name, &mut schema));
        let rest = Leaf { at: 0, physical: 1, length: 0, meaning: None };
        let node = Node { name: REST.into(), field_id: None, optional: true, shape: Shape::Leaf(rest) };
        elements(&node, REST, &mut schema);
        let groups = footer.groups.iter().map(|group| {
            let chunks = leaves.iter().filter_map(|leaf| Some(chunk(leaf.physical, group.chunks.get(leaf.at)?)));
            RowGroup {
                columns: chunks.chain([chunk(1, &Chunk::default())]).collect(),
                total_byte_size: group.bytes,
                num_rows: group.rows,
                sorting_columns: None,
                file_offset: None,
                total_compressed_size: None,
                ordinal: None,
            }
        });
        let metadata = FileMetaData {
            version: 1,
            schema,
            num_rows: footer.rows,
            row_groups: groups.collect(),
            key_value_metadata: None,
            created_by: None,
            column_orders: None,
            encryption_algorithm: None,
            footer_signing_key_metadata: None,
        };
        let mut view = View { footer: metadata, size: footer.size, state: footer.state };
        // Instants of 96 bits are nanoseconds to the engine unless it is told otherwise, and years beyond
        // those are lost.
        let options = Some(SchemaInferenceOptions { int96_coerce_to_timeunit: TimeUnit::Microsecond });
        let seen = deserialize_metadata(Buffer::from_vec(view.encoded(None)?))?;
        let mut arrow = parquet_to_arrow_schema_with_options(seen.schema().fields(), &options);
        if leaves.iter().any(|leaf| leaf.physical == 3) {
            view.footer.key_value_metadata = Some(vec![schema_to_metadata_key(&arrow)]);
        }
        arrow.remove(REST);
        Ok((view, Schema::from_arrow_schema(&arrow)))
    }

    /// How many bytes of the file are needed.
    pub fn size(&self) -> u64 {
        chunks(&self.footer).map(|pages| u64::try_from(pages.total_compressed_size).unwrap_or_default()).sum()
    }

    /// The footer's bytes; of chunks that lie elsewhere than in the file, with their places.
    fn encoded(&self, places: Option<&[i64]>) -> PolarsResult<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut protocol = TCompactOutputProtocol::new(&mut bytes);
        let written = match places {
            None => self.footer.write_to_out_protocol(&mut protocol),
            Some(places) => moved(&self.footer, places).write_to_out_protocol(&mut protocol),
        };
        written.map_err(|_| polars::prelude::polars_err!(ComputeError: "a footer cannot be written"))?;
        Ok(bytes)
    }

    /// What is needed of the file in memory, with this footer behind it. It is of one state of the file, that of
    /// which the footer is, and stays as it is: the decoder checks bytes once and trusts them from then on.
    pub fn bytes(&self, file: &File) -> io::Result<Buffer<u8>> {
        let is_damaged = |_| io::Error::from(io::ErrorKind::InvalidData);
        let changed = || io::Error::new(io::ErrorKind::ResourceBusy, "it changed while it was being read");
        let is_same = || if FileState::of(&file.metadata()?) == self.state { Ok(()) } else { Err(changed()) };
        if file.metadata()?.len() != self.size {
            return Err(changed());
        }
        let lengths =
            || chunks(&self.footer).map(|pages| usize::try_from(pages.total_compressed_size).unwrap_or_default());
        // Chunks that overlap would take more memory than the file has bytes: then all of it is read, as it lies.
        let pages = lengths().try_fold(0usize, usize::checked_add).filter(|pages| *pages as u64 <= self.size);
        let places = pages.map(|_| {
            let places = lengths().scan(0, |end, length| Some(std::mem::replace(end, *end + length as i64)));
            places.collect::<Vec<i64>>()
        });
        let mut footer = self.encoded(places.as_deref()).map_err(is_damaged)?;
        let length = u32::try_from(footer.len()).unwrap_or(u32::MAX);
        footer.extend(length.to_le_bytes());
        footer.extend(b"PAR1");
        let pages = match pages {
            Some(pages) => pages,
            None => usize::try_from(self.size).map_err(io::Error::other)?,
        };
        // Memory of its own goes back to the system as soon as the file is read; from the heap, it would lie among
        // what stays.
        let mut bytes = MmapOptions::new().len(pages + footer.len()).populate().map_anon()?;
        bytes[pages..].copy_from_slice(&footer);
        let mut rest = &mut bytes[..pages];
        let parts: Vec<Part> = match &places {
            None => vec![Part { from: 0, values: i64::MAX, bytes: rest }],
            Some(_) => {
                let parts = chunks(&self.footer).zip(lengths()).map(|(pages, length)| {
                    let (part, behind) = std::mem::take(&mut rest).split_at_mut(length);
                    rest = behind;
                    let from = first_page(pages).try_into().unwrap_or_default();
                    Part { from, values: pages.num_values, bytes: part }
                });
                parts.collect()
            }
        };
        let is_placed = places.is_some();
        let read = |part: Part| {
            file.read_exact_at(part.bytes, part.from)?;
            if is_placed { whole(part.bytes, part.values) } else { Ok(()) }
        };
        let read = parts.into_par_iter().try_for_each(read).and_then(|()| {
            let overlapping = chunks(&self.footer).zip(lengths()).filter(|_| !is_placed);
            let overlapping = overlapping.filter_map(|(pages, length)| {
                let begin = usize::try_from(first_page(pages)).unwrap_or_default();
                Some((bytes.get(begin..)?.get(..length)?, pages.num_values))
            });
            let overlapping: Vec<(&[u8], i64)> = overlapping.collect();
            overlapping.into_par_iter().try_for_each(|(chunk, values)| whole(chunk, values))
        });
        read.or_else(|error| {
            // Of a file that was cut short or is being written nothing is wrong but the moment.
            is_same().and(Err(error))
        })?;
        is_same()?;
        Ok(Buffer::from_owner(bytes))
    }
}

/// A stretch of a file that is read: a chunk of a column, or all of it.
struct Part<'a> {
    from: u64,
    /// How many values it holds.
    values: i64,
    bytes: &'a mut [u8],
}

/// An error where pages are not what they say of themselves.
fn whole(chunk: &[u8], values: i64) -> io::Result<()> {
    let damaged = |fault| Err(io::Error::new(io::ErrorKind::InvalidData, fault));
    pages::fault(chunk, values).map_or(Ok(()), damaged)
}

fn chunks(footer: &FileMetaData) -> impl Iterator<Item = &ColumnMetaData> {
    footer.row_groups.iter().flat_map(|group| &group.columns).filter_map(|chunk| chunk.meta_data.as_ref())
}

fn first_page(pages: &ColumnMetaData) -> i64 {
    pages.dictionary_page_offset.unwrap_or(pages.data_page_offset)
}

/// The footer with its chunks at other places.
fn moved(footer: &FileMetaData, places: &[i64]) -> FileMetaData {
    let mut footer = footer.clone();
    let chunks = footer.row_groups.iter_mut().flat_map(|group| &mut group.columns);
    for (pages, place) in chunks.filter_map(|chunk| chunk.meta_data.as_mut()).zip(places) {
        let by = place - first_page(pages);
        pages.data_page_offset += by;
        pages.dictionary_page_offset = pages.dictionary_page_offset.map(|at| at + by);
    }
    footer
}

fn element(name: &str) -> SchemaElement {
    SchemaElement {
        type_: None,
        type_length: None,
        repetition_type: None,
        name: name.into(),
        num_children: None,
        converted_type: None,
        scale: None,
        precision: None,
        field_id: None,
        logical_type: None,
    }
}

fn elements(node: &Node, name: &str, schema: &mut Vec<SchemaElement>) {
    let repetition = if node.optional { FieldRepetitionType::OPTIONAL } else { FieldRepetitionType::REQUIRED };
    let own = SchemaElement { repetition_type: Some(repetition), ..element(name) };
    match &node.shape {
        Shape::Leaf(leaf) => schema.push(SchemaElement {
            type_: Some(Type(leaf.physical)),
            type_length: (leaf.physical == 7).then_some(leaf.length as i32),
            logical_type: leaf.told().map(|meaning| logical_type(leaf, meaning)),
            ..own
        }),
        Shape::Struct(fields) => {
            schema.push(SchemaElement { num_children: Some(fields.len() as i32), ..own });
            fields.iter().for_each(|field| elements(field, &field.name, schema));
        }
        Shape::List(inner) => {
            let list = Some(LogicalType::LIST(ListType {}));
            schema.push(SchemaElement { num_children: Some(1), logical_type: list, ..own });
            schema.push(SchemaElement {
                num_children: Some(1),
                repetition_type: Some(FieldRepetitionType::REPEATED),
                ..element("list")
            });
            elements(inner, "element", schema);
        }
        Shape::Odd(..) => {}
    }
}

fn logical_type(leaf: &Leaf, meaning: Meaning) -> LogicalType {
    match meaning {
        Meaning::Decimal(scale, precision) => {
            // Some writers promise more digits than the type has room for.
            let digits = match (leaf.physical, leaf.length) {
                (1, _) => 9,
                (2, _) => 18,
                (_, length) => ((8.0 * length as f64 - 1.0) * std::f64::consts::LOG10_2).floor() as i32,
            };
            LogicalType::DECIMAL(DecimalType { scale, precision: precision.min(digits) })
        }
        Meaning::Date => LogicalType::DATE(DateType {}),
        Meaning::Timestamp(unit) => LogicalType::TIMESTAMP(TimestampType {
            is_adjusted_to_u_t_c: false,
            unit: match unit {
                Unit::Millis => ParquetUnit::MILLIS(MilliSeconds {}),
                Unit::Micros => ParquetUnit::MICROS(MicroSeconds {}),
                Unit::Nanos => ParquetUnit::NANOS(NanoSeconds {}),
            },
        }),
        Meaning::Integer(bit_width, is_signed) => LogicalType::INTEGER(IntType { bit_width, is_signed }),
        _ => LogicalType::STRING(StringType {}),
    }
}

fn chunk(physical: i32, chunk: &Chunk) -> ColumnChunk {
    ColumnChunk {
        file_path: None,
        file_offset: 0,
        meta_data: Some(ColumnMetaData {
            type_: Type(physical),
            encodings: Vec::new(),
            path_in_schema: Vec::new(),
            codec: CompressionCodec(chunk.codec),
            num_values: chunk.values,
            total_uncompressed_size: chunk.uncompressed,
            total_compressed_size: chunk.compressed,
            key_value_metadata: None,
            data_page_offset: chunk.data_page,
            index_page_offset: None,
            dictionary_page_offset: chunk.dictionary(),
            statistics: None,
            encoding_stats: None,
            bloom_filter_offset: None,
            bloom_filter_length: None,
            size_statistics: None,
        }),
        offset_index_offset: None,
        offset_index_length: None,
        column_index_offset: None,
        column_index_length: None,
        crypto_metadata: None,
        encrypted_column_metadata: None,
    }
}
