//! Lists of texts that a copy pipeline left as one text: in JSON, or with separators.

use std::borrow::Cow;

use polars::prelude::*;

use crate::frames::map_text::as_lists;

/// `column` of texts as lists of their entries.
pub fn split(column: Expr) -> Expr {
    as_lists(column, |text| entries(text).into_iter().map(Cow::Owned).collect())
}

/// The entries of a text: of a JSON list its texts, else what is between separators. A comma separates only
/// where another `scheme:` follows, for names in a directory may have commas.
pub fn entries(text: &str) -> Vec<String> {
    if let Ok(list) = serde_json::from_str::<Vec<Option<String>>>(text.trim()) {
        return list.into_iter().flatten().collect();
    }
    let text = text.trim().trim_start_matches(['[', '{']).trim_end_matches([']', '}']);
    let mut entries: Vec<String> = Vec::new();
    for part in text.split([';', '|', '\n', '\r', '\t']) {
        let mut begun = false;
        for piece in part.split(',') {
            match entries.last_mut().filter(|_| begun && !begins_entry(piece)) {
                Some(last) => {
                    last.push(',');
                    last.push_str(piece);
                }
                None => entries.push(piece.to_string()),
            }
            begun = true;
        }
    }
    let bare = entries.iter().flat_map(|entry| between_blanks(entry)).map(|entry| entry.trim_matches([' ', '"', '\'']));
    bare.filter(|entry| !entry.is_empty()).map(str::to_string).collect()
}

/// The parts of a text that blanks alone separate. Names in a directory have blanks as well, so that only a scheme after
/// one begins another entry, or an address after an address.
fn between_blanks(text: &str) -> Vec<&str> {
    const SCHEMES: [&str; 7] = ["smtp", "x500", "x400", "ex", "sip", "eum", "spo"];
    let begins = |word: &str, before: &str| match word.split_once(':') {
        Some((scheme, _)) => SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(scheme)),
        None => word.contains('@') && before.rsplit(' ').next().is_some_and(|word| word.contains('@')),
    };
    let (mut parts, mut from) = (Vec::new(), 0);
    for (blank, _) in text.match_indices(' ') {
        let word = text[blank + 1..].split(' ').next().unwrap_or_default();
        if begins(word, text[from..blank].trim_end()) {
            parts.push(&text[from..blank]);
            from = blank + 1;
        }
    }
    parts.push(&text[from..]);
    parts
}

fn begins_entry(piece: &str) -> bool {
    let piece = piece.trim_start_matches([' ', '"', '\'']);
    let scheme = piece.split_once(':').map_or("", |(scheme, _)| scheme);
    !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) || piece.contains('@')
}

#[cfg(test)]
mod tests {
    use super::entries;

    #[test]
    fn a_text_is_the_list_that_it_was() {
        let list = ["SMTP:a@nw.example", "smtp:b@nw.example", "X500:/o=Lab/cn=Berg, Anna"];
        for text in [
            serde_json::to_string(&list).expect("JSON"),
            list.join(";"),
            list.join(" ; "),
            list.join("|"),
            list.join(","),
            format!("[{}]", list.join(", ")),
            format!("['{}']", list.join("', '")),
            list.join("\n"),
            list.join(" "),
            list.join("  "),
        ] {
            assert_eq!(entries(&text), list, "{text}");
        }
        for text in ["a@nw.example, b@nw.example", "a@nw.example b@nw.example"] {
            assert_eq!(entries(text), ["a@nw.example", "b@nw.example"]);
        }
        assert!(entries(" ").is_empty() && entries("[]").is_empty());
    }
}
