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
    let bare = entries.iter().map(|entry| entry.trim_matches([' ', '"', '\'']));
    bare.filter(|entry| !entry.is_empty()).map(str::to_string).collect()
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
        ] {
            assert_eq!(entries(&text), list, "{text}");
        }
        assert_eq!(entries("a@nw.example, b@nw.example"), ["a@nw.example", "b@nw.example"]);
        assert!(entries(" ").is_empty() && entries("[]").is_empty());
    }
}
