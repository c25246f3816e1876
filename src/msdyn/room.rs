//! Texts cut to the room that a column of the original has, and never within an address or an id. Erased people are known by
//! hashes of their addresses: of an address that was cut nobody could tell any more whose it is.

use polars::prelude::*;

/// Letters and signs of an id such as `a0000000-0000-4000-8000-000000000011`.
const ID: usize = 36;

/// `column` of texts of at most so many characters. Nothing is left of a text that begins with an address for which there
/// is no room.
pub fn cut_column(column: Expr, longest: u32) -> Expr {
    let longest = longest as usize;
    column.map(
        move |column| {
            let texts = column.str()?;
            if texts.iter().flatten().all(|text| text.len() <= longest) {
                return Ok(column);
            }
            let cut: StringChunked = texts.iter().map(|text| cut(text?, longest)).collect();
            Ok(cut.with_name(column.name().clone()).into_column())
        },
        |_, field| Ok(field.clone()),
    )
}

fn cut(text: &str, longest: usize) -> Option<&str> {
    let Some((at, _)) = text.char_indices().nth(longest) else { return Some(text) };
    let address = around(text, at, |letter| in_id(letter) || ".@!#$%&'*+/=?^`{|}~".contains(letter));
    let id = around(text, at, in_id);
    let end = match () {
        () if text[address.clone()].contains('@') => address.start,
        () if id.len() == ID => id.start,
        () => return Some(&text[..at]),
    };
    Some(text[..end].trim_end()).filter(|left| !left.is_empty())
}

/// Marks that make one letter of two belong to it.
fn in_id(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '-' || letter == '_' || !letter.is_ascii() && !letter.is_whitespace()
}

/// The run of such letters that a cut would divide; it is empty where none would be.
fn around(text: &str, at: usize, belongs: impl Fn(char) -> bool) -> std::ops::Range<usize> {
    let before = text[..at].trim_end_matches(&belongs).len();
    let after = text.len() - text[at..].trim_start_matches(&belongs).len();
    if before == at || after == at { at..at } else { before..after }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "anna.berg@nordwind.example";

    #[test]
    fn a_text_is_cut_before_an_address_or_id_and_within_anything_else() {
        for (text, expected) in [
            ("Anna Maria Berg", "Anna Maria Berg"),
            ("Offer to the people of the north", "Offer to the people"),
            ("Offer for (anna@nordwind.example)", "Offer for ("),
            ("Offer <anna.berg.of.the.north@x.example>", "Offer <"),
            ("to bo@n.example, anna@n.example", "to bo@n.example,"),
            ("from bo@n.example and others", "from bo@n.example a"),
            ("id a0000000-0000-4000-8000-000000000011", "id"),
            ("Ämne: o\u{308}sten@nordwind.example", "Ämne:"),
        ] {
            assert_eq!(cut(text, 19), Some(expected), "{text}");
        }
        assert_eq!(cut(&format!("to {ADDRESS} now"), 3 + ADDRESS.len()), Some(&*format!("to {ADDRESS}")));
        assert_eq!(cut(ADDRESS, 19), None);
    }

    #[test]
    fn wherever_it_is_cut_no_part_of_an_address_is_left() {
        let text = format!("Mötet om {ADDRESS} och a0000000-0000-4000-8000-000000000011.");
        for longest in 0..text.chars().count() {
            let left = cut(&text, longest).unwrap_or_default();
            let rest = left.replace(ADDRESS, "").replace("a0000000-0000-4000-8000-000000000011", "");
            assert!(left.chars().count() <= longest && text.starts_with(left), "{left}");
            assert!(!rest.contains("anna") && !rest.contains('@') && !rest.contains("a0"), "{left}");
        }
    }
}
