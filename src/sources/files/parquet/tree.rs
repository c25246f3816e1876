//! The needed columns of a Parquet file as trees: lists in one form, whichever of those that the
//! format allows the file has, and only the fields that somebody reads.
//!
//! How writers left lists before there was a rule is told under "Backward-compatibility rules" of the
//! format's logical types. What a list is called and how many levels it has says nothing about the
//! bytes of its pages, so that a list of one form is read as one of another.

use crate::sources::files::parquet::footer::{Element, Footer};
use crate::sources::files::parquet::meaning::Meaning;
use crate::sources::values::nested;

/// Stands for the name of what is repeated without the annotation of a list.
const REPEATED: &str = "";

/// How deep a column that is needed may be nested.
const DEPTH: usize = 32;

/// A column or a part of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub name: String,
    pub field_id: Option<i32>,
    pub optional: bool,
    pub shape: Shape,
}

/// What a node consists of.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Leaf(Leaf),
    Struct(Vec<Node>),
    List(Box<Node>),
    /// What cannot be read, by a word for it, with all that is inside of it.
    Odd(&'static str, Vec<Leaf>),
}

/// A leaf: values of one physical type.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// Which chunk of each row group it is.
    pub at: usize,
    pub physical: i32,
    pub length: usize,
    pub meaning: Option<Meaning>,
}

/// A column of the file, before anything of it is looked at.
#[derive(Clone, Debug)]
pub struct Root {
    /// The name in the file.
    pub name: String,
    pub field_id: Option<i32>,
    /// Where it begins among the elements, and its first leaf among the leaves.
    element: usize,
    leaf: usize,
}

/// The columns of a file, and how many leaves it has; none for a schema that does not add up.
pub fn roots(footer: &Footer) -> Option<(Vec<Root>, usize)> {
    let elements = &footer.elements;
    let (mut roots, mut at, mut leaf) = (Vec::new(), 1, 0);
    for _ in 0..elements.first()?.children {
        let element = elements.get(at)?;
        roots.push(Root { name: element.name.clone(), field_id: element.field_id, element: at, leaf });
        // A column as deep as anybody likes is passed over without a call per level.
        let mut open = 1usize;
        while open > 0 {
            let element = elements.get(at)?;
            open = (open - 1).checked_add(element.children)?;
            leaf += usize::from(element.physical.is_some() && element.children == 0);
            at += 1;
        }
    }
    (at == elements.len()).then_some((roots, leaf))
}

/// A column as a tree.
pub fn column(footer: &Footer, root: &Root) -> Node {
    let mut position = Position { element: root.element, leaf: root.leaf };
    let named = |shape| Node { name: root.name.clone(), field_id: root.field_id, optional: true, shape };
    node(&footer.elements, &mut position, DEPTH).map_or_else(
        || named(Shape::Odd("a column nested too deep", Vec::new())),
        |(mut node, repeated)| {
            // Some writers leave out that a group which holds nothing but a list is one.
            if let (false, Shape::Struct(fields)) = (repeated, &mut node.shape)
                && let [only] = &fields[..]
                && is_repeated(only)
                && !nested::is_field(&only.name)
                && let Some(Node { name, shape: Shape::List(repeated), .. }) = fields.pop()
            {
                node.shape = Shape::List(Box::new(unwrapped(*repeated, &name, &node.name)));
            }
            node
        },
    )
}

/// How far a walk through the elements of a footer has come.
struct Position {
    element: usize,
    leaf: usize,
}

/// The node at a position, and whether it was repeated without the annotation of a list.
fn node(elements: &[Element], position: &mut Position, depth: usize) -> Option<(Node, bool)> {
    let element = elements.get(position.element)?;
    let depth = depth.checked_sub(1)?;
    position.element += 1;
    let shape = match element.physical {
        Some(physical) if element.children == 0 => {
            let shape = Leaf { at: position.leaf, physical, length: element.length, meaning: element.meaning };
            position.leaf += 1;
            Shape::Leaf(shape)
        }
        _ => {
            let mut fields = Vec::new();
            for _ in 0..element.children {
                fields.push(node(elements, position, depth)?);
            }
            group(element, fields)
        }
    };
    let own = |optional, shape| Node { name: element.name.clone(), field_id: element.field_id, optional, shape };
    Some(match element.repetition {
        2 => {
            let repeated = Node { name: REPEATED.into(), field_id: None, optional: false, shape };
            (own(false, Shape::List(Box::new(repeated))), true)
        }
        repetition => (own(repetition == 1, shape), false),
    })
}

fn group(element: &Element, mut fields: Vec<(Node, bool)>) -> Shape {
    let word = match element.meaning {
        Some(Meaning::Map) => "a map",
        Some(Meaning::Other(word)) => word,
        Some(Meaning::List) => match (fields.pop(), fields.is_empty()) {
            (Some((Node { name, shape: Shape::List(repeated), .. }, true)), true) => {
                return Shape::List(Box::new(unwrapped(*repeated, &name, &element.name)));
            }
            (last, _) => {
                fields.extend(last);
                "a list of an unknown form"
            }
        },
        _ if fields.is_empty() => "a group without fields",
        _ => return Shape::Struct(fields.into_iter().map(|(field, _)| field).collect()),
    };
    let mut leaves = Vec::new();
    fields.iter().for_each(|(field, _)| field.leaves(&mut leaves));
    Shape::Odd(word, leaves.into_iter().cloned().collect())
}

/// The element of a list, given the repeated group in it: the group's one field, or the group itself
/// where it has several, by the names that writers of old gave to it, or where the field is one of those
/// that an element of ours has.
fn unwrapped(repeated: Node, name: &str, list: &str) -> Node {
    let itself = name == "array" || name.strip_suffix("_tuple") == Some(list);
    match repeated.shape {
        Shape::Struct(mut fields) if fields.len() == 1 && !itself => match fields.pop() {
            Some(field) if !nested::is_field(&field.name) && !is_repeated(&field) => field,
            field => Node { shape: Shape::Struct(field.into_iter().collect()), ..repeated },
        },
        shape => Node { shape, ..repeated },
    }
}

/// Whether the node is a list for no other reason than that it is repeated.
fn is_repeated(node: &Node) -> bool {
    matches!(&node.shape, Shape::List(element) if element.name == REPEATED)
}

impl Node {
    /// The column without what nobody reads inside of it, or a word for what cannot be read. Of a struct
    /// nothing may be left.
    pub fn pruned(self) -> Result<Node, &'static str> {
        let Node { name, field_id, optional, shape } = self;
        let shape = match shape {
            Shape::Odd(word, _) => return Err(word),
            Shape::Leaf(leaf) => Shape::Leaf(leaf),
            Shape::List(element) => match fields(*element)? {
                Some(element) => Shape::List(Box::new(element)),
                None => return Err("a list without any of the fields that are read"),
            },
            Shape::Struct(inner) => Shape::Struct(kept(inner)?),
        };
        Ok(Node { name, field_id, optional, shape })
    }

    /// Leaves open what texts are, so that the engine takes them for bytes.
    pub fn texts_as_bytes(&mut self) {
        match &mut self.shape {
            Shape::Leaf(leaf) if leaf.is_text() => leaf.meaning = None,
            Shape::Struct(fields) => fields.iter_mut().for_each(Node::texts_as_bytes),
            Shape::List(element) => element.texts_as_bytes(),
            Shape::Leaf(_) | Shape::Odd(..) => {}
        }
    }

    pub fn leaves<'a>(&'a self, found: &mut Vec<&'a Leaf>) {
        match &self.shape {
            Shape::Leaf(leaf) => found.push(leaf),
            Shape::Struct(fields) => fields.iter().for_each(|field| field.leaves(found)),
            Shape::List(element) => element.leaves(found),
            Shape::Odd(_, leaves) => found.extend(leaves),
        }
    }
}

fn kept(fields: Vec<Node>) -> Result<Vec<Node>, &'static str> {
    let known = fields.into_iter().filter(|field| nested::is_field(&field.name));
    known.filter_map(|field| self::fields(field).transpose()).collect()
}

/// A node inside of a column.
fn fields(node: Node) -> Result<Option<Node>, &'static str> {
    let Node { name, field_id, optional, shape } = node;
    let shape = match shape {
        Shape::Leaf(leaf) => match leaf.meaning {
            Some(Meaning::Null) => return Ok(None),
            // Bytes of which their writer says nothing are text, as all that is read of nested columns.
            None if leaf.physical == 6 => Shape::Leaf(Leaf { meaning: Some(Meaning::Text), ..leaf }),
            _ if leaf.is_plain() => Shape::Leaf(leaf),
            _ => return Err("a nested column with a field of a type that is not read"),
        },
        Shape::Struct(inner) => match kept(inner)? {
            inner if inner.is_empty() => return Ok(None),
            inner => Shape::Struct(inner),
        },
        Shape::List(element) => match fields(*element)? {
            Some(element) => Shape::List(Box::new(element)),
            None => return Ok(None),
        },
        Shape::Odd(..) => return Err("a nested column with a field of a type that is not read"),
    };
    Ok(Some(Node { name, field_id, optional, shape }))
}

impl Leaf {
    /// Whether its writer says that it is text.
    pub fn is_text(&self) -> bool {
        self.physical == 6 && self.meaning == Some(Meaning::Text)
    }

    /// Whether the engine reads it as what it is.
    pub fn is_plain(&self) -> bool {
        match (self.physical, self.meaning) {
            (0 | 3..=5, _) => true,
            (1, Some(Meaning::Time)) | (2, Some(Meaning::Time | Meaning::Other(_))) => false,
            (1 | 2, Some(Meaning::Decimal(scale, precision))) => is_decimal(scale, precision),
            (1 | 2, _) => true,
            (6, Some(Meaning::Text)) => true,
            (7, Some(Meaning::Decimal(scale, precision))) => self.length <= 16 && is_decimal(scale, precision),
            _ => false,
        }
    }

    /// The meaning as the engine is told: none where it would be none for this physical type.
    pub fn told(&self) -> Option<Meaning> {
        let is_told = match (self.physical, self.meaning?) {
            (1, Meaning::Integer(bits, _)) => bits <= 32,
            (2, Meaning::Integer(bits, _)) => bits == 64,
            (1, Meaning::Date) | (2, Meaning::Timestamp(_)) | (6, Meaning::Text) => true,
            (1 | 2 | 7, Meaning::Decimal(..)) => self.is_plain(),
            _ => false,
        };
        self.meaning.filter(|_| is_told)
    }
}

fn is_decimal(scale: i32, precision: i32) -> bool {
    (1..=38).contains(&precision) && (0..=precision).contains(&scale)
}

#[cfg(test)]
mod tests;
