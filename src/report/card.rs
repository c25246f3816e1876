//! The frame of a widget: its heading, what it shows, and what its numbers mean.

use askama::Template;

use super::book::Book;
use super::definitions::{self, Definition};
use super::html::{Html, escaped, rendered};
use super::say::Say;
use crate::error::Result;

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<section class="card {{ class }}" id="{{ id }}" aria-labelledby="{{ id }}-title">
<h2 id="{{ id }}-title">{{ title }}{% if !note.is_empty() %} <small>{{ note }}</small>{% endif %}</h2>
{%- if let Some(gist) = gist %}
<details class="fold"><summary aria-labelledby="{{ id }}-title"></summary></details><p class="gist">{{ gist }}</p>
{%- endif %}
{{ body }}
{%- if !definitions.is_empty() %}
<details class="definitions"><summary>{{ say.words.definitions }}</summary>
{%- if has_commands %}<p class="quiet">{{ say.findings.explain_note }}</p>{% endif %}
<dl>
{%- for definition in definitions %}
<dt>{{ definition.label }} <code>{{ definition.column }}</code></dt>
<dd{% if definition.is_english %} lang="en"{% endif %}>{{ definition.text }}</dd>
{%- if let Some(command) = definition.command %}<dd><code class="command">{{ command }}</code></dd>{% endif %}
{%- endfor %}
</dl></details>
{%- endif %}
</section>
"##
)]
struct Frame<'a> {
    say: &'a Say,
    id: &'static str,
    class: &'static str,
    title: &'a str,
    note: String,
    gist: Option<Html>,
    body: Html,
    has_commands: bool,
    definitions: Vec<Definition>,
}

/// A widget.
pub struct Card<'a> {
    /// Unique on its page.
    pub id: &'static str,
    /// `half` or `full` of the width of the page.
    pub class: &'static str,
    pub title: &'a str,
    /// The table that it shows, and the columns whose definitions stand below.
    pub table: &'static str,
    pub columns: &'a [&'a str],
    /// The key of the row that it shows; empty where it shows several.
    pub key: &'a str,
}

/// What stands in a widget.
pub struct Content {
    pub body: Html,
    /// The widget in a few words, which are all that a phone shows of it until it is asked for the rest. `None` where a phone
    /// shows all of it, too.
    pub gist: Option<Html>,
    /// Definitions of columns of other tables than the widget's own.
    pub further: Vec<Definition>,
}

impl Card<'_> {
    /// The widget with what it shows, on a phone too.
    ///
    /// # Errors
    /// A template that cannot be written.
    pub fn around(&self, book: &Book<'_>, body: Html) -> Result<Html> {
        self.holding(book, Content { body, gist: None, further: Vec::new() })
    }

    /// The widget with what it shows; a phone opens with the gist of it.
    ///
    /// # Errors
    /// A template that cannot be written.
    pub fn folded(&self, book: &Book<'_>, gist: Html, body: Html) -> Result<Html> {
        self.holding(book, Content { body, gist: Some(gist), further: Vec::new() })
    }

    /// The widget with all that may stand in it.
    ///
    /// # Errors
    /// A template that cannot be written.
    pub fn holding(&self, book: &Book<'_>, content: Content) -> Result<Html> {
        let Content { body, gist, further } = content;
        let mut definitions = definitions::of(book, self.table, self.columns, self.key);
        definitions.extend(further);
        let day = book.published.day_of(self.table);
        let note = match day == book.published.as_of {
            true => String::new(),
            false => book.say.words.table_day.replace("{day}", &book.say.day(day)),
        };
        let Card { id, class, title, .. } = *self;
        let has_commands = definitions.iter().any(|definition| definition.command.is_some());
        rendered(&Frame { say: book.say, id, class, title, note, gist, body, has_commands, definitions })
    }

    /// The widget where its table was not published: it says which one that is, and by which command it is.
    ///
    /// # Errors
    /// A template that cannot be written.
    pub fn missing(&self, book: &Book<'_>) -> Result<Html> {
        let Card { id, class, title, table, .. } = *self;
        let body = missing(book, table)?;
        let (note, definitions) = (String::new(), Vec::new());
        let say = book.say;
        rendered(&Frame { say, id, class, title, note, gist: None, body, has_commands: false, definitions })
    }

    /// The widget where there is nothing to show: a sentence that says so, and no meanings of numbers that are not there.
    ///
    /// # Errors
    /// A template that cannot be written.
    pub fn of_nothing(&self, book: &Book<'_>, said: &str) -> Result<Html> {
        let body = Html::written(format!("<p class=\"quiet\">{}</p>", escaped(said)));
        Card { columns: &[], ..*self }.around(book, body)
    }

    /// What stands in place of the widget where its table was not published: that it was not, and what publishes it. `None`
    /// where the table is there.
    ///
    /// # Errors
    /// A template that cannot be written.
    pub fn unless_missing(&self, book: &Book<'_>) -> Result<Option<Html>> {
        match book.published.table(self.table) {
            Some(_) => Ok(None),
            None => self.missing(book).map(Some),
        }
    }
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<div class="missing" data-missing="{{ table }}"><p><strong>{{ title }}.</strong> {{ text }}</p><p><code>{{ command }}</code></p></div>"##
)]
struct Missing<'a> {
    table: &'a str,
    title: &'a str,
    text: String,
    command: String,
}

/// A notice that a table was not published, with the command that publishes it.
///
/// # Errors
/// A template that cannot be written.
pub fn missing(book: &Book<'_>, table: &str) -> Result<Html> {
    let words = book.say.words;
    rendered(&Missing {
        table,
        title: words.not_published,
        text: words.not_published_table.replace("{table}", table),
        command: book.published.way_out(table).unwrap_or_default(),
    })
}
