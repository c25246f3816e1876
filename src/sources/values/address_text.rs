//! What a text says of an address: the address alone, without names, quotes, comments and schemes (rule P1).

use std::borrow::Cow;

use url::Host;

use crate::sources::values::directory_addresses as directory;
use crate::sources::values::plain_marks::with_plain_marks;

/// What stands for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// An address of mail, lower case.
    Mail(String),
    /// An address of an Exchange directory, lower case, as `/o=…`.
    Directory(String),
    /// Words that are neither, lower case.
    Words(String),
}

impl Named {
    /// The text by which it compares.
    pub fn text(self) -> String {
        match self {
            Named::Mail(text) | Named::Directory(text) | Named::Words(text) => text,
        }
    }
}

/// Whom a text names: `Xena Xu <xena@acme.example>` is xena@acme.example. Blank text and lists without
/// members (`undisclosed-recipients:;`) name nobody.
pub fn named(text: &str) -> Option<Named> {
    let text = with_plain_marks(text);
    let text = unwrapped(&text);
    if let Some(found) = directory::read(text) {
        return Some(found);
    }
    let inner = in_angle_brackets(text).map(unwrapped);
    if let Some(found) = inner.and_then(|inner| directory::read(inner).or_else(|| mail(inner))) {
        return Some(found);
    }
    if let Some(found) = mail(text) {
        return Some(found);
    }
    let is_empty_list = text.is_empty() || text.ends_with(':');
    (!is_empty_list).then(|| Named::Words(text.to_lowercase()))
}

/// The text without the blanks, separators, schemes and pairs of quotes or brackets around it.
fn unwrapped(mut text: &str) -> &str {
    const PAIRS: [(char, char); 8] = [
        ('<', '>'),
        ('\'', '\''),
        ('"', '"'),
        ('[', ']'),
        ('(', ')'),
        ('\u{2018}', '\u{2019}'),
        ('\u{201c}', '\u{201d}'),
        ('\u{201e}', '\u{201c}'),
    ];
    loop {
        let mut shorter = text.trim_matches(|c| matches!(c, ' ' | ',' | ';'));
        for scheme in ["mailto:", "smtp:"] {
            shorter = without_scheme(shorter, scheme).unwrap_or(shorter);
        }
        for (open, close) in PAIRS {
            let inner = shorter.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
            let inner = inner.filter(|inner| !inner.contains([open, close]) || inner.starts_with(open));
            shorter = inner.unwrap_or(shorter);
        }
        if shorter.len() == text.len() {
            return text;
        }
        text = shorter;
    }
}

/// What follows a scheme such as `mailto:`, whatever its letter case.
pub fn without_scheme<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let head = text.get(..scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then(|| text[scheme.len()..].trim_start())
}

/// What stands in the first angle brackets that hold an address, those in quotes and comments aside. Where
/// quotes or comments do not end, they are taken as letters.
fn in_angle_brackets(text: &str) -> Option<&str> {
    let find = |quoting: bool| {
        let (mut quoted, mut depth, mut escaped, mut open) = (false, 0u32, false, None);
        for (at, c) in text.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' if quoted || depth > 0 => escaped = true,
                '"' if quoting && depth == 0 && open.is_none() => quoted = !quoted,
                '(' if quoting && !quoted && open.is_none() => depth += 1,
                ')' if depth > 0 => depth -= 1,
                '<' if !quoted && depth == 0 => open = Some(at + 1),
                '>' if !quoted && depth == 0 => {
                    let inner = open.take().map(|from| &text[from..at]);
                    if let Some(inner) = inner.filter(|inner| holds_address(inner)) {
                        return Some(inner);
                    }
                }
                _ => {}
            }
        }
        // Somebody cut the text short.
        open.map(|from| &text[from..]).filter(|inner| holds_address(inner))
    };
    find(true).or_else(|| find(false))
}

fn holds_address(text: &str) -> bool {
    text.contains('@') || directory::read(unwrapped(text)).is_some()
}

/// The address of mail in a text without angle brackets.
fn mail(text: &str) -> Option<Named> {
    if !text.contains('@') {
        return None;
    }
    if let Some(address) = with_quoted_local_part(text) {
        return Some(Named::Mail(address));
    }
    let bare = without_comments(text);
    // Where the comment is the address, as in `Xena Xu (xena@acme.example)`, it counts as a word.
    let words = if bare.contains('@') { bare } else { text.replace(['(', ')'], " ") };
    let address = words.split([' ', ',', ';', '<', '>', '"']).find_map(address_in_word)?;
    directory::read(&address).or(Some(Named::Mail(address)))
}

/// A word as an address: its local part and domain, lower case.
fn address_in_word(word: &str) -> Option<String> {
    let word = unwrapped(word.trim_matches(['[', '\''])).trim_end_matches(['.', ']', '\'', ':']);
    // Of a link, `mailto:a@b?cc=c@d`, what stands before the query.
    let (first, rest) = word.split_once('@')?;
    let word = &word[..first.len() + 1 + rest.find('?').unwrap_or(rest.len())];
    // Of two addresses without a blank between, `a@b|c@d`, the first.
    if rest.contains('@') && word.contains(['|', '/']) {
        return word.split(['|', '/']).find_map(address_in_word);
    }
    let (local, domain) = word.rsplit_once('@')?;
    // Of a list with a name, `Sales: a@b, c@d;`, or of a route, `@relay:a@b`, what follows the colon.
    let local = local.rsplit_once(':').map_or(local, |(_, local)| local).trim_start_matches(['\'', '[']);
    let (domain, close) = match domain.strip_prefix('[') {
        Some(literal) => (literal, "]"),
        None => (domain.trim_end_matches(['.', '\'', ':']), ""),
    };
    let is_odd = |c: char| "\"()[]\\".contains(c);
    let is_local = !local.is_empty() && !local.contains(is_odd) && !local.starts_with('@') && !local.ends_with('@');
    let is_domain = match close {
        "" => !domain.is_empty() && !domain.contains(is_odd) && !domain.contains([':', '\'']),
        _ => {
            let ends = [domain.chars().next(), domain.chars().next_back()];
            ends.iter().flatten().filter(|c| c.is_ascii_alphanumeric()).count() == 2 && !domain.contains(is_odd)
        }
    };
    if !is_local || !is_domain {
        return None;
    }
    let open = if close.is_empty() { "" } else { "[" };
    Some(format!("{}@{open}{}{close}", local.to_lowercase(), in_ascii(&domain.to_lowercase())))
}

/// A domain in the letters of DNS: `öst.example` is `xn--st-eka.example`.
pub fn in_ascii(domain: &str) -> Cow<'_, str> {
    match Host::parse(domain) {
        Ok(Host::Domain(ascii)) if !domain.is_ascii() => Cow::Owned(ascii),
        _ => Cow::Borrowed(domain),
    }
}

/// `"Xena Xu"@acme.example`: quotes that a local part needs stay, others go.
fn with_quoted_local_part(text: &str) -> Option<String> {
    let quoted = text.strip_prefix('"')?;
    let end = quoted.match_indices('"').map(|(at, _)| at).find(|&at| !quoted[..at].ends_with('\\'))?;
    let domain = quoted[end + 1..].strip_prefix('@')?;
    let domain = domain.split([' ', ',', ';', '(', '>']).next().unwrap_or_default().trim_end_matches('.');
    let local = &quoted[..end];
    let is_atom = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    if local.is_empty()
        || domain.is_empty()
        || !domain.chars().all(|c| !c.is_ascii() || c.is_alphanumeric() || "-._".contains(c))
    {
        return None;
    }
    let plain = local.chars().all(is_atom) && !local.starts_with('.') && !local.ends_with('.') && !local.contains("..");
    let local = if plain { local.to_string() } else { format!("\"{local}\"") };
    Some(format!("{}@{}", local.to_lowercase(), in_ascii(&domain.to_lowercase())))
}

/// The text without comments in parentheses, nested and escaped ones too; as it is where they do not close.
fn without_comments(text: &str) -> String {
    let (mut kept, mut depth, mut escaped) = (String::with_capacity(text.len()), 0u32, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if depth > 0 => escaped = true,
            '(' => depth += 1,
            ')' if depth > 0 => {
                depth -= 1;
                kept.push(' ');
            }
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    if depth > 0 { text.to_string() } else { kept }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_alone_is_left_of_a_text() {
        for text in [
            "xena@acme.example",
            " XENA@Acme.Example. ",
            "Xena Xu <xena@acme.example>",
            "Xu, Xena <xena@acme.example>",
            "\"Xu, Xena\" <xena@acme.example>",
            "\"Xu <old@acme.example>\" <xena@acme.example>",
            "\"Xena \\\"X\\\" Xu\" <mailto:xena@acme.example>",
            "5\" disk <xena@acme.example>",
            "Xena (Sales <s@acme.example>) <xena@acme.example>",
            "xena@acme.example (Xena Xu)",
            "(Xena (the \\) second)) xena@acme.example",
            "Xena Xu (xena@acme.example)",
            "Xena Xu xena@acme.example",
            "Xena Xu [mailto:xena@acme.example]",
            "Xena Xu [xena@acme.example]",
            "xena@acme.example <xena@acme.example>",
            "'xena@acme.example'",
            "\"xena@acme.example\"",
            "\"'xena@acme.example'\" <xena@acme.example>",
            "Xena 'xena@acme.example'",
            "<<xena@acme.example>>",
            "<SMTP:xena@acme.example>",
            "smtp:<xena@acme.example>",
            "mailto:xena@acme.example?subject=Offer",
            "MAILTO:xena@acme.example?cc=bo@nw.example",
            "<mailto:xena%40acme.example>",
            "Xena Xu &lt;xena@acme.example&gt;",
            "Xena ＜xena＠acme.example＞",
            "«xena@acme.example»",
            "\u{201c}xena@acme.example\u{201d}",
            "\u{201e}Xu, Xena\u{201c} <xena@acme.example>",
            "xena@acme.example。",
            "xena@acme.example|bo@nw.example",
            "xena@acme.example/bo@nw.example",
            "\u{a0}xena@acme.example\u{200b}",
            "\u{feff}Xena\u{a0}Xu\u{2003}<xena@acme.example>\r\n",
            "xena@acme.example;",
            "xena@acme.example; bo@nw.example",
            "Sales: xena@acme.example, bo@nw.example;",
            "<@relay.example,@other.example:xena@acme.example>",
            "Xena <xena@acme.example",
            "\"xena\"@acme.example",
            "Xena Xu <xena@acme.example>, Bo <bo@nw.example>",
        ] {
            assert_eq!(named(text), Some(Named::Mail("xena@acme.example".into())), "{text}");
        }
    }

    #[test]
    fn what_belongs_to_an_address_stays() {
        for (text, address) in [
            ("o'brien@acme.example", "o'brien@acme.example"),
            ("Pat <o'brien+crm@acme.example>", "o'brien+crm@acme.example"),
            ("\"Xena Xu\"@acme.example", "\"xena xu\"@acme.example"),
            ("Xena <\"Xena Xu\"@acme.example>", "\"xena xu\"@acme.example"),
            ("Å Öst <Å@ÖST.example>", "å@xn--st-eka.example"),
            ("å@o\u{308}st.example", "å@xn--st-eka.example"),
            ("X <x@[192.0.2.1]>", "x@[192.0.2.1]"),
            ("x@xn--st-eka.example", "x@xn--st-eka.example"),
            ("sip:x@acme.example", "x@acme.example"),
        ] {
            assert_eq!(named(text), Some(Named::Mail(address.into())), "{text}");
        }
    }

    /// Whatever the text, reading it again finds the same address.
    #[test]
    fn what_was_read_reads_the_same() {
        let letters: Vec<char> = "<>\"'()[]@@@.,;: ab\\/=+_-?\u{a0}\u{200b}ÅİEXo".chars().collect();
        let mut dice = fastrand::Rng::with_seed(7);
        for _ in 0..200_000 {
            let mut draw = |end: usize| dice.usize(..end);
            let length = 1 + draw(14);
            let text: String = (0..length).map(|_| letters[draw(letters.len())]).collect();
            let Some(found) = named(&text) else { continue };
            assert!(!matches!(&found, Named::Mail(address) if !address.contains('@')), "{text:?}: {found:?}");
            if let Named::Mail(address) = &found {
                assert_eq!(named(address).as_ref(), Some(&found), "{text:?}");
            }
        }
    }

    #[test]
    fn texts_without_an_address_are_words_or_nobody() {
        assert_eq!(named("NORDWIND\\Anna"), Some(Named::Words("nordwind\\anna".into())));
        assert_eq!(named("Anna @ Nordwind"), Some(Named::Words("anna @ nordwind".into())));
        for nobody in ["", " ", "<>", "\"\"", ";", "undisclosed-recipients:;", "Undisclosed recipients:", "\u{200b}"] {
            assert_eq!(named(nobody), None, "{nobody}");
        }
    }
}
