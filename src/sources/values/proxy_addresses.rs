//! Entries of `proxyAddresses`, the addresses of a user in the directory, each with the scheme it is of (rule P1).

use crate::sources::values::address_text::{Named, in_directory, named};

/// What an entry of `proxyAddresses` is an address of; those of telephony and chat are none.
pub fn of_entry(entry: &str) -> Option<Named> {
    let entry = entry.trim();
    if let Some((scheme, address)) = entry.split_once(':')
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    {
        return match scheme.to_ascii_lowercase().as_str() {
            "smtp" => named(address),
            "x500" | "ex" => in_directory(address.trim()),
            _ => None,
        };
    }
    named(entry).filter(|found| !matches!(found, Named::Words(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: &str = "/o=exchangelabs/ou=exchange administrative group (fydibohf23spdlt)/cn=recipients/cn=1a_b-anna";

    #[test]
    fn proxies_of_mail_and_directory_are_addresses() {
        assert_eq!(of_entry("SMTP:Anna@NW.example"), Some(Named::Mail("anna@nw.example".into())));
        assert_eq!(of_entry(" smtp:a.berg@nw.example"), Some(Named::Mail("a.berg@nw.example".into())));
        assert_eq!(of_entry("a.berg@nw.example"), Some(Named::Mail("a.berg@nw.example".into())));
        assert_eq!(of_entry(&format!("X500:{ANNA}")), Some(Named::Directory(ANNA.into())));
        for none in ["SIP:anna@nw.example", "SPO:SPO_1@SPO_2", "eum:123;phone-context=x", "", "x400:c=us;a= ;"] {
            assert_eq!(of_entry(none), None, "{none}");
        }
    }
}
