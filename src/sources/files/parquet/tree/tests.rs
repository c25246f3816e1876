//! Schemas as writers of Parquet make them, and as nobody should.

use super::*;
use crate::sources::files::parquet::footer::Group;

/// Elements as `depth name [list|text|int]`, `?` behind a name optional, `*` repeated.
fn footer(lines: &[&str]) -> Footer {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let elements = lines.iter().enumerate().map(|(at, line)| {
        let below = lines[at + 1..].iter().take_while(|other| depth(other) > depth(line));
        let children = below.filter(|other| depth(other) == depth(line) + 1).count();
        let (name, kind) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        let repetition = if name.ends_with('?') { 1 } else { 2 * i32::from(name.ends_with('*')) };
        let (physical, meaning) = match kind {
            "text" => (Some(6), Some(Meaning::Text)),
            "bytes" => (Some(6), None),
            "int" => (Some(1), None),
            "list" => (None, Some(Meaning::List)),
            "map" => (None, Some(Meaning::Map)),
            _ => (None, None),
        };
        let name = name.trim_end_matches(['?', '*']).to_string();
        Element { name, repetition, children, physical, meaning, ..Element::default() }
    });
    Footer { elements: elements.collect(), groups: Vec::<Group>::new(), ..Footer::default() }
}

/// The one column of a schema, pruned, in few words.
fn read(lines: &[&str]) -> String {
    let footer = footer(&[&["root"], lines].concat());
    let (roots, _) = roots(&footer).expect("a schema that adds up");
    column(&footer, &roots[0]).pruned().map_or_else(|word| format!("odd: {word}"), |node| words(&node))
}

fn words(node: &Node) -> String {
    let inside = |fields: &[Node]| fields.iter().map(words).collect::<Vec<_>>().join(" ");
    match &node.shape {
        Shape::Leaf(leaf) => format!("{}:{}", node.name, leaf.at),
        Shape::Struct(fields) => format!("{}{{{}}}", node.name, inside(fields)),
        Shape::List(element) => format!("{}[{}]", node.name, words(element)),
        Shape::Odd(word, _) => format!("{}!{word}", node.name),
    }
}

#[test]
fn lists_of_all_writers_are_lists_of_their_elements() {
    for (list, read_as) in [
        (&[" to? list", "  list*", "   element? text"][..], "to[element:0]"),
        (&[" to? list", "  list*", "   item text"], "to[item:0]"),
        (&[" to? list", "  bag*", "   array_element? text"], "to[array_element:0]"),
        (&[" to? list", "  array* text"], "to[:0]"),
        (&[" to* text"], "to[:0]"),
        (&[" to?", "  list*", "   element? text"], "to[element:0]"),
        (
            &[" to? list", "  list*", "   element?", "    name? text", "    address? text"],
            "to[element{name:0 address:1}]",
        ),
        (&[" to? list", "  array*", "   name? text", "   address? text"], "to[{name:0 address:1}]"),
        (&[" to? list", "  to_tuple*", "   emailAddress?", "    address? text"], "to[{emailAddress{address:0}}]"),
        (&[" to? list", "  element*", "   emailAddress?", "    address? text"], "to[{emailAddress{address:0}}]"),
        (&[" to*", "  emailAddress?", "   address? text"], "to[{emailAddress{address:0}}]"),
    ] {
        assert_eq!(read(list), read_as, "{list:?}");
    }
}

#[test]
fn what_nobody_reads_is_left_out_and_counted_all_the_same() {
    let person =
        [" from?", "  other? int", "  emailAddress?", "   secret map", "    x*", "     key int", "   address? bytes"];
    assert_eq!(read(&person), "from{emailAddress{address:2}}");
    assert_eq!(read(&[" from?", "  other? int"]), "from{}");
    assert!(read(&[" from? map", "  x*", "   key int"]).starts_with("odd: a map"));
    assert!(read(&[" to? list", "  list*", "   element?", "    other? int"]).starts_with("odd: a list without"));
}

#[test]
fn a_schema_that_does_not_add_up_is_none() {
    let mut cut = footer(&["root", " from?", "  address? text"]);
    cut.elements.pop();
    assert!(roots(&cut).is_none());
    let mut more = footer(&["root", " a? text"]);
    more.elements.push(Element { name: "b".into(), physical: Some(6), ..Element::default() });
    assert!(roots(&more).is_none());
    assert!(roots(&Footer::default()).is_none());
}

#[test]
fn a_column_as_deep_as_anybody_likes_is_odd_and_no_crash() {
    let deep = Element { name: "x".into(), children: 1, ..Element::default() };
    let mut footer = Footer { elements: vec![deep; 100_000], ..Footer::default() };
    footer.elements.push(Element { name: "leaf".into(), physical: Some(6), ..Element::default() });
    let (roots, leaves) = roots(&footer).expect("a schema that adds up");
    assert_eq!((roots.len(), leaves), (1, 1));
    assert_eq!(column(&footer, &roots[0]).pruned(), Err("a column nested too deep"));
}
