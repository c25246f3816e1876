//! The kept texts of nested values, out of objects, lists, and texts of either.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::sources::values::nested::is_named;
use crate::sources::values::nested_json::form::{KeptFields, PEOPLE, Path};
use crate::sources::values::nested_json::leaf::{LeafSeed, Misfit};
use crate::sources::values::nested_json::plain_people;

/// How many times a text of JSON may be the text of another.
const WRAPPED: usize = 3;

/// The kept texts of the structs in a value, as many for each as the form has leaves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Elements<'a> {
    pub texts: Vec<Option<Cow<'a, str>>>,
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

pub type ReadElements<'a> = Result<Option<Elements<'a>>, Misfit>;

/// Fields without which a struct says nothing: whom it names, when it is, which header it is.
const IT: [&str; 3] = ["address", "name", "dateTime"];

/// Reads a text of JSON, which may be within others.
pub fn of_text(text: &str, form: KeptFields) -> ReadElements<'_> {
    unwrapped(text, form, WRAPPED)
}

fn unwrapped(text: &str, form: KeptFields, wrapped: usize) -> ReadElements<'_> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let found = ElementsSeed { form, wrapped }.deserialize(&mut deserializer);
    match (found, deserializer.end()) {
        (Ok(found), Ok(())) => found,
        // Of attendees such a text would not say who declined.
        _ if form.leaves == PEOPLE => {
            let people = plain_people::of_text(text)?;
            let texts = |people: Vec<String>| people.into_iter().flat_map(|person| [None, Some(Cow::Owned(person))]);
            Ok(people.map(|people| Elements { texts: texts(people).collect() }))
        }
        _ => Err(Misfit),
    }
}

/// Reads a nested value, be it an object, a list, or a text of either.
pub struct ElementsSeed {
    form: KeptFields,
    wrapped: usize,
}

impl ElementsSeed {
    pub fn new(form: KeptFields) -> ElementsSeed {
        ElementsSeed { form, wrapped: WRAPPED }
    }
}

impl<'de> DeserializeSeed<'de> for ElementsSeed {
    type Value = ReadElements<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<ReadElements<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ElementsSeed {
    type Value = ReadElements<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or a list")
    }

    fn visit_unit<E>(self) -> Result<ReadElements<'de>, E> {
        Ok(Ok(None))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<ReadElements<'de>, E> {
        Ok(if self.wrapped == 0 { Err(Misfit) } else { unwrapped(text, self.form, self.wrapped - 1) })
    }

    fn visit_str<E>(self, text: &str) -> Result<ReadElements<'de>, E> {
        if self.wrapped == 0 {
            return Ok(Err(Misfit));
        }
        Ok(unwrapped(text, self.form, self.wrapped - 1).map(|found| found.map(Elements::owned)))
    }

    fn visit_bool<E>(self, _: bool) -> Result<ReadElements<'de>, E> {
        Ok(Err(Misfit))
    }

    fn visit_i64<E>(self, _: i64) -> Result<ReadElements<'de>, E> {
        Ok(Err(Misfit))
    }

    fn visit_u64<E>(self, _: u64) -> Result<ReadElements<'de>, E> {
        Ok(Err(Misfit))
    }

    fn visit_f64<E>(self, _: f64) -> Result<ReadElements<'de>, E> {
        Ok(Err(Misfit))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ReadElements<'de>, A::Error> {
        let mut element = Element::of(self.form);
        element.fill(map, 0, None)?;
        let says_nothing = element.others > 0 && !element.says_it && !self.form.may_say_nothing;
        Ok(if element.strange || says_nothing { Err(Misfit) } else { Ok(Some(Elements { texts: element.texts })) })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<ReadElements<'de>, A::Error> {
        let (mut texts, mut structs, mut strange) = (Vec::new(), 0, false);
        while let Some(found) =
            seq.next_element_seed(ElementsSeed { form: KeptFields { is_list: false, ..self.form }, ..self })?
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
    /// Whether it has what it is there for, be it null, and how many fields it has beside, annotations aside.
    says_it: bool,
    others: usize,
}

impl<'de> Element<'de> {
    fn of(form: KeptFields) -> Element<'de> {
        Element::with(form.leaves)
    }

    fn with(leaves: &'static [Path]) -> Element<'de> {
        Element { leaves, texts: vec![None; leaves.len()], strange: false, says_it: false, others: 0 }
    }

    /// Takes the fields of an object: `depth` groups down, in the last of which it lies.
    fn fill<A: MapAccess<'de>>(&mut self, mut map: A, depth: usize, group: Option<&str>) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(Name)? {
            let is_here = |path: &Path| {
                path.get(depth).is_some_and(|own| is_named(&name, own))
                    && group.is_none_or(|group| path[0].eq_ignore_ascii_case(group))
            };
            // Some pipelines leave out the struct around an address and its name, or around an answer.
            let is_bare =
                |path: &Path| depth == 0 && matches!(path, ["emailAddress" | "status", own] if is_named(&name, own));
            let here = self.leaves.iter().position(is_here);
            let found = here.or_else(|| self.leaves.iter().position(is_bare));
            let says_it = found.is_some_and(|at| IT.contains(self.leaves[at].last().unwrap_or(&"")));
            let is_group = here.is_some_and(|at| self.leaves[at].len() > depth + 1);
            self.says_it |= says_it && !is_group;
            self.others += usize::from(!says_it && !name.starts_with('@'));
            let Some(at) = found else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let path = self.leaves[at];
            if is_group {
                let before = self.others;
                map.next_value_seed(Group { element: self, name: path[depth] })?;
                self.says_it |= says_it && self.others == before;
                continue;
            }
            match map.next_value_seed(LeafSeed { takes_objects: path.last() == Some(&"errorInformation") })? {
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
        let leaf = LeafSeed { takes_objects: false }.deserialize(deserializer)?;
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
        let mut inner = Element::with(self.element.leaves);
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let read = match text.starts_with('{') {
            true => Group { element: &mut inner, name: self.name }.deserialize(&mut deserializer).is_ok(),
            false => false,
        };
        self.element.strange |= !read || inner.strange || deserializer.end().is_err();
        self.element.says_it |= inner.says_it;
        self.element.others += inner.others;
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
