//! Who knows whom: colleagues on the left, customer people on the right, a line for each connection.

use std::fmt::Write;

use super::at;
use super::room::{Room, in_both};
use crate::report::html::{Html, escaped};

/// People on either side, and lines, that still can be told apart.
pub const PEOPLE: usize = 10;
pub const LINES: usize = 30;

const ROW: f64 = 34.0;
/// Room for the dots that end a name that is cut, in ems.
const DOTS: f64 = 1.05;

/// Where the two columns of people stand.
struct Columns {
    width: f64,
    left: f64,
    right: f64,
    /// Room for a name beside its dot, in ems of its pixels.
    name: f64,
}

const ON_DESK: Columns = Columns { width: 720.0, left: 220.0, right: 500.0, name: 16.0 };
const ON_PHONE: Columns = Columns { width: 360.0, left: 126.0, right: 234.0, name: 9.4 };

/// A connection: places in the lists of colleagues and people, its strength from 0 to 100, its label's code
/// and word.
pub struct GraphLine<'a> {
    pub colleague: usize,
    pub person: usize,
    pub strength: f64,
    pub label: &'a str,
    pub word: &'a str,
}

/// The graph. Strength is the width of a line, and its label its dashes, its colour and its text.
pub fn graph(title: &str, colleagues: &[String], people: &[String], lines: &[GraphLine<'_>]) -> Html {
    in_both(|room| drawn(room, title, colleagues, people, lines))
}

fn drawn(room: Room, title: &str, colleagues: &[String], people: &[String], lines: &[GraphLine<'_>]) -> String {
    let columns = room.pick(ON_DESK, ON_PHONE);
    let Columns { width, left, right, .. } = columns;
    let rows = colleagues.len().max(people.len()).max(1) as f64;
    let height = rows * ROW + 16.0;
    let place = |at: usize, of: usize| 8.0 + (rows * ROW) * (at as f64 + 0.5) / of.max(1) as f64;
    let mut svg = format!(
        "<svg class=\"chart graph {}\" viewBox=\"0 0 {width} {}\" role=\"img\" aria-label=\"{}\">",
        room.class(),
        at(height),
        escaped(title)
    );
    // Writing to a string does not fail. The weakest first, so that strong ones lie above them.
    for line in lines.iter().rev() {
        let (from, to) = (place(line.colleague, colleagues.len()), place(line.person, people.len()));
        let middle = (left + right) / 2.0;
        let name = |names: &[String], at: usize| names.get(at).map(|name| escaped(name)).unwrap_or_default();
        let _ = write!(
            svg,
            "<path class=\"link {}\" d=\"M{left} {} C{middle} {} {middle} {} {right} {}\" stroke-width=\"{}\">\
             <title>{} – {}: {} ({})</title></path>",
            label_class(line.label),
            at(from),
            at(from),
            at(to),
            at(to),
            at(1.0 + line.strength / 14.0),
            name(colleagues, line.colleague),
            name(people, line.person),
            escaped(line.word),
            line.strength.floor()
        );
    }
    // The word on the strongest line of each person.
    for person in 0..people.len() {
        let Some(line) = lines.iter().find(|line| line.person == person) else { continue };
        let _ = write!(
            svg,
            "<text class=\"tick end halo\" x=\"{}\" y=\"{}\">{}</text>",
            at(right - 14.0),
            at(place(person, people.len()) - 5.0),
            escaped(line.word)
        );
    }
    for (position, name) in colleagues.iter().enumerate() {
        node(&mut svg, &columns, "us", place(position, colleagues.len()), name);
    }
    for (position, name) in people.iter().enumerate() {
        node(&mut svg, &columns, "them", place(position, people.len()), name);
    }
    svg.push_str("</svg>");
    svg
}

/// A person: our side's names stand left of the left column, theirs right of the right one.
fn node(svg: &mut String, columns: &Columns, side: &str, y: f64, name: &str) {
    let (x, text, anchor) = match side {
        "us" => (columns.left, columns.left - 12.0, "end"),
        _ => (columns.right, columns.right + 12.0, ""),
    };
    let shown = cut(name, columns.name);
    let _ = write!(
        svg,
        "<circle class=\"{side} solid\" cx=\"{}\" cy=\"{}\" r=\"5\"/><text class=\"name {anchor}\" x=\"{}\" y=\"{}\">{}",
        at(x),
        at(y),
        at(text),
        at(y + 4.0),
        escaped(&shown)
    );
    if shown != name {
        let _ = write!(svg, "<title>{}</title>", escaped(name));
    }
    svg.push_str("</text>");
}

fn label_class(label: &str) -> &'static str {
    match label {
        "strong" => "strong",
        "good" => "medium",
        _ => "weak",
    }
}

/// A name that is not wider than so many ems, whatever the font.
fn cut(name: &str, most: f64) -> String {
    let mut width = 0.0;
    let mut end = name.len();
    for (at, letter) in name.char_indices() {
        width += em(letter);
        // Room for the dots, which a name that fits to its end does not need.
        if width <= most - DOTS {
            end = at + letter.len_utf8();
        }
        if width > most {
            return format!("{}…", &name[..end]);
        }
    }
    name.to_string()
}

/// How wide a letter is at most in the fonts that browsers take for a page without fonts of its own.
fn em(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | ' ' | '.' | ',' | '\'' | '|' | '-' | '(' | ')' => 0.42,
        'm' | 'w' => 0.95,
        'M' | 'W' | '@' | '%' | '&' => 1.1,
        'A'..='Z' => 0.78,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' => 0.0,
        letter if (letter as u32) < 0x590 => 0.7,
        letter if (letter as u32) < 0x1100 => 1.45,
        letter if (letter as u32) < 0x1_0000 => 1.05,
        _ => 1.5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_to_the_room_there_is_in_every_script() {
        assert_eq!(cut("Anna-Lena Bergström-Berg", ON_DESK.name), "Anna-Lena Bergström-Berg");
        assert_eq!(cut("Lars Ekdahl", ON_PHONE.name), "Lars Ekdahl");
        for most in [ON_DESK.name, ON_PHONE.name] {
            assert_eq!(cut("", most), "");
            for letters in ["W", "m", "電", "ش", "𝕏", "i", "e\u{301}"] {
                let shown = cut(&letters.repeat(300), most);
                let wide: f64 = shown.chars().map(em).sum();
                assert!(shown.ends_with('…') && wide <= most, "{shown}: {wide}");
            }
        }
    }
}
