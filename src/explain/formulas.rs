//! The formulas of jobs/FORMULAS.md by the names of what they define, so that nobody writes them down twice.

use std::sync::LazyLock;

const PAGE: &str = include_str!("../../jobs/FORMULAS.md");

/// A formula of the page.
struct Formula {
    /// The heading that it stands under.
    section: &'static str,
    name: String,
    text: String,
}

static FORMULAS: LazyLock<Vec<Formula>> = LazyLock::new(|| parse(PAGE));

/// The formula that a section of the page has for a name.
pub fn find(section: &str, name: &str) -> Option<&'static str> {
    let formula = FORMULAS.iter().find(|formula| formula.section == section && formula.name == name);
    formula.map(|formula| formula.text.as_str())
}

fn parse(page: &'static str) -> Vec<Formula> {
    let mut formulas: Vec<Formula> = Vec::new();
    for part in page.split("\n## ").skip(1) {
        let (section, text) = part.split_once('\n').unwrap_or((part, ""));
        for block in text.split("```text\n").skip(1) {
            for line in block.split("\n```").next().unwrap_or_default().lines() {
                match line.split_once("  ") {
                    // A line that begins with blanks goes on with the one before.
                    Some(("", rest)) => {
                        if let Some(last) = formulas.last_mut() {
                            last.text.push(' ');
                            last.text.push_str(rest.trim());
                        }
                    }
                    Some((name, rest)) => {
                        formulas.push(Formula { section, name: name.to_string(), text: rest.trim().to_string() });
                    }
                    None => {}
                }
            }
        }
        for line in text.lines() {
            let cells: Vec<&str> = line.split('|').map(str::trim).filter(|cell| !cell.is_empty()).collect();
            if let [name, formula] = cells[..]
                && let Some(name) = name.strip_prefix('`').and_then(|name| name.strip_suffix('`'))
            {
                formulas.push(Formula { section, name: name.to_string(), text: formula.replace('`', "") });
            }
        }
    }
    formulas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_found_by_section_and_name() {
        assert_eq!(find("Strength", "strength"), Some("100 × q / (1 + q), q = √(exchange / 12)"));
        assert_eq!(find("Relationship health", "score"), Some("100 × x / (x + 0.3), x being the product of the five"));
        assert_eq!(find("KPIs", "open_rate"), Some("followed_emails_opened / followed_emails_sent"));
        assert!(find("KPIs", "minutes_spent_by_us").is_some_and(|text| text.ends_with("length of calls and tasks")));
        assert_eq!(find("Strength", "score"), None);
    }
}
