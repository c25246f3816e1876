//! Mail addresses: how they compare (rule P1) and the 64-bit form in which they travel.
//!
//! An address in flight is a hash of 60 bits whose lowest bit says whether it lies in a company
//! domain, so that neither text nor a second look at the domain is needed further on.

use std::borrow::Cow;
use std::sync::Arc;

use polars::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

/// Bits of an address in flight; the rest is free for what people resolution adds.
pub const ADDRESS_BITS: u64 = (1 << 60) - 1;
/// Set when the address lies in one of the company's domains (rule P2).
pub const IN_COMPANY_DOMAIN: u64 = 1;

/// The company's own mail domains, lower case.
#[derive(Clone, Debug, Default)]
pub struct CompanyDomains(Arc<[String]>);

impl CompanyDomains {
    /// Domains as configured.
    pub fn new(domains: &[String]) -> Self {
        Self(domains.iter().map(|d| d.trim().trim_start_matches('@').to_lowercase()).collect())
    }

    /// Whether a normal address lies in one of the domains or a subdomain of one.
    pub fn contain(&self, address: &str) -> bool {
        let Some((_, domain)) = address.rsplit_once('@') else { return false };
        self.0
            .iter()
            .any(|own| domain.strip_suffix(own.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
    }

    /// The address in flight, or none for blank text.
    pub fn address(&self, text: &str) -> Option<u64> {
        let address = normal(text);
        if address.is_empty() {
            return None;
        }
        let hash = xxh3_64(address.as_bytes()) & ADDRESS_BITS & !IN_COMPANY_DOMAIN;
        Some(hash | u64::from(self.contain(&address)))
    }

    /// `column` of address text in flight.
    pub fn address_column(&self, column: Expr) -> Expr {
        let domains = self.clone();
        column.map(
            move |c| {
                let addresses: UInt64Chunked =
                    c.str()?.iter().map(|text| text.and_then(|text| domains.address(text))).collect();
                Ok(addresses.with_name(c.name().clone()).into_column())
            },
            |_, field| Ok(Field::new(field.name().clone(), DataType::UInt64)),
        )
    }
}

/// An address as it compares: trimmed, lower case, without `mailto:`, `smtp:` and angle brackets.
pub fn normal(text: &str) -> Cow<'_, str> {
    let mut text = text.trim();
    loop {
        let shorter = text.trim_start_matches('<').trim_end_matches('>').trim();
        let shorter = ["mailto:", "smtp:"]
            .iter()
            .find_map(|prefix| {
                let head = shorter.get(..prefix.len())?;
                head.eq_ignore_ascii_case(prefix).then(|| shorter[prefix.len()..].trim())
            })
            .unwrap_or(shorter);
        if shorter.len() == text.len() {
            break;
        }
        text = shorter;
    }
    if text.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.to_lowercase())
    }
}

/// `column` of address text as it compares, null where it is blank.
pub fn normal_column(column: Expr) -> Expr {
    column.map(
        |c| {
            let normal = |text| Some(normal(text)).filter(|address| !address.is_empty());
            let addresses: StringChunked = c.str()?.iter().map(|text| text.and_then(normal)).collect();
            Ok(addresses.with_name(c.name().clone()).into_column())
        },
        |_, field| Ok(field.clone()),
    )
}

/// Whether mail from this address is sent by a machine, whatever its domain (rule N10).
pub fn is_robot(address: &str) -> bool {
    let address = normal(address);
    let local = address.split_once('@').map_or(&*address, |(local, _)| local);
    matches!(local, "no-reply" | "noreply" | "donotreply" | "mailer-daemon" | "postmaster")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_compares_without_its_wrapping() {
        for text in ["mailto:Both@Gamma.example ", "<both@gamma.example>", "SMTP:<BOTH@gamma.example>"] {
            assert_eq!(normal(text), "both@gamma.example");
        }
    }

    #[test]
    fn subdomains_are_ours_and_lookalikes_are_not() {
        let domains = CompanyDomains::new(&["nordwind.example".into()]);
        assert!(domains.contain("x@sub.nordwind.example"));
        assert!(domains.contain("x@nordwind.example"));
        assert!(!domains.contain("x@notnordwind.example"));
    }

    #[test]
    fn robots_are_known_by_their_local_part() {
        assert!(is_robot("<No-Reply@shop.example>"));
        assert!(!is_robot("noreply.anna@shop.example"));
    }
}
