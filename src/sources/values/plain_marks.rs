//! Texts of addresses, their marks as they are typed in ASCII (rule P1).

use std::borrow::Cow;

/// The text without what nobody sees, with plain blanks, and with the marks of addresses as they are typed in ASCII:
/// those of wide alphabets, and brackets that HTML escaped.
pub fn with_plain_marks(text: &str) -> Cow<'_, str> {
    let is_hidden = |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let is_blank = |c: char| c.is_whitespace() || c.is_control();
    let plain = |c: char| match c {
        '＠' => '@',
        '＜' | '‹' | '«' => '<',
        '＞' | '›' | '»' => '>',
        '．' | '。' | '｡' => '.',
        _ if is_blank(c) => ' ',
        _ => c,
    };
    // A link without an address as it is typed.
    if text.contains("%40") && text.contains(':') && !text.contains('@') {
        return Cow::Owned(text.replace("%40", "@").replace("%2B", "+").replace("%2b", "+"));
    }
    let is_escaped = text.contains("&lt;");
    if !is_escaped && text.chars().all(|c| c.is_ascii_graphic() || !is_hidden(c) && plain(c) == c) {
        return Cow::Borrowed(text);
    }
    let text: String = text.chars().filter(|&c| !is_hidden(c)).map(plain).collect();
    Cow::Owned(if is_escaped { text.replace("&lt;", "<").replace("&gt;", ">") } else { text })
}
