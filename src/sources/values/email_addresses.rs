//! Addresses as they compare (rule P1), in the form in which they travel.
//!
//! A hashed address is a hash of 124 bits whose lowest bit says whether it lies in a company
//! domain, so that neither text nor a second look at the domain is needed further on.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use polars::prelude::*;

use crate::frames::keys::{Address, KEY, KeyType, of_bytes};
use crate::frames::map_text::of_repeated_text;
use crate::sources::values::address_text::Named;
use crate::sources::values::null_words::is_null_word;
use crate::sources::values::seen_domains::SeenDomains;
use crate::sources::values::{address_text, directory_addresses, proxy_addresses};

/// Bits of a hashed address; the rest is free for a recipient's role.
pub const ADDRESS_BITS: Address = (1 << 124) - 1;
/// Bits of an address that somebody without record keeps: they only tell people of one interaction from one
/// another and are counted. Whom an address belongs to was looked up by all its bits before.
pub const KEPT_BITS: u64 = (1 << 60) - 1;
/// Set when the address lies in one of the company's domains (rule P2).
pub const IN_COMPANY_DOMAIN: Address = 1;

/// The company's own mail domains, lower case.
#[derive(Clone, Debug, Default)]
pub struct CompanyDomains {
    own: Arc<[String]>,
    /// By place, whether an address was met in the domain.
    met: Arc<[AtomicBool]>,
    seen: Option<SeenDomains>,
}

impl CompanyDomains {
    /// Domains as configured.
    pub fn new(domains: &[String]) -> Self {
        let bare = domains.iter().map(|domain| domain.trim().trim_start_matches('@').to_lowercase());
        // No domain has an @ in it; addresses are looked through below on that ground.
        let own =
            bare.filter(|domain| !domain.contains('@')).map(|domain| address_text::in_ascii(&domain).into_owned());
        let own: Arc<[String]> = own.collect();
        Self { met: own.iter().map(|_| AtomicBool::new(false)).collect(), own, seen: None }
    }

    /// The same, noting in which domain each address lies.
    pub fn noting(self, seen: SeenDomains) -> Self {
        Self { seen: Some(seen), ..self }
    }

    /// The domains of the addresses met, where they are noted.
    pub fn seen(&self) -> SeenDomains {
        self.seen.clone().unwrap_or_default()
    }

    /// Domains in which no address was met so far.
    pub fn unmet(&self) -> Vec<String> {
        let unmet = self.own.iter().zip(&*self.met).filter(|(_, met)| !met.load(Ordering::Relaxed));
        unmet.map(|(domain, _)| domain.clone()).collect()
    }

    /// Whether a normal address lies in one of the domains or a subdomain of one.
    pub fn contain(&self, address: &str) -> bool {
        self.contain_domain_of(address.as_bytes())
    }

    fn contain_domain_of(&self, address: &[u8]) -> bool {
        self.place_of_domain(address).is_some()
    }

    fn place_of_domain(&self, address: &[u8]) -> Option<usize> {
        // Looking for the end of the text first spares most addresses the search for their domain.
        self.own.iter().position(|own| match address.strip_suffix(own.as_bytes()) {
            Some([.., b'@']) => true,
            Some(rest @ [.., b'.']) => rest.contains(&b'@'),
            _ => false,
        })
    }

    /// The hashed address, or none where the text names nobody.
    pub fn address(&self, text: &str) -> Option<Address> {
        let mut buffer = [0; PLAIN];
        if let Some(address) = plain(text, &mut buffer) {
            return Some(self.hashed(address));
        }
        self.hashed_if_somebody(&address_text::named(text)?)
    }

    /// The hashed address of mail or of a directory, or none where the text holds no such address.
    fn mail(&self, text: &str) -> Option<Address> {
        if text.contains('@') {
            return self.address(text);
        }
        let found = address_text::named(text).filter(|found| !matches!(found, Named::Words(_)))?;
        self.hashed_if_somebody(&found)
    }

    /// The hashed address that a person's `address` names, or the `name` where only that holds an address.
    pub fn address_or_name<'a>(
        &self,
        address: Option<&str>,
        name: impl FnOnce() -> Option<&'a str>,
    ) -> Option<Address> {
        if let Some(text) = address.filter(|text| text.contains('@')) {
            return self.address(text);
        }
        let of = |text: &str| address_text::named(text).filter(|found| !matches!(found, Named::Words(_)));
        match address.and_then(of).or_else(|| name().and_then(of)) {
            Some(found) => self.hashed_if_somebody(&found),
            None => self.address(address?),
        }
    }

    /// An entry of `proxyAddresses` as a hashed address, or none where it is no address of mail or of a directory.
    pub fn proxy(&self, entry: &str) -> Option<Address> {
        self.hashed_if_somebody(&proxy_addresses::of_entry(entry)?)
    }

    /// Who stands in the organisation's directory is ours, whether or not a colleague is found. What our Exchange
    /// wrapped without an address of mail in it is a fax or somebody of another system: nobody of our domain.
    fn hashed_if_somebody(&self, found: &Named) -> Option<Address> {
        match found {
            Named::Mail(text) if directory_addresses::is_wrapped(text) && self.contain(text) => None,
            Named::Mail(text) | Named::Words(text) => Some(self.hashed(text.as_bytes())),
            Named::Directory(text) => Some(self.hashed(text.as_bytes()) | IN_COMPANY_DOMAIN),
        }
    }

    fn hashed(&self, address: &[u8]) -> Address {
        let hash = of_bytes(address) & ADDRESS_BITS & !IN_COMPANY_DOMAIN;
        let place = self.place_of_domain(address);
        // Reading first keeps the line shared among cores.
        if let Some(met) = place.and_then(|place| self.met.get(place)).filter(|met| !met.load(Ordering::Relaxed)) {
            met.store(true, Ordering::Relaxed);
        }
        let ours = place.is_some();
        let hashed = hash | Address::from(ours);
        if let Some(seen) = self.seen.as_ref().filter(|_| !ours) {
            seen.note(hashed as u64 & KEPT_BITS, (hashed >> 60) as u64, address);
        }
        hashed
    }

    /// `column` of address text as hashed addresses.
    pub fn address_column(&self, column: Expr) -> Expr {
        let domains = self.clone();
        of_repeated_text::<KeyType, _>(column, KEY, move |text| domains.address(text))
    }

    /// `column` of text as hashed addresses of mail or of a directory.
    pub fn mail_column(&self, column: Expr) -> Expr {
        let domains = self.clone();
        of_repeated_text::<KeyType, _>(column, KEY, move |text| domains.mail(text))
    }
}

/// Longest address that [`plain`] lowers: whole words of the processor's vectors.
const PLAIN: usize = 96;

/// The address as it compares, where it has nothing to take off and only ASCII to lower: nearly all
/// have not, and going the long way with them would be a sixth of reading.
fn plain<'a>(text: &'a str, buffer: &'a mut [u8; PLAIN]) -> Option<&'a [u8]> {
    const WORD: usize = 16;
    let bytes = text.as_bytes();
    let carries_another = bytes.get(..5).is_some_and(|head| head.eq_ignore_ascii_case(b"imcea"));
    if bytes.last() == Some(&b'.') || carries_another || is_null_word(text) {
        return None;
    }
    // Blanks, quotes, parentheses, brackets, what separates addresses, and the `=` of directory addresses.
    // All are asked without an early exit, so that a word of them is a few vector instructions.
    let wrapped = |byte: u8| {
        (byte <= b'"')
            | (byte >= 0x7f)
            | (byte.wrapping_sub(b'\'') < 3)
            | (byte == b',')
            | (byte == b'/')
            | (byte == b'|')
            | (byte.wrapping_sub(b':') < 5)
            | (byte.wrapping_sub(b'[') < 3)
    };
    // The last word may overlap the one before.
    if let Some(last) = bytes.last_chunk::<WORD>() {
        let is_normal = |word: &[u8]| word.iter().fold(true, |all, &b| all & !wrapped(b) & !b.is_ascii_uppercase());
        if is_normal(last.as_slice()) && bytes.chunks_exact(WORD).all(is_normal) {
            return Some(bytes);
        }
    }
    let length = text.len();
    if length == 0 || length > PLAIN {
        return None;
    }
    buffer[..length].copy_from_slice(bytes);
    let words = &mut buffer[..length.next_multiple_of(2 * WORD)];
    words[length..].fill(b'x');
    if words.iter().fold(false, |any, &byte| any | wrapped(byte)) {
        return None;
    }
    words.make_ascii_lowercase();
    Some(&buffer[..length])
}

/// An address as it compares, see `address_text`; blank where the text names nobody.
pub fn normal(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    if plain(text, &mut [0; PLAIN]).is_some() && !bytes.iter().any(u8::is_ascii_uppercase) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(address_text::named(text).map(Named::text).unwrap_or_default())
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
    let robot = |address: &[u8]| {
        let local = address.iter().position(|&byte| byte == b'@').map_or(address, |at| &address[..at]);
        matches!(local, b"no-reply" | b"noreply" | b"donotreply" | b"mailer-daemon" | b"postmaster")
    };
    plain(address, &mut [0; PLAIN]).map_or_else(|| robot(normal(address).as_bytes()), robot)
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
    fn an_address_is_the_same_by_the_short_and_by_the_long_way() {
        let domains = CompanyDomains::new(&["gamma.example".into()]);
        let short = domains.address("Both@Gamma.example");
        assert_eq!(short, domains.address(" <both@gamma.example>"));
        assert_eq!(short, Some(domains.hashed(normal("BOTH@gamma.example").as_bytes())));
        let long = "somebody.with.a.long.name@gamma.example";
        let hashed = Some(domains.hashed(long.as_bytes()));
        for spelling in [
            long,
            &long.to_uppercase(),
            "somebody.with.a.long.namE@gamma.example",
            "<somebody.with.a.long.name@gamma.example>",
        ] {
            assert_eq!(domains.address(spelling), hashed, "{spelling}");
        }
        assert_eq!(domains.address(" "), None);
        let carried = domains.address("IMCEASMTP-xena+40acme+2Eexample@gamma.example");
        assert_eq!(carried, domains.address("xena@acme.example"));
    }

    #[test]
    fn a_name_stands_in_for_an_address_only_where_that_holds_none() {
        let domains = CompanyDomains::new(&["gamma.example".into()]);
        let xena = domains.address("xena@acme.example");
        let of = |address, name: &'static str| domains.address_or_name(address, || Some(name));
        assert_eq!(of(Some("Xena Xu <xena@acme.example>"), "other@acme.example"), xena);
        for empty in [None, Some(""), Some(" "), Some("Xena Xu"), Some("<>")] {
            assert_eq!(of(empty, "Xena <XENA@acme.example>"), xena, "{empty:?}");
        }
        assert_eq!(of(Some("Xena Xu"), "Xena"), domains.address("xena xu"));
        assert_eq!(of(None, "Xena"), None);
    }

    #[test]
    fn addresses_of_the_directory_are_in_the_company() {
        let domains = CompanyDomains::new(&[]);
        let path = "/o=Lab/ou=First/cn=Recipients/cn=anna";
        let anna = domains.address(path);
        assert_eq!(anna.map(|address| address & IN_COMPANY_DOMAIN), Some(IN_COMPANY_DOMAIN));
        assert_eq!(domains.address("IMCEAEX-_o=Lab_ou=First_cn=Recipients_cn=Anna@x.example"), anna);
        assert_eq!(domains.proxy(&format!("X500:{path}")), anna);
        assert_eq!(domains.address_or_name(None, || Some(path)), anna);
    }

    #[test]
    fn subdomains_are_ours_and_lookalikes_are_not() {
        let domains = CompanyDomains::new(&["nordwind.example".into()]);
        assert!(domains.contain("x@sub.nordwind.example"));
        assert!(domains.contain("x@nordwind.example"));
        assert!(!domains.contain("x@notnordwind.example"));
        assert!(!domains.contain("x@nordwind.example@elsewhere.example"));
        assert!(!domains.contain("sub.nordwind.example"));
    }

    #[test]
    fn robots_are_known_by_their_local_part() {
        let robots = ["no-reply", "noreply", "donotreply", "mailer-daemon", "postmaster"];
        for robot in robots {
            assert!(is_robot(&format!("{}@shop.example", robot.to_uppercase())));
            assert!(is_robot(&format!("mailto:{robot}@shop.example")));
            assert!(is_robot(&format!("smtp:<{robot}@shop.example>")));
            assert!(is_robot(&format!("Acme Shop <{robot}@shop.example>")));
        }
        assert!(!is_robot("noreply.anna@shop.example"));
    }
}
