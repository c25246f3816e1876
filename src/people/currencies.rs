//! What values of deals are in: the organisation's base currency where the lake has them in it, else the deal's own
//! (rule S1).

use std::collections::BTreeMap;
use std::sync::Arc;

use polars::prelude::*;

/// What a value is in. Values in the same compare; those in different currencies never do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Currency {
    /// The organisation's base currency: its id, where the lake tells it.
    Base(Option<Arc<str>>),
    /// The deal's own currency, where it is known.
    Own(Option<Arc<str>>),
}

impl Currency {
    /// Its id.
    pub fn id(&self) -> Option<&str> {
        let (Currency::Base(id) | Currency::Own(id)) = self;
        id.as_deref()
    }

    /// Whether it is the base currency.
    pub fn is_base(&self) -> bool {
        matches!(self, Currency::Base(_))
    }
}

/// One amount of every deal, in its own currency and in that of the organisation; NaN where unknown.
pub struct Amounts {
    /// In its own currency.
    pub own: Vec<f64>,
    /// In the organisation's base currency.
    pub base: Vec<f64>,
}

impl Amounts {
    /// Whether a deal has any amount.
    pub fn is_known(&self, deal: usize) -> bool {
        !(self.own[deal].is_nan() && self.base[deal].is_nan())
    }

    /// In the base currency, else as it stands.
    pub fn comparable(&self) -> Vec<f64> {
        self.base.iter().zip(&self.own).map(|(&base, &own)| if base.is_nan() { own } else { base }).collect()
    }
}

/// The currencies of all deals.
pub struct Currencies {
    of_deals: Vec<Option<Arc<str>>>,
    base: Option<Arc<str>>,
}

impl Currencies {
    /// The base currency is the one whose amounts are the same in both, without exception; of several the one that
    /// most amounts are in, then the smallest id.
    pub fn of(ids: &StringChunked, amounts: [&Amounts; 2]) -> Currencies {
        let id = |id: &str| Arc::from(id.trim().trim_matches(['{', '}']).to_lowercase());
        let of_deals: Vec<Option<Arc<str>>> = ids.iter().map(|text| text.map(id)).collect();
        let mut same: BTreeMap<&Arc<str>, (usize, bool)> = BTreeMap::new();
        for amounts in amounts {
            for ((id, own), base) in of_deals.iter().zip(&amounts.own).zip(&amounts.base) {
                let Some(id) = id.as_ref().filter(|_| own.abs() > 0.0 && base.is_finite()) else { continue };
                let (count, always) = same.entry(id).or_insert((0, true));
                (*count, *always) = (*count + 1, *always && own == base);
            }
        }
        let always = same.into_iter().filter(|(_, (_, always))| *always).map(|(id, (count, _))| (count, id));
        let base = always.reduce(|most, other| if other.0 > most.0 { other } else { most });
        let base = base.map(|(_, id)| id.clone());
        Currencies { of_deals, base }
    }

    /// An amount of a deal, in the base currency where that is known, and what it is in.
    pub fn worth(&self, amounts: &Amounts, deal: usize) -> (f64, Currency) {
        let own = &self.of_deals[deal];
        match amounts.base[deal] {
            base if !base.is_nan() => (base, Currency::Base(self.base.clone())),
            _ if own.is_some() && *own == self.base => (amounts.own[deal], Currency::Base(self.base.clone())),
            _ => (amounts.own[deal], Currency::Own(own.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_in_the_base_currency_where_the_lake_has_them_in_it() {
        const UNKNOWN: f64 = f64::NAN;
        let ids: StringChunked = [Some("{SEK}"), Some("eur"), Some("sek"), Some("eur"), None].into_iter().collect();
        let estimated = Amounts {
            own: vec![1_000.0, 100.0, 500.0, 70.0, 30.0],
            base: vec![1_000.0, 1_120.0, UNKNOWN, UNKNOWN, UNKNOWN],
        };
        let none = Amounts { own: vec![UNKNOWN; 5], base: vec![UNKNOWN; 5] };
        let currencies = Currencies::of(&ids, [&none, &estimated]);
        let worth: Vec<(f64, bool, Option<String>)> = (0..5)
            .map(|deal| currencies.worth(&estimated, deal))
            .map(|(value, currency)| (value, currency.is_base(), currency.id().map(str::to_string)))
            .collect();
        let id = |id: &str| Some(id.to_string());
        assert_eq!(
            worth,
            [
                (1_000.0, true, id("sek")),
                (1_120.0, true, id("sek")),
                (500.0, true, id("sek")),
                (70.0, false, id("eur")),
                (30.0, false, None),
            ]
        );
    }
}
