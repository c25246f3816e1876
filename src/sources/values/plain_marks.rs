//! Texts of addresses, their marks as they are typed in ASCII (rule P1).

use std::borrow::Cow;

/// The text without what nobody sees, with plain blanks, and with the marks of addresses as they are typed in ASCII:
/// those of wide alphabets, quotes as word processors turn them, and characters that HTML or a link escaped.
pub fn with_plain_marks(text: &str) -> Cow<'_, str> {
    let is_hidden = |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let is_blank = |c: char| c.is_whitespace() || c.is_control();
    let plain = |c: char| match c {
        '＠' => '@',
        '＜' | '‹' | '«' | '〈' | '《' => '<',
        '＞' | '›' | '»' | '〉' | '》' => '>',
        '．' | '。' | '｡' => '.',
        '，' | '、' => ',',
        '；' => ';',
        '：' => ':',
        '（' | '【' | '「' => '(',
        '）' | '】' | '」' => ')',
        '\u{201c}'..='\u{201f}' | '＂' => '"',
        '\u{2018}'..='\u{201b}' | '´' | '＇' => '\'',
        _ if is_blank(c) => ' ',
        _ => c,
    };
    let text = without_percents(text);
    let text = if text.contains('&') { Cow::Owned(without_entities(&text)) } else { text };
    if text.chars().all(|c| c.is_ascii_graphic() || !is_hidden(c) && plain(c) == c) {
        return text;
    }
    Cow::Owned(text.chars().filter(|&c| !is_hidden(c)).map(plain).collect())
}

/// A link as it is typed: what follows `mailto:`, or an address whose `@` alone says that it was escaped.
fn without_percents(text: &str) -> Cow<'_, str> {
    const LINK: &str = "mailto:";
    let begin = text.as_bytes().windows(LINK.len()).position(|part| part.eq_ignore_ascii_case(LINK.as_bytes()));
    let begin = match begin {
        Some(at) => at + LINK.len(),
        None if text.contains("%40") && !text.contains('@') => 0,
        None => return Cow::Borrowed(text),
    };
    let (head, link) = text.split_at(begin);
    let (mut bytes, mut rest) = (Vec::with_capacity(link.len()), link.as_bytes());
    while let [first, others @ ..] = rest {
        let code = others.get(..2).filter(|_| *first == b'%').and_then(|code| std::str::from_utf8(code).ok());
        let code = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &others[2..] } else { others };
    }
    match String::from_utf8(bytes) {
        Ok(plain) => Cow::Owned(format!("{head}{plain}")),
        Err(_) => Cow::Borrowed(text),
    }
}

/// Bytes of the longest name between `&` and `;` of a character, `#x10FFFF`. Whoever sends mail may write a text that is
/// long and has no such name, and it must not be searched to its end for each `&`.
const LONGEST_NAME: usize = 8;
/// How many times one text is escaped by all that it goes through.
const ESCAPED_AT_MOST: usize = 4;

/// The text with `&lt;`, `&#64;` and the like as the characters that they stand for.
pub fn without_entities(text: &str) -> String {
    const NAMED: [(&str, char); 7] =
        [("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("amp", '&'), ("nbsp", ' '), ("commat", '@')];
    let character = |name: &str| match name.strip_prefix('#') {
        None => NAMED.iter().find(|(known, _)| *known == name).map(|(_, character)| *character),
        Some(number) => {
            let hex = number.strip_prefix(['x', 'X']);
            hex.map_or_else(|| number.parse(), |hex| u32::from_str_radix(hex, 16)).ok().and_then(char::from_u32)
        }
    };
    let mut text = text.to_string();
    for _ in 0..ESCAPED_AT_MOST {
        let (mut plain, mut rest) = (String::with_capacity(text.len()), text.as_str());
        while let Some((before, after)) = rest.split_once('&') {
            plain.push_str(before);
            let end = after.bytes().take(LONGEST_NAME + 1).position(|byte| byte == b';');
            let found = end.and_then(|end| Some((character(&after[..end])?, &after[end + 1..])));
            plain.push(found.map_or('&', |(character, _)| character));
            rest = found.map_or(after, |(_, after)| after);
        }
        plain.push_str(rest);
        // What was escaped twice has escapes left.
        if plain == text {
            break;
        }
        text = plain;
    }
    text
}
