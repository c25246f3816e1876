//! Addresses of an Exchange directory: `/o=…/cn=…`, `EX:`, `X500:`, `IMCEAEX-…@…` (rule P1).

/// What a text of a directory says.
#[derive(Debug, PartialEq, Eq)]
pub enum DirectoryText {
    /// An address of the directory, lower case, as `/o=…`.
    Address(String),
    /// A text with the address of mail that Exchange wrapped to carry it.
    WrappedMail(String),
}

/// A text that is an address of a directory, or one that Exchange wrapped to carry it over SMTP.
pub fn read(text: &str) -> Option<DirectoryText> {
    let bytes = text.as_bytes();
    match bytes.first()?.to_ascii_lowercase() {
        b'/' | b'e' | b'x' => {
            let path = ["ex:", "x500:"].iter().find_map(|scheme| without_scheme(text, scheme)).unwrap_or(text);
            distinguished(path)
        }
        b'i' => {
            let (kind, wrapped) = without_scheme(text, "imcea")?.split_once('-')?;
            let inner = unwrapped(wrapped.rsplit_once('@').map_or(wrapped, |(inner, _)| inner));
            match kind.to_ascii_lowercase().as_str() {
                "ex" | "x500" => distinguished(&inner),
                // A person of Notes is `Xena Xu/Acme@ACME`, where the last word is a domain of Notes; an address of mail
                // that passed through has one more `@`.
                "notes" if inner.contains('/') => None,
                "notes" => mail(inner.match_indices('@').nth(1).map_or(&inner, |(at, _)| &inner[..at])),
                "x400" => mail(&mail_in_x400(&inner)?),
                // `INVALID`, `MAILTO`, `RFC822` and what else carries an address of mail.
                _ => mail(&inner),
            }
        }
        _ => None,
    }
}

/// What was wrapped, where it may be an address of mail. Something that is wrapped again must not be unwrapped for ever.
fn mail(inner: &str) -> Option<DirectoryText> {
    let may_be = inner.contains('@') && without_scheme(inner, "imcea").is_none();
    may_be.then(|| DirectoryText::WrappedMail(inner.to_string()))
}

/// What follows a scheme such as `mailto:`, whatever its letter case.
pub fn without_scheme<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let head = text.get(..scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then(|| text[scheme.len()..].trim_start())
}

/// `…;dda:RFC-822=xena(a)acme.example;…`: an address of mail as X.400 carries it, whose alphabet lacks some signs.
fn mail_in_x400(path: &str) -> Option<String> {
    const KEY: &str = "rfc-822=";
    const SIGNS: [(&str, &str); 4] = [("(a)", "@"), ("(p)", "%"), ("(u)", "_"), ("(b)", "!")];
    let path = path.to_lowercase();
    let address = path[path.find(KEY)? + KEY.len()..].split([';', '/']).next()?;
    Some(SIGNS.iter().fold(address.to_string(), |text, (sign, meant)| text.replace(sign, meant)))
}

/// Whether an address, in lower case, is one that Exchange wrapped to carry it over SMTP.
pub fn is_wrapped(address: &str) -> bool {
    let kind = address.strip_prefix("imcea").and_then(|rest| rest.split_once('-'));
    kind.is_some_and(|(kind, _)| !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// `/o=…` as it compares.
fn distinguished(path: &str) -> Option<DirectoryText> {
    let path = path.trim();
    without_scheme(path, "/o=")?;
    Some(DirectoryText::Address(path.trim_end_matches('/').to_lowercase()))
}

/// Undoes what makes a directory address a local part: `_` is `/`, `+20` the byte of that number.
fn unwrapped(wrapped: &str) -> String {
    let bytes = wrapped.as_bytes();
    let (mut inner, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        let code = bytes.get(at + 1..at + 3).and_then(|code| std::str::from_utf8(code).ok());
        let code = code.filter(|_| byte == b'+').and_then(|code| u8::from_str_radix(code, 16).ok());
        at += if code.is_some() { 3 } else { 1 };
        inner.push(code.unwrap_or(if byte == b'_' { b'/' } else { byte }));
    }
    String::from_utf8_lossy(&inner).into_owned()
}

#[cfg(test)]
mod tests {
    use crate::sources::values::address_text::{Named, named};

    const ANNA: &str = "/o=exchangelabs/ou=exchange administrative group (fydibohf23spdlt)/cn=recipients/cn=1a_b-anna";

    #[test]
    fn a_directory_address_is_the_same_in_every_spelling() {
        let path = "/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=1a_b-Anna";
        for text in [
            path.to_string(),
            path.to_uppercase(),
            format!("EX:{path}"),
            format!("ex: {path}"),
            format!("x500:{path}"),
            format!("SMTP:{path}"),
            format!("<{path}>"),
            format!("Anna <{path}>"),
            format!("Anna [EX:{path}]"),
            format!("Anna ({path})"),
            format!("\"Berg, Anna (Sales)\" <EX:{path}>"),
            "IMCEAEX-_O=EXCHANGELABS_OU=EXCHANGE+20ADMINISTRATIVE+20GROUP+20+28FYDIBOHF23SPDLT+29_CN=RECIPIENTS_CN=1A+5FB-ANNA@eurprd01.prod.outlook.com".to_string(),
            "Anna <imceaex-_o=ExchangeLabs_ou=Exchange+20Administrative+20Group+20+28FYDIBOHF23SPDLT+29_cn=Recipients_cn=1a+5fb-Anna@x.example>".to_string(),
        ] {
            assert_eq!(named(&text), Some(Named::Directory(ANNA.into())), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_directory_addresses() {
        assert_eq!(named("IMCEASMTP-xena+40acme+2Eexample@x.example"), Some(Named::Mail("xena@acme.example".into())));
        for text in ["ex:anna", "/other", "x@acme.example", "extern@acme.example", "imcea-x@acme.example"] {
            assert!(!matches!(named(text), Some(Named::Directory(_))), "{text}");
        }
        for kind in ["INVALID", "MAILTO", "RFC822", "invalid"] {
            let wrapped = format!("IMCEA{kind}-xena+40acme+2Eexample+20@nw.example");
            assert_eq!(named(&wrapped), Some(Named::Mail("xena@acme.example".into())), "{wrapped}");
        }
        assert!(named("IMCEASMTP-IMCEASMTP-a+40b@c@d").is_some());
    }
}
