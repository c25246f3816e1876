//! One line of JSON as the needed columns of its table, read once and without what nobody needs.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::sources::contract::{SourceColumn, ValueKind};
use crate::sources::files::{flattened, other_names};
use crate::sources::values::nested_json::{Elements, ElementsSeed, KeptFields};

/// Columns of every data set, by which a row is known beside those of its table.
const OF_EVERY_ROW: [&str; 3] = ["puser", "ptenant", "rowinformation"];

/// A value of a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'de> {
    Null,
    Text(Cow<'de, str>),
    Texts(Vec<Cow<'de, str>>),
    Nested(Elements<'de>),
    /// Of a form that its column cannot have.
    Misfit,
}

/// The needed values of one line.
pub struct Row<'a, 'de> {
    columns: &'a [&'static SourceColumn],
    pub cells: Vec<Cell<'de>>,
    pub has_key: bool,
    /// How many of the table's columns are there, and of those that every row has.
    pub known: usize,
    /// A column that is there twice with different values, in both spellings.
    pub twice: Option<(String, String)>,
    spellings: Vec<Option<Cow<'de, str>>>,
}

impl<'a, 'de> Row<'a, 'de> {
    pub fn new(columns: &'a [&'static SourceColumn]) -> Row<'a, 'de> {
        let (cells, spellings) = (vec![Cell::Null; columns.len()], vec![None; columns.len()]);
        Row { columns, cells, has_key: false, known: 0, twice: None, spellings }
    }

    pub fn fill(
        &mut self,
        deserializer: &mut serde_json::Deserializer<serde_json::de::SliceRead<'de>>,
    ) -> serde_json::Result<()> {
        deserializer.deserialize_map(self)
    }

    /// Takes the field of a struct that is a column of its own.
    fn put_together(&mut self, at: usize, field: &str, text: Option<Cow<'de, str>>) {
        let leaves = KeptFields::of(self.columns[at].name, self.columns[at].kind).leaves;
        let Some(leaf) = leaves.iter().position(|path| path.last() == Some(&field)) else { return };
        if self.cells[at] == Cell::Null {
            self.cells[at] = Cell::Nested(Elements { texts: vec![None; leaves.len()] });
        }
        if let Cell::Nested(Elements { texts }) = &mut self.cells[at]
            && let Some(own) = texts.get_mut(leaf)
        {
            *own = own.take().or(text);
        }
    }

    /// Whether it says something about a mailbox, or that an item is gone from it, and is no item itself (rule I9).
    pub fn is_mark(&self) -> bool {
        let says = |(column, cell): (&&SourceColumn, &Cell<'_>)| match cell {
            Cell::Nested(elements) if ["rowinformation", "@removed"].contains(&column.name) => {
                elements.says_true_or_more()
            }
            _ => false,
        };
        self.columns.iter().zip(&self.cells).any(says)
    }
}

impl<'de> Visitor<'de> for &mut Row<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<(), A::Error> {
        // By other names than the table's own, which count where those are not there.
        let mut others: Vec<(usize, Cell<'de>)> = Vec::new();
        while let Some(name) = map.next_key_seed(TextSeed)? {
            let Some(name) = name else { return Err(A::Error::custom("a name that is no text")) };
            let at = self.columns.iter().position(|column| column.name.eq_ignore_ascii_case(&name));
            let part =
                || self.columns.iter().enumerate().find_map(|(at, own)| Some((at, flattened::field(own, &name)?)));
            if at.is_none()
                && let Some((at, field)) = part()
            {
                let text = map.next_value_seed(TextSeed)?;
                self.put_together(at, field, text);
                continue;
            }
            if at.is_none()
                && let Some(other) = other_names::in_table(&name)
                && let Some(at) = self.columns.iter().position(|column| column.name == other)
            {
                others.push((at, map.next_value_seed(CellSeed { column: self.columns[at] })?));
                continue;
            }
            let Some(at) = at else {
                self.known += usize::from(OF_EVERY_ROW.iter().any(|known| known.eq_ignore_ascii_case(&name)));
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let column = self.columns[at];
            let cell = map.next_value_seed(CellSeed { column })?;
            if self.spellings[at].is_none() {
                self.known += 1;
                self.has_key |= column.required;
            }
            if let Some(before) = self.spellings[at].replace(name.clone())
                && self.cells[at] != Cell::Null
            {
                if cell != Cell::Null && cell != self.cells[at] {
                    self.twice = Some((before.into_owned(), name.into_owned()));
                    return Err(A::Error::custom("a column twice"));
                }
                continue;
            }
            self.cells[at] = cell;
        }
        for (at, cell) in others.into_iter().filter(|(at, _)| self.spellings[*at].is_none()) {
            self.cells[at] = cell;
            self.known += 1;
            self.has_key |= self.columns[at].required;
        }
        Ok(())
    }
}

/// A name or a text; none for whatever else.
struct TextSeed;

impl<'de> DeserializeSeed<'de> for TextSeed {
    type Value = Option<Cow<'de, str>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<Self::Value, D::Error> {
        let cell = CellSeed::scalar(deserializer)?;
        Ok(if let Cell::Text(text) = cell { Some(text) } else { None })
    }
}

/// A value as its column may hold it.
struct CellSeed {
    column: &'static SourceColumn,
}

impl CellSeed {
    fn scalar<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Cell<'de>, D::Error> {
        deserializer.deserialize_any(CellVisitor { lists: false })
    }
}

impl<'de> DeserializeSeed<'de> for CellSeed {
    type Value = Cell<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<Cell<'de>, D::Error> {
        match self.column.kind {
            ValueKind::Struct | ValueKind::Structs => {
                let form = KeptFields::of(self.column.name, self.column.kind);
                let elements = ElementsSeed::new(form).deserialize(deserializer)?;
                Ok(match elements {
                    Ok(Some(elements)) => Cell::Nested(elements),
                    Ok(None) => Cell::Null,
                    Err(_) => Cell::Misfit,
                })
            }
            ValueKind::Texts => deserializer.deserialize_any(CellVisitor { lists: true }),
            _ => CellSeed::scalar(deserializer),
        }
    }
}

struct CellVisitor {
    lists: bool,
}

impl<'de> Visitor<'de> for CellVisitor {
    type Value = Cell<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> std::result::Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> std::result::Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Owned(text.to_string())))
    }

    fn visit_bool<E>(self, truth: bool) -> std::result::Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Borrowed(if truth { "true" } else { "false" })))
    }

    fn visit_i64<E>(self, number: i64) -> std::result::Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Owned(number.to_string())))
    }

    fn visit_u64<E>(self, number: u64) -> std::result::Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Owned(number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> std::result::Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Owned(number.to_string())))
    }

    fn visit_unit<E>(self) -> std::result::Result<Cell<'de>, E> {
        Ok(Cell::Null)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Cell<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Cell::Misfit)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> std::result::Result<Cell<'de>, A::Error> {
        if !self.lists {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Cell::Misfit);
        }
        let (mut texts, mut strange) = (Vec::new(), false);
        while let Some(cell) = seq.next_element_seed(ItemSeed)? {
            match cell {
                Cell::Text(text) => texts.push(text),
                Cell::Null => {}
                _ => strange = true,
            }
        }
        Ok(if strange { Cell::Misfit } else { Cell::Texts(texts) })
    }
}

struct ItemSeed;

impl<'de> DeserializeSeed<'de> for ItemSeed {
    type Value = Cell<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<Cell<'de>, D::Error> {
        CellSeed::scalar(deserializer)
    }
}
