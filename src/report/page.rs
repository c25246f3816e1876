//! A page around what stands on it: head, navigation, foot, and the rule that it loads nothing.

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::book::Book;
use super::html::{Html, rendered};
use super::record::list_page;
use super::say::Say;
use crate::error::Result;
use crate::people::RecordType;

/// The page of how well relationships are covered.
pub const COVERAGE: &str = "coverage.html";

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<!doctype html>
<html lang="{{ say.language.code() }}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>{{ title }} · {{ say.words.relationships }}</title>
<style>{{ style }}</style>
</head>
<body>
<a class="skip" href="#main">{{ say.words.skip }}</a>
<header class="top">
<p class="brand"><a href="{{ up }}index.html">{{ say.words.relationships }}</a></p>
<nav aria-label="{{ say.words.relationships }}">
<ul>
{%- for item in items %}
<li><a href="{{ up }}{{ item.target }}"{% if item.is_here %} aria-current="page"{% endif %}>{{ item.shown }}</a></li>
{%- endfor %}
</ul>
</nav>
<p class="as-of">{{ say.words.as_of }} <time datetime="{{ as_of }}">{{ day }}</time></p>
</header>
<main id="main"{% if !record.is_empty() %} data-record="{{ record }}"{% endif %}>
{{ body }}
</main>
<footer>
<p>{{ say.words.notice }}</p>
<p>{{ say.words.personal }} {{ say.words.made_by }}</p>
</footer>
<script>{{ script }}</script>
</body>
</html>
"##
)]
struct Shell<'a> {
    say: &'a Say,
    policy: String,
    title: &'a str,
    style: Html,
    script: Html,
    up: &'a str,
    items: Vec<Item>,
    as_of: String,
    day: String,
    record: &'a str,
    body: &'a Html,
}

struct Item {
    target: &'static str,
    shown: &'static str,
    is_here: bool,
}

/// A page.
pub struct Page<'a> {
    /// Its place in the site.
    pub path: String,
    pub title: &'a str,
    /// The key of the record that it is about; empty where it is about many.
    pub record: &'a str,
    pub body: Html,
}

impl Page<'_> {
    /// The whole document.
    ///
    /// # Errors
    /// A template that cannot be written.
    pub fn document(&self, book: &Book<'_>) -> Result<String> {
        let words = book.say.words;
        let mut items = vec![Item { target: "index.html", shown: words.overview, is_here: self.path == "index.html" }];
        items.extend(RecordType::ALL.into_iter().map(|kind| Item {
            target: list_page(kind),
            shown: words.records(kind),
            is_here: self.path == list_page(kind),
        }));
        items.push(Item { target: COVERAGE, shown: book.say.findings.coverage, is_here: self.path == COVERAGE });
        let shell = Shell {
            say: book.say,
            policy: policy(),
            title: self.title,
            style: Html::written(STYLE.to_string()),
            script: Html::written(SCRIPT.to_string()),
            up: if self.path.contains('/') { "../" } else { "" },
            items,
            as_of: book.published.as_of.to_string(),
            day: book.say.day(book.published.as_of),
            record: self.record,
            body: &self.body,
        };
        rendered(&shell).map(|html| html.as_str().to_string())
    }
}

/// Nothing is loaded, and no style or script but our own is followed, whatever a name holds.
fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}
