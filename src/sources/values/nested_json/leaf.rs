//! Texts, numbers and truths within nested values of JSON, as texts.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A value that its column cannot have.
#[derive(Debug)]
pub struct Misfit;

/// A text, number or boolean as text.
pub struct LeafSeed {
    /// Whether an object counts as the fact that there is one.
    pub takes_objects: bool,
}

/// What it is, if it is one.
pub type LeafFound<'a> = Result<Option<Cow<'a, str>>, Misfit>;

impl<'de> DeserializeSeed<'de> for LeafSeed {
    type Value = LeafFound<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<LeafFound<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for LeafSeed {
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
