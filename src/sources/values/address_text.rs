//! What a text says of an address: the address alone, without names, quotes, comments and schemes (rule P1).

use std::borrow::Cow;

use url::Host;

use crate::sources::values::composed::composed;
use crate::sources::values::directory_addresses::{self as directory, DirectoryText, without_scheme};
use crate::sources::values::encoded_words;
use crate::sources::values::null_words::is_null_word;
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

/// Whom a text names: `Xena Xu <xena@acme.example>` is xena@acme.example. Blank text, words for nothing and lists
/// without members (`undisclosed-recipients:;`) name nobody.
pub fn named(text: &str) -> Option<Named> {
    let text = with_plain_marks(text);
    let text = composed(&text);
    let text = unwrapped(&text);
    if let Some(found) = in_directory(text) {
        return Some(found);
    }
    let of_inner = |inner: &str| in_directory(unwrapped(inner)).or_else(|| mail(unwrapped(inner)));
    if let Some(found) = in_angle_brackets(text, true).and_then(of_inner) {
        return Some(found);
    }
    // What stands in quotes or in a comment is a name, even where it looks like an address.
    if let Some(found) = without_quotes(text).and_then(|bare| mail(&bare)) {
        return Some(found);
    }
    if let Some(found) = in_angle_brackets(text, false).and_then(of_inner) {
        return Some(found);
    }
    // Only now: an encoded word before angle brackets is a name, whatever it says.
    if let Some(decoded) = encoded_words::decoded(text) {
        return named(&decoded);
    }
    if let Some(found) = mail(text).or_else(|| directory_in_brackets(text)) {
        return Some(found);
    }
    let without_comments = without_comments(text);
    let is_empty_list = without_comments.split(';').next().is_some_and(|list| list.trim_end().ends_with(':'));
    (!text.is_empty() && !is_empty_list && !is_null_word(text)).then(|| Named::Words(text.to_lowercase()))
}

/// An address of a directory, or the one of mail at a domain of the Internet that is wrapped in it.
pub fn in_directory(text: &str) -> Option<Named> {
    let inner = match directory::read(text)? {
        DirectoryText::Address(path) => return Some(Named::Directory(path)),
        DirectoryText::WrappedMail(inner) => inner,
    };
    named(&inner).filter(|found| {
        let Named::Mail(address) = found else { return false };
        let ends = address.rsplit_once('@').and_then(|(_, domain)| domain.rsplit_once('.'));
        ends.is_some_and(|(_, last)| last.starts_with(|c: char| c.is_alphabetic()))
    })
}

/// The text without the blanks, separators, schemes and pairs of quotes or brackets around it.
fn unwrapped(mut text: &str) -> &str {
    const PAIRS: [(char, char); 7] =
        [('<', '>'), ('\'', '\''), ('"', '"'), ('[', ']'), ('(', ')'), ('{', '}'), ('`', '`')];
    loop {
        let mut shorter = text.trim_matches(|c| matches!(c, ' ' | ',' | ';'));
        shorter = without_scheme(shorter, "mailto:").map_or(shorter, |link| link.strip_prefix("//").unwrap_or(link));
        shorter = without_scheme(shorter, "smtp:").unwrap_or(shorter);
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

/// `Anna [EX:/o=…]`, as older programs of mail show somebody of the directory.
fn directory_in_brackets(text: &str) -> Option<Named> {
    [('[', ']'), ('(', ')')].into_iter().find_map(|(open, close)| {
        let (inner, _) = text.split_once(open)?.1.rsplit_once(close)?;
        in_directory(unwrapped(inner))
    })
}

/// What stands in the first angle brackets that hold an address; while `quoting`, those in quotes and comments aside.
/// Where quotes or comments do not end, they are letters.
fn in_angle_brackets(text: &str, quoting: bool) -> Option<&str> {
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
}

/// The text without quoted words and comments, where it has such and an address is in one; none where they do not close.
fn without_quotes(text: &str) -> Option<String> {
    if !text.contains(['"', '(']) || text.contains("=?") {
        return None;
    }
    let (mut kept, mut quoted, mut depth, mut escaped, mut named) =
        (String::with_capacity(text.len()), false, 0u32, false, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted || depth > 0 => escaped = true,
            '"' if depth == 0 => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if depth > 0 => depth -= 1,
            _ if quoted || depth > 0 => named |= c == '@',
            _ => kept.push(c),
        }
        if !quoted && depth == 0 && matches!(c, '"' | ')') {
            kept.push(' ');
        }
    }
    (named && !quoted && depth == 0).then_some(kept)
}

fn holds_address(text: &str) -> bool {
    text.contains('@') || in_directory(unwrapped(text)).is_some()
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
    let in_words = |words: &str| words.split([' ', ',', ';', '<', '>', '"']).find_map(address_in_word);
    // Blanks around the sign, as in `xena @ acme.example`, are allowed of old, and typed by mistake.
    let together = || {
        let words = words.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        let together = words.replace(" @", "@").replace("@ ", "@");
        in_words(&together).filter(|address| address.rsplit('@').next().is_some_and(|domain| domain.contains('.')))
    };
    let address = in_words(&words).or_else(together)?;
    in_directory(&address).or(Some(Named::Mail(address)))
}

/// What may stand behind an address without a blank.
const CLOSING: [char; 7] = ['.', ']', ')', '}', '\'', ':', '/'];

/// A word as an address: its local part and domain, lower case.
fn address_in_word(word: &str) -> Option<String> {
    let word = unwrapped(word.trim_matches(['[', '(', '\''])).trim_end_matches(CLOSING);
    // Of a link, `mailto:a@b?cc=c@d`, what stands before the query.
    let (first, rest) = word.split_once('@')?;
    let word = &word[..first.len() + 1 + rest.find('?').unwrap_or(rest.len())];
    // Of two addresses without a blank between, `a@b|c@d`, the first.
    if rest.contains('@') && word.contains(['|', '/']) {
        return word.split(['|', '/']).find_map(address_in_word);
    }
    let (local, domain) = word.rsplit_once('@')?;
    // Of a list with a name, `Sales: a@b, c@d;`, or of a route, `@relay:a@b`, what follows the colon.
    let local = local.rsplit_once(':').map_or(local, |(_, local)| local).trim_start_matches(['\'', '[', '(']);
    let (domain, close) = match domain.strip_prefix('[') {
        Some(literal) => (literal, "]"),
        None => (domain.trim_end_matches(CLOSING), ""),
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
mod tests;
