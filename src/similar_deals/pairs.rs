//! What is alike in a pair of deals and what is not, with the values of both (rule S1).

use std::collections::HashMap;

use super::deals::Deals;
use super::factors::{Candidate, Values};

/// The columns that deals are compared by, by name.
pub(super) struct Pairs<'a> {
    candidates: HashMap<&'a str, &'a Candidate>,
}

impl<'a> Pairs<'a> {
    pub fn of(deals: &'a Deals) -> Pairs<'a> {
        let named = |candidate: &'a Candidate| (candidate.name.as_str(), candidate);
        Pairs { candidates: deals.candidates.iter().map(named).collect() }
    }

    /// The factors with the values of the two deals, once where they are the same; none without any factor.
    pub fn said<'b>(&self, factors: impl Iterator<Item = &'b str>, open: usize, won: usize) -> Option<String> {
        let said: Vec<String> = factors.map(|factor| self.factor(factor, open, won)).collect();
        (!said.is_empty()).then(|| said.join("; "))
    }

    fn factor(&self, name: &str, open: usize, won: usize) -> String {
        let value = |deal: usize| self.candidates.get(name).and_then(|candidate| shown(&candidate.values, deal));
        match (value(open), value(won)) {
            (Some(one), Some(other)) if one == other => format!("{name}: {one}"),
            (Some(one), Some(other)) => format!("{name}: {one} / {other}"),
            _ => name.to_string(),
        }
    }
}

/// A value as a reader may see it: ids say nothing, and what is unknown is a dash.
fn shown(values: &Values, deal: usize) -> Option<String> {
    match values {
        Values::Numbers(numbers) if numbers[deal].is_nan() => Some("–".to_string()),
        Values::Numbers(numbers) => Some(((numbers[deal] * 100.0).round() / 100.0).to_string()),
        Values::Texts(texts) => match texts[deal].as_deref() {
            None => Some("–".to_string()),
            Some(text) => (!is_id(text)).then(|| text.to_string()),
        },
    }
}

fn is_id(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::similar_deals::factors::FactorKind;

    #[test]
    fn values_stand_beside_names_but_ids_do_not() {
        let texts = |name: &str, values: [Option<&str>; 2]| Candidate {
            name: name.into(),
            kind: FactorKind::Category,
            values: Values::Texts(values.map(|value| value.map(str::to_string)).to_vec()),
        };
        let numbers = |name: &str, values: [f64; 2]| Candidate {
            name: name.into(),
            kind: FactorKind::Number,
            values: Values::Numbers(values.to_vec()),
        };
        let id = Some("a0000001-0000-4000-8000-000000000000");
        let deals = Deals {
            first: 0,
            state: Vec::new(),
            created: Vec::new(),
            closed: Vec::new(),
            value: Vec::new(),
            currency: Vec::new(),
            candidates: vec![
                texts("segment", [Some("s1"), Some("s1")]),
                texts("product", [Some("a"), None]),
                texts("ownerid", [id, id]),
                numbers("size", [10.0, 2.0 / 3.0]),
            ],
        };
        let pairs = Pairs::of(&deals);
        let said = pairs.said(["segment", "product", "ownerid", "size"].into_iter(), 0, 1);
        assert_eq!(said.as_deref(), Some("segment: s1; product: a / –; ownerid; size: 10 / 0.67"));
        assert_eq!(pairs.said([].into_iter(), 0, 1), None);
    }
}
