//! Markup that is safe to put into a page, and what makes it of texts that are not.

use std::borrow::Cow;
use std::fmt::{self, Write};

use askama::Template;
use askama::filters::HtmlSafe;

use crate::error::{Error, Result};

/// Finished markup. It is made by templates, which escape what stands in them, by [`text`], and by charts of our own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Html {}

impl Html {
    /// Markup that this program wrote itself, with every text from a table escaped.
    pub(super) fn written(markup: String) -> Html {
        Html(markup)
    }

    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A template as markup.
///
/// # Errors
/// A template that cannot be written, which is a mistake of the program.
pub fn rendered(template: &impl Template) -> Result<Html> {
    let markup =
        template.render().map_err(|error| Error::Checks { message: format!("report: a template: {error}") })?;
    Ok(Html(markup))
}

/// A text as it reads, whatever stands in it.
pub fn text(text: &str) -> Html {
    Html(escaped(text))
}

/// The same for the markup of charts: also good between double or single quotes. Characters that XML cannot hold
/// are left out, and those that turn the direction of text, so that a name cannot change what stands beside it.
pub fn escaped(text: &str) -> String {
    let mut markup = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => markup.push_str("&lt;"),
            '>' => markup.push_str("&gt;"),
            '&' => markup.push_str("&amp;"),
            '"' => markup.push_str("&#34;"),
            '\'' => markup.push_str("&#39;"),
            other if is_left_out(other) => {}
            other => markup.push(other),
        }
    }
    markup
}

/// An address or domain, which breaks at its signs where a column is narrow and not in the middle of a word.
pub fn address(text: &str) -> Html {
    let mut markup = escaped(text);
    for sign in ["@", "."] {
        markup = markup.replace(sign, &format!("{sign}<wbr>"));
    }
    Html(markup)
}

/// A name among others: one so long that it would push them away is cut. The page that is about it has all of it.
pub fn clipped(name: &str) -> Cow<'_, str> {
    const MOST: usize = 100;
    match name.char_indices().nth(MOST) {
        None => Cow::Borrowed(name),
        Some((end, _)) => Cow::Owned(format!("{}…", name[..end].trim_end())),
    }
}

/// Whether a character stays out of every page.
pub fn is_left_out(character: char) -> bool {
    let turns = matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || (character.is_control() && character != '\n' && character != '\t')
}

/// A link, or only its text where there is nothing to lead to.
pub fn link(target: Option<&str>, shown: &str) -> Html {
    let mut markup = String::new();
    // Writing to a string does not fail.
    let _ = match target {
        Some(target) => write!(markup, "<a href=\"{}\">{}</a>", escaped(target), escaped(shown)),
        None => write!(markup, "{}", escaped(shown)),
    };
    Html(markup)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_texts_is_shown_and_not_done() {
        assert_eq!(
            text("<script>alert('x')</script> & \"more\"").as_str(),
            "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &#34;more&#34;"
        );
        assert_eq!(link(Some("a\"b"), "<b>").as_str(), "<a href=\"a&#34;b\">&lt;b&gt;</a>");
    }

    #[test]
    fn long_names_are_cut_between_letters_and_addresses_break_at_their_signs() {
        let name = "Ö".repeat(100);
        assert_eq!(clipped(&name), name);
        assert_eq!(clipped(&format!("{name}Ö")), format!("{name}…"));
        assert_eq!(address("a<b@c.d").as_str(), "a&lt;b@<wbr>c.<wbr>d");
    }

    #[test]
    fn what_turns_or_breaks_text_is_left_out() {
        assert_eq!(text("a\u{202e}b\u{0}c\u{7}d").as_str(), "abcd");
    }
}
