//! Nested columns of Exchange out of JSON: of lines, and of texts as which copy pipelines leave them (rule I7).
//!
//! Of each struct only the fields are kept that kernels read, found whatever their letter case.

use std::borrow::Cow;
use std::fmt;

use polars::prelude::*;
use polars_arrow::array::ListArray;
use polars_arrow::bitmap::Bitmap;
use polars_arrow::offset::OffsetsBuffer;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::sources::contract::Kind;
use crate::sources::misfits::Misfits;

type Path = &'static [&'static str];

const PEOPLE: &[Path] = &[&["emailAddress", "name"], &["emailAddress", "address"]];
const ATTENDEES: &[Path] =
    &[&["emailAddress", "name"], &["emailAddress", "address"], &["status", "response"], &["type"]];
const HEADERS: &[Path] = &[&["name"], &["value"]];
const TIMES: &[Path] = &[&["dateTime"], &["timeZone"]];
const ROW: &[Path] = &[&["isUserSummaryRow"], &["userReturnedNoData"], &["errorInformation"]];

/// How many times a text of JSON may be the text of another.
const WRAPPED: usize = 3;

/// What of a nested column is kept.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    leaves: &'static [Path],
    is_list: bool,
}

impl Form {
    /// By the name of the column.
    pub fn of(column: &str, kind: Kind) -> Form {
        let is = |name: &str| column.eq_ignore_ascii_case(name);
        let leaves = match () {
            () if is("attendees") => ATTENDEES,
            () if is("internetMessageHeaders") => HEADERS,
            () if is("start") || is("end") => TIMES,
            () if is("rowinformation") => ROW,
            () => PEOPLE,
        };
        Form { leaves, is_list: kind == Kind::Structs }
    }

    fn dtype(self) -> DataType {
        let mut fields: Vec<Field> = Vec::new();
        for path in self.leaves {
            match *path {
                [group, leaf] => {
                    let leaf = Field::new((*leaf).into(), DataType::String);
                    match fields.iter_mut().find(|field| field.name() == group) {
                        Some(Field { dtype: DataType::Struct(leaves), .. }) => leaves.push(leaf),
                        _ => fields.push(Field::new((*group).into(), DataType::Struct(vec![leaf]))),
                    }
                }
                _ => fields.push(Field::new(path[0].into(), DataType::String)),
            }
        }
        let element = DataType::Struct(fields);
        if self.is_list { DataType::List(Box::new(element)) } else { element }
    }
}

/// The type in which a nested column of JSON is read.
pub fn column(name: &str, kind: Kind) -> DataType {
    Form::of(name, kind).dtype()
}

/// The kept texts of the structs in a value, as many for each as the form has leaves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Elements<'a> {
    texts: Vec<Option<Cow<'a, str>>>,
}

impl Elements<'_> {
    /// Whether any text is more than a no.
    pub fn says_true_or_more(&self) -> bool {
        let no = |text: &str| text.is_empty() || text == "0" || text.eq_ignore_ascii_case("false");
        self.texts.iter().flatten().any(|text| !no(text.trim()))
    }

    fn owned<'b>(self) -> Elements<'b> {
        Elements { texts: self.texts.into_iter().map(|text| text.map(|text| Cow::Owned(text.into_owned()))).collect() }
    }
}

/// A value that its column cannot have.
#[derive(Debug)]
pub struct Misfit;

type Found<'a> = Result<Option<Elements<'a>>, Misfit>;

/// Puts nested values into a column.
pub struct Builder {
    form: Form,
    leaves: Vec<StringChunkedBuilder>,
    offsets: Vec<i64>,
    present: Vec<bool>,
}

impl Builder {
    pub fn new(form: Form) -> Builder {
        let leaf = |path: &Path| StringChunkedBuilder::new(path.last().copied().unwrap_or_default().into(), 0);
        Builder { form, leaves: form.leaves.iter().map(leaf).collect(), offsets: vec![0], present: Vec::new() }
    }

    pub fn push(&mut self, elements: Option<Elements<'_>>) {
        self.present.push(elements.is_some());
        let mut texts = elements.map(|elements| elements.texts).unwrap_or_default();
        if !self.form.is_list {
            // A struct has its fields in every row.
            texts.resize(self.leaves.len(), None);
        }
        let structs = texts.len() / self.leaves.len();
        for (at, text) in texts.iter().enumerate() {
            let leaf = at % self.leaves.len();
            self.leaves[leaf].append_option(text.as_deref());
        }
        self.offsets.push(self.offsets.last().copied().unwrap_or_default() + structs as i64);
    }

    pub fn finish(self, name: &str) -> PolarsResult<Series> {
        let Builder { form, leaves, offsets, present } = self;
        let leaves: Vec<Series> = leaves.into_iter().map(|leaf| leaf.finish().into_series()).collect();
        let length = leaves.first().map_or(0, |leaf| leaf.len());
        let mut fields: Vec<(&str, Vec<Series>)> = Vec::new();
        for (path, leaf) in form.leaves.iter().zip(leaves) {
            match fields.iter_mut().find(|(name, _)| *name == path[0]) {
                Some((_, leaves)) => leaves.push(leaf),
                None => fields.push((path[0], vec![leaf])),
            }
        }
        let grouped = |name: &str| form.leaves.iter().any(|path| path.len() == 2 && path[0] == name);
        let fields = fields.into_iter().map(|(name, mut leaves)| match (grouped(name), leaves.len()) {
            (false, 1) => Ok(leaves.remove(0)),
            _ => Ok(StructChunked::from_series(name.into(), length, leaves.iter())?.into_series()),
        });
        let fields = fields.collect::<PolarsResult<Vec<Series>>>()?;
        let structs = StructChunked::from_series(name.into(), length, fields.iter())?.into_series();
        if !form.is_list {
            return Ok(structs);
        }
        let values = structs.rechunk().chunks()[0].clone();
        let dtype = ListArray::<i64>::default_datatype(values.dtype().clone());
        let present = present.iter().any(|present| !present).then(|| Bitmap::from_iter(present));
        let lists = ListArray::try_new(dtype, OffsetsBuffer::try_from(offsets)?, values, present)?;
        Ok(ListChunked::with_chunk(name.into(), lists).into_series())
    }
}

/// A column of texts that are JSON, as its form says. Blank texts are null, and so is what is no such JSON,
/// which is counted.
pub fn of_texts(column: Expr, kind: Kind, misfits: &Misfits) -> Expr {
    let misfits = misfits.clone();
    column.map(
        move |c| {
            let form = Form::of(c.name(), kind);
            let (mut builder, mut strange) = (Builder::new(form), 0);
            for text in c.str()?.iter() {
                builder.push(text.map_or(Ok(None), |text| of_text(text, form, WRAPPED)).unwrap_or_else(|Misfit| {
                    strange += 1;
                    None
                }));
            }
            misfits.count(c.name(), strange);
            Ok(builder.finish(c.name())?.into_column())
        },
        move |_, field| Ok(Field::new(field.name().clone(), Form::of(field.name(), kind).dtype())),
    )
}

fn of_text(text: &str, form: Form, wrapped: usize) -> Found<'_> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let found = ElementsSeed { form, wrapped }.deserialize(&mut deserializer);
    match (found, deserializer.end()) {
        (Ok(found), Ok(())) => found,
        _ => Err(Misfit),
    }
}

/// Reads a nested value, be it an object, a list, or a text of either.
pub struct ElementsSeed {
    form: Form,
    wrapped: usize,
}

impl ElementsSeed {
    pub fn new(form: Form) -> ElementsSeed {
        ElementsSeed { form, wrapped: WRAPPED }
    }
}

impl<'de> DeserializeSeed<'de> for ElementsSeed {
    type Value = Found<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ElementsSeed {
    type Value = Found<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or a list")
    }

    fn visit_unit<E>(self) -> Result<Found<'de>, E> {
        Ok(Ok(None))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Found<'de>, E> {
        Ok(if self.wrapped == 0 { Err(Misfit) } else { of_text(text, self.form, self.wrapped - 1) })
    }

    fn visit_str<E>(self, text: &str) -> Result<Found<'de>, E> {
        if self.wrapped == 0 {
            return Ok(Err(Misfit));
        }
        Ok(of_text(text, self.form, self.wrapped - 1).map(|found| found.map(Elements::owned)))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Found<'de>, E> {
        Ok(Err(Misfit))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Found<'de>, E> {
        Ok(Err(Misfit))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Found<'de>, E> {
        Ok(Err(Misfit))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Found<'de>, E> {
        Ok(Err(Misfit))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Found<'de>, A::Error> {
        let mut element = Element::of(self.form);
        element.fill(map, 0, None)?;
        Ok(if element.strange { Err(Misfit) } else { Ok(Some(Elements { texts: element.texts })) })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Found<'de>, A::Error> {
        let (mut texts, mut structs, mut strange) = (Vec::new(), 0, false);
        while let Some(found) =
            seq.next_element_seed(ElementsSeed { form: Form { is_list: false, ..self.form }, ..self })?
        {
            match found {
                Ok(Some(element)) => {
                    texts.extend(element.texts);
                    structs += 1;
                }
                Ok(None) => {}
                Err(Misfit) => strange = true,
            }
        }
        Ok(match (strange, self.form.is_list, structs) {
            (true, _, _) => Err(Misfit),
            (false, true, _) => Ok(Some(Elements { texts })),
            // A list where one is expected, as converters leave it.
            (false, false, 0) => Ok(None),
            (false, false, 1) => Ok(Some(Elements { texts })),
            (false, false, _) => Err(Misfit),
        })
    }
}

/// The fields of one struct.
struct Element<'de> {
    leaves: &'static [Path],
    texts: Vec<Option<Cow<'de, str>>>,
    strange: bool,
}

impl<'de> Element<'de> {
    fn of(form: Form) -> Element<'de> {
        Element { leaves: form.leaves, texts: vec![None; form.leaves.len()], strange: false }
    }

    /// Takes the fields of an object: `depth` groups down, in the last of which it lies.
    fn fill<A: MapAccess<'de>>(&mut self, mut map: A, depth: usize, group: Option<&str>) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(Name)? {
            let is_here = |path: &Path| {
                path.get(depth).is_some_and(|own| own.eq_ignore_ascii_case(&name))
                    && group.is_none_or(|group| path[0].eq_ignore_ascii_case(group))
            };
            let Some(at) = self.leaves.iter().position(is_here) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let path = self.leaves[at];
            if path.len() > depth + 1 {
                map.next_value_seed(Group { element: self, name: path[depth] })?;
                continue;
            }
            match map.next_value_seed(Leaf { takes_objects: path[depth] == "errorInformation" })? {
                // A field in two spellings is one.
                Ok(text) => self.texts[at] = self.texts[at].take().or(text),
                Err(Misfit) => self.strange = true,
            }
        }
        Ok(())
    }
}

struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        let leaf = Leaf { takes_objects: false }.deserialize(deserializer)?;
        Ok(leaf.ok().flatten().unwrap_or_default())
    }
}

/// A struct within a struct.
struct Group<'a, 'de> {
    element: &'a mut Element<'de>,
    name: &'static str,
}

impl<'de> DeserializeSeed<'de> for Group<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Group<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        self.element.fill(map, 1, Some(self.name))
    }

    /// A struct may be a text of JSON within another.
    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        let text = text.trim();
        if text.is_empty() || text == "null" {
            return Ok(());
        }
        let mut inner =
            Element { leaves: self.element.leaves, texts: vec![None; self.element.texts.len()], strange: false };
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let read = match text.starts_with('{') {
            true => Group { element: &mut inner, name: self.name }.deserialize(&mut deserializer).is_ok(),
            false => false,
        };
        self.element.strange |= !read || inner.strange || deserializer.end().is_err();
        for (text, found) in self.element.texts.iter_mut().zip(inner.texts) {
            *text = text.take().or(found.map(|found| Cow::Owned(found.into_owned())));
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.element.strange = true;
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.element.strange = true;
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.element.strange = true;
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        self.element.strange = true;
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.element.strange = true;
        Ok(())
    }
}

/// A text, number or boolean as text.
struct Leaf {
    /// Whether an object counts as the fact that there is one.
    takes_objects: bool,
}

type LeafFound<'a> = Result<Option<Cow<'a, str>>, Misfit>;

impl<'de> DeserializeSeed<'de> for Leaf {
    type Value = LeafFound<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<LeafFound<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Leaf {
    type Value = LeafFound<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<LeafFound<'de>, E> {
        Ok(Ok(Some(Cow::Borrowed(text))))
    }

    fn visit_str<E>(self, text: &str) -> Result<LeafFound<'de>, E> {
        Ok(Ok(Some(Cow::Owned(text.to_string()))))
    }

    fn visit_unit<E>(self) -> Result<LeafFound<'de>, E> {
        Ok(Ok(None))
    }

    fn visit_bool<E>(self, truth: bool) -> Result<LeafFound<'de>, E> {
        Ok(Ok(Some(Cow::Borrowed(if truth { "true" } else { "false" }))))
    }

    fn visit_i64<E>(self, number: i64) -> Result<LeafFound<'de>, E> {
        Ok(Ok(Some(Cow::Owned(number.to_string()))))
    }

    fn visit_u64<E>(self, number: u64) -> Result<LeafFound<'de>, E> {
        Ok(Ok(Some(Cow::Owned(number.to_string()))))
    }

    fn visit_f64<E>(self, number: f64) -> Result<LeafFound<'de>, E> {
        Ok(Ok(Some(Cow::Owned(number.to_string()))))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<LeafFound<'de>, A::Error> {
        let mut fields = 0;
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            fields += 1;
        }
        Ok(match self.takes_objects {
            true => Ok((fields > 0).then_some(Cow::Borrowed("{…}"))),
            false => Err(Misfit),
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<LeafFound<'de>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Err(Misfit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(column: &str, kind: Kind, text: &str) -> Option<Vec<String>> {
        let found = of_text(text, Form::of(column, kind), WRAPPED).expect("of the form");
        found.map(|found| found.texts.iter().map(|text| text.as_deref().unwrap_or("-").to_string()).collect())
    }

    #[test]
    fn people_are_read_in_every_spelling() {
        let anna = Some(vec!["Anna".to_string(), "a@x.example".to_string()]);
        let plain = r#"{"emailAddress":{"name":"Anna","address":"a@x.example"}}"#;
        let wrapped = serde_json::to_string(plain).expect("JSON");
        let inner = r#"{"@odata.type":"#.to_string()
            + r##""#x","EmailAddress":"{\"Address\":\"a@x.example\",\"NAME\":\"Anna\"}"}"##;
        for text in [
            plain,
            &wrapped,
            &inner,
            r#" {"EmailAddress":{"Address":"a@x.example","Name":"Anna","more":[[{}]]},"x":null} "#,
            r#"[{"emailAddress":{"name":"Anna","address":"a@x.example"}}]"#,
        ] {
            assert_eq!(texts("from", Kind::Struct, text), anna, "{text}");
            assert_eq!(texts("toRecipients", Kind::Structs, text), anna, "{text}");
        }
        for nobody in ["", " ", "null", "\"\"", "\"null\""] {
            assert_eq!(texts("from", Kind::Struct, nobody), None, "{nobody}");
            assert_eq!(texts("toRecipients", Kind::Structs, nobody), None, "{nobody}");
        }
        assert_eq!(texts("toRecipients", Kind::Structs, "[]"), Some(Vec::new()));
        assert_eq!(texts("from", Kind::Struct, "[]"), None);
    }

    #[test]
    fn what_is_no_such_json_is_a_misfit() {
        let two = r#"[{"emailAddress":{}},{"emailAddress":{}}]"#;
        let address = r#"{"emailAddress":{"address":["a@x.example"]}}"#;
        let deep = "[".repeat(5_000);
        for text in ["a@x.example", "{", "1", "true", "[1]", two, address, r#"{"emailAddress":"a@x.example"}"#, &deep] {
            assert!(of_text(text, Form::of("from", Kind::Struct), WRAPPED).is_err(), "{text}");
        }
    }

    #[test]
    fn columns_have_the_type_they_are_said_to_have() {
        for (name, kind) in [
            ("from", Kind::Struct),
            ("start", Kind::Struct),
            ("rowinformation", Kind::Struct),
            ("attendees", Kind::Structs),
            ("internetMessageHeaders", Kind::Structs),
        ] {
            let mut builder = Builder::new(Form::of(name, kind));
            builder.push(None);
            builder.push(of_text("{}", Form::of(name, kind), WRAPPED).expect("an object"));
            let series = builder.finish(name).expect("a column");
            assert_eq!((series.dtype(), series.len()), (&column(name, kind), 2), "{name}");
            assert!(crate::sources::nested::fits(series.dtype()), "{name}");
        }
    }
}
