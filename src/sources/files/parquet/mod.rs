//! Parquet files as tables see them: the needed columns, whatever else is in the file and however
//! writers of old left it (rules I3, I4, I7).

mod footer;
mod forms;
mod meaning;
mod of_table;
mod pages;
mod thrift;
mod tree;
mod view;

use std::fs::File;
use std::ops::Range;
use std::path::Path;

use arrow_ipc::{Type as ArrowType, root_as_message};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use polars::prelude::{DataType, PlSmallStr, PolarsResult, Schema};

pub use self::footer::{Footer, Unread};
pub use self::forms::Form;
use self::meaning::Meaning;
pub use self::tree::Node;
use self::tree::{Root, Shape};
pub use self::view::View;
use crate::sources::files::delta::{DeltaTable, Mapping};
use crate::sources::files::other_names;

/// How a file holds the needed columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    /// Their types once they are read, by the table's names; structs of which no field is read have none.
    pub schema: Schema,
    /// How they are read, where that is another way than the engine's.
    pub forms: Vec<(PlSmallStr, Form)>,
    /// Those that cannot be read, with a word for what they are.
    pub odd: Vec<(PlSmallStr, &'static str)>,
    /// Those of which the engine may not know the encoding, with its name.
    pub encoded: Vec<(PlSmallStr, &'static str)>,
}

/// A column whose bytes cannot be read, and why.
#[derive(Debug)]
pub struct Faulty {
    pub column: String,
    pub message: String,
    pub remedy: &'static str,
}

/// Which columns of a file are whose.
pub struct NeededColumns<'a> {
    /// Whether a column is needed, by the table's name for it.
    pub needed: &'a dyn Fn(&str) -> bool,
    /// The Delta table that the file belongs to.
    pub delta: Option<&'a DeltaTable>,
}

/// The footer of a file.
pub fn footer(path: &Path) -> Result<Footer, Unread> {
    footer::read(&File::open(path).map_err(Unread::Storage)?)
}

/// Where the chunks of needed columns lie.
pub fn ranges(footer: &Footer, names: &NeededColumns<'_>) -> Vec<Range<u64>> {
    let columns = needed(footer, names).unwrap_or_default();
    let mut leaves = Vec::new();
    let kept: Vec<Node> = columns.into_iter().filter_map(|column| column.pruned().ok()).collect();
    kept.iter().for_each(|column| column.leaves(&mut leaves));
    let chunks = footer.groups.iter().flat_map(|group| leaves.iter().filter_map(|leaf| group.chunks.get(leaf.at)));
    chunks.filter_map(|chunk| chunk.range(footer.size)).collect()
}

/// The needed columns of a file, and the file as the engine is shown it; with `bytes_for_texts` texts are
/// bytes to it, of which those that are no text are null.
///
/// # Errors
/// The first column that cannot be read for what is wrong with its bytes.
pub fn columns(
    footer: &Footer,
    needed: Vec<Node>,
    bytes_for_texts: bool,
) -> Result<PolarsResult<(Columns, View)>, Faulty> {
    let spans = spans(footer);
    let mut columns = Columns::default();
    let mut hollow = Vec::new();
    let mut read: Vec<Node> = Vec::new();
    for column in needed {
        let name = PlSmallStr::from(column.name.as_str());
        let is_nothing = is_nothing(footer, &column);
        let node = column.pruned().and_then(|mut node| {
            let of_any_length = has_lengths(footer, &node);
            let form = match &node.shape {
                Shape::Leaf(leaf) if leaf.physical == 2 && leaf.meaning.is_none() && spans.contains(&node.name) => {
                    Err("a duration")
                }
                Shape::Leaf(leaf) if bytes_for_texts && leaf.is_text() => Ok(Form::Text { ids: false, told: true }),
                Shape::Leaf(leaf) => Form::of(&node.name, leaf),
                _ if bytes_for_texts => Ok(Form::Texts),
                _ => Ok(Form::Plain),
            };
            let form = form.map(|form| match &mut node.shape {
                Shape::Leaf(leaf) if of_any_length && form != Form::Null => {
                    // The engine reads this encoding of bytes of any length only.
                    let form = match (form, leaf.meaning) {
                        (Form::Plain, Some(Meaning::Decimal(scale, _))) => Form::Decimal(scale.unsigned_abs() as usize),
                        (form, _) => form,
                    };
                    (leaf.physical, leaf.meaning) = (6, None);
                    form
                }
                _ => form,
            });
            form.map(|form| (node, form))
        });
        match node {
            Ok((_, Form::Null)) => columns.forms.push((name, Form::Null)),
            Err(_) if is_nothing => columns.forms.push((name, Form::Null)),
            Err(word) => columns.odd.push((name, word)),
            Ok((node, _)) if matches!(&node.shape, Shape::Struct(fields) if fields.is_empty()) => hollow.push(name),
            Ok((node, _)) if read.iter().any(|other| other.name == node.name) => {
                columns.odd.push((name, "a column of the same name as another"));
            }
            Ok((mut node, form)) => {
                if let Some((message, remedy)) = fault(footer, &node) {
                    return Err(Faulty { column: node.name, message: message.into(), remedy });
                }
                if let Some(word) = encoding(footer, &node) {
                    columns.encoded.push((name.clone(), word));
                }
                if form != Form::Plain {
                    columns.forms.push((name, form));
                }
                if bytes_for_texts {
                    node.texts_as_bytes();
                }
                read.push(node);
            }
        }
    }
    Ok(View::of(footer, &read).map(|(view, schema)| {
        columns.schema = schema;
        for (name, form) in &columns.forms {
            if let Some(dtype) = form.dtype(columns.schema.get(name)) {
                columns.schema.with_column(name.clone(), dtype);
            }
        }
        columns.schema.extend(hollow.into_iter().map(|name| (name, DataType::Struct(Vec::new()))));
        (columns, view)
    }))
}

/// The needed columns as trees, by the table's names; none for a footer that contradicts itself.
pub fn needed(footer: &Footer, names: &NeededColumns<'_>) -> Option<Vec<Node>> {
    let (roots, leaves) = tree::roots(footer)?;
    if footer.groups.iter().any(|group| group.chunks.len() != leaves) || !footer.counts_add_up() {
        return None;
    }
    let delta = names.delta;
    let mapping = delta.map_or(Mapping::None, |delta| delta.mapping);
    let has_ids = roots.iter().any(|root| root.field_id.is_some());
    let by_id = mapping == Mapping::Id && has_ids;
    let mut columns = Vec::new();
    // What the file holds under the table's own name counts before what it holds under another.
    let all_names = || match (delta, mapping) {
        (Some(delta), Mapping::Name | Mapping::Id) => delta.columns.iter().map(|column| column.name.as_str()).collect(),
        _ => roots.iter().map(|root| root.name.as_str()).collect::<Vec<_>>(),
    };
    let of_web = |name: &str| {
        let name = other_names::in_table(name).filter(|name| (names.needed)(name))?;
        (!all_names().iter().any(|own| own.eq_ignore_ascii_case(&name))).then_some(name)
    };
    for root in &roots {
        let of_table = delta.and_then(|delta| {
            let is_it = |root: &Root, stored: &str, id: Option<i64>| match by_id {
                true => root.field_id.is_some() && root.field_id.map(i64::from) == id,
                false if mapping == Mapping::None => root.name.eq_ignore_ascii_case(stored),
                false => root.name == stored,
            };
            delta.columns.iter().find(|column| is_it(root, &column.stored, column.field_id))
        });
        let own_name = match (of_table, mapping) {
            // Where a file holds a partition column as well, the log is right.
            (Some(column), _) if column.partition.is_some() => continue,
            (_, Mapping::None) => root.name.as_str(),
            (Some(column), _) => column.name.as_str(),
            // A dropped column stays in the files under a name that the table no longer has.
            (None, _) => continue,
        };
        let of_web = if (names.needed)(own_name) { None } else { of_web(own_name) };
        // Columns that nobody needs may be whatever they are.
        if of_web.is_none() && !(names.needed)(own_name) {
            continue;
        }
        let mut node = tree::column(footer, root);
        if let Some(column) = of_table {
            if mapping != Mapping::None {
                node.renamed(column, if by_id { mapping } else { Mapping::Name });
            }
            node.marked(column);
        }
        node.name = of_web.unwrap_or(node.name);
        columns.push(node);
    }
    Some(columns)
}

/// What is wrong with the bytes of a column, before they are read, and what to do.
fn fault(footer: &Footer, column: &Node) -> Option<(&'static str, &'static str)> {
    const AGAIN: &str = "copy or export the file again";
    const PACKED: &str = "write it with Snappy, gzip or Zstandard";
    let mut leaves = Vec::new();
    column.leaves(&mut leaves);
    let is_flat = matches!(column.shape, Shape::Leaf(_));
    let chunks = footer
        .groups
        .iter()
        .flat_map(|group| leaves.iter().filter_map(|leaf| Some((group.rows, group.chunks.get(leaf.at)?))));
    { chunks }.find_map(|(rows, chunk)| match chunk.codec {
        _ if chunk.encrypted => Some(("the column is encrypted", "export it without encryption")),
        _ if chunk.elsewhere => Some(("its values are in another file", "export the table as whole files")),
        3 => Some(("the column is compressed with LZO, which is not read", PACKED)),
        codec if !(0..=7).contains(&codec) => Some(("the column is compressed in a way that is not known", PACKED)),
        _ if chunk.range(footer.size).is_none() => {
            Some(("the file is no readable Parquet: its footer names bytes beyond its end", AGAIN))
        }
        // A row has one value, or at least the sign of an empty list.
        _ if chunk.values < rows || (is_flat && chunk.values != rows) => {
            Some(("the file is no readable Parquet: the column has not as many values as the file has rows", AGAIN))
        }
        _ => None,
    })
}

const DELTA_BYTE_ARRAY: u32 = 7;

/// Whether a column of bytes of a fixed length is written as those of any length are, in all row groups.
fn has_lengths(footer: &Footer, column: &Node) -> bool {
    let Shape::Leaf(leaf) = &column.shape else { return false };
    let mut chunks = footer.groups.iter().filter_map(|group| group.chunks.get(leaf.at));
    // All other encodings but those of levels lack the lengths.
    let others = [0, 2, 5, 6, 8, 9];
    leaf.physical == 7
        && !footer.groups.is_empty()
        && chunks.all(|chunk| chunk.has(DELTA_BYTE_ARRAY) && !others.iter().any(|code| chunk.has(*code)))
}

/// The name of an encoding that the engine does not know for a column's type.
fn encoding(footer: &Footer, column: &Node) -> Option<&'static str> {
    const DELTAS: [(u32, &str); 3] =
        [(5, "DELTA_BINARY_PACKED"), (6, "DELTA_LENGTH_BYTE_ARRAY"), (DELTA_BYTE_ARRAY, "DELTA_BYTE_ARRAY")];
    const SPLIT: (u32, &str) = (9, "BYTE_STREAM_SPLIT");
    let mut leaves = Vec::new();
    column.leaves(&mut leaves);
    let mut chunks = footer
        .groups
        .iter()
        .flat_map(|group| leaves.iter().filter_map(|leaf| Some((leaf.physical, group.chunks.get(leaf.at)?))));
    chunks.find_map(|(physical, chunk)| {
        let unknown = match physical {
            1 | 2 => &[DELTAS[1], DELTAS[2]][..],
            4 | 5 => &DELTAS[..],
            6 => &[DELTAS[0], SPLIT],
            _ => &[DELTAS[0], DELTAS[1], DELTAS[2], SPLIT],
        };
        let later = (chunk.encodings >> 10 != 0).then_some("something that is newer than this program");
        unknown.iter().find(|(code, _)| chunk.has(*code)).map(|(_, name)| *name).or(later)
    })
}

/// Whether a column holds nothing but nulls and empty lists, by its type or as far as its writer counted them.
fn is_nothing(footer: &Footer, column: &Node) -> bool {
    let mut leaves = Vec::new();
    column.leaves(&mut leaves);
    let is_null = |leaf: &&tree::Leaf| {
        let mut chunks = footer.groups.iter().filter_map(|group| group.chunks.get(leaf.at));
        leaf.meaning == Some(Meaning::Null) || chunks.all(|chunk| chunk.nulls == Some(chunk.values))
    };
    !leaves.is_empty() && leaves.iter().all(is_null)
}

/// Names of columns that hold spans of time. Parquet has no type for them: they are integers in it, and
/// only what writers leave for readers of Arrow tells.
fn spans(footer: &Footer) -> Vec<String> {
    let found = || {
        let bytes = BASE64_STANDARD.decode(footer.arrow.as_ref()?).ok()?;
        let message = match bytes.strip_prefix(&[0xFF; 4]) {
            Some(rest) => rest.get(4..)?,
            None => &bytes[..],
        };
        let fields = root_as_message(message).ok()?.header_as_schema()?.fields()?;
        let spans = fields.iter().filter(|field| field.type_type() == ArrowType::Duration);
        Some(spans.filter_map(|field| field.name().map(str::to_string)).collect())
    };
    found().unwrap_or_default()
}
