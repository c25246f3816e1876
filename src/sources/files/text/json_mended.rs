//! Texts in lines of JSON that JSON does not allow: half a character, as which programs cut texts off, and characters that
//! nobody escaped. They cost no more than themselves (rule I3).

/// What stands where half a character was.
const REPLACEMENT: &[u8] = br"\ufffd";

/// The line with such characters escaped or replaced; none where it has none.
pub fn mended(line: &[u8]) -> Option<Vec<u8>> {
    let (mut plain, mut rest, mut in_text, mut found) = (Vec::with_capacity(line.len() + 16), line, false, false);
    while let [first, after @ ..] = rest {
        let taken = match first {
            b'"' => {
                in_text = !in_text;
                1
            }
            b'\\' if in_text => match (half(rest), after.get(6..).and_then(|_| half(&rest[6..]))) {
                (None, _) => rest.len().min(2),
                (Some(Half::First), Some(Half::Second)) => 12,
                (Some(_), _) => {
                    plain.extend(REPLACEMENT);
                    (rest, found) = (&rest[6..], true);
                    continue;
                }
            },
            0..0x20 if in_text => {
                plain.extend(format!("\\u{first:04x}").bytes());
                (rest, found) = (after, true);
                continue;
            }
            _ => 1,
        };
        plain.extend(&rest[..taken]);
        rest = &rest[taken..];
    }
    found.then_some(plain)
}

/// One of the two escapes that are a character together.
enum Half {
    First,
    Second,
}

/// Which half of a character the escape is that a text begins with.
fn half(text: &[u8]) -> Option<Half> {
    let digits = text.strip_prefix(br"\u")?.get(..4).and_then(|digits| std::str::from_utf8(digits).ok())?;
    match u16::from_str_radix(digits, 16).ok()? {
        0xd800..=0xdbff => Some(Half::First),
        0xdc00..=0xdfff => Some(Half::Second),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::mended;

    #[test]
    fn halves_of_characters_are_replaced_and_raw_ones_escaped() {
        for (line, expected) in [
            (r#"{"a":"cut \ud83d","b":1}"#, r#"{"a":"cut \ufffd","b":1}"#),
            (r#"{"a":"\ud83dx\ude00"}"#, r#"{"a":"\ufffdx\ufffd"}"#),
            (r#"{"a":"\ud83d\ud83d\ude00"}"#, r#"{"a":"\ufffd\ud83d\ude00"}"#),
            ("{\t\"a\":\"x\ty\u{1}\"}", r#"{	"a":"x\u0009y\u0001"}"#),
        ] {
            assert_eq!(mended(line.as_bytes()).as_deref(), Some(expected.as_bytes()), "{line}");
        }
        for line in [r#"{"a":"\ud83d\ude00 \\ud83d \" \\"}"#, "{\t\"a\":1}", "{", r#"{"a":"\"#, r#"{"a":"\u"#, ""] {
            assert_eq!(mended(line.as_bytes()), None, "{line}");
        }
    }
}
