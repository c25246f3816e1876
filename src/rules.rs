//! The rules that columns, code and tests cite, as `jobs/RULES.md` has them.

use std::sync::LazyLock;

/// The page itself.
pub const PAGE: &str = include_str!("../jobs/RULES.md");

/// A rule, as its heading and first paragraph say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Such as `K3`.
    pub code: &'static str,
    /// A few words.
    pub title: String,
    /// The first sentence.
    pub summary: String,
    /// Everything below the heading.
    pub text: &'static str,
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| parse(PAGE));

/// Every rule, in the order of the page.
pub fn all() -> &'static [Rule] {
    &RULES
}

/// The rule with this code.
pub fn find(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code == code)
}

/// The codes of a list such as `K3, K4`.
pub fn codes(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|code| !code.is_empty())
}

fn parse(page: &'static str) -> Vec<Rule> {
    let sections = page.split("\n### ").skip(1).filter_map(|section| section.split_once('\n'));
    sections
        .map(|(code, text)| {
            let text = text.split("\n## ").next().unwrap_or(text).trim();
            let paragraph = text.split("\n\n").next().unwrap_or(text).replace('\n', " ");
            let (title, words) =
                paragraph.strip_prefix("**").and_then(|rest| rest.split_once(".** ")).unwrap_or_default();
            let end = words.find(". ").map_or(words.len(), |at| at + 1);
            Rule { code: code.trim(), title: title.to_string(), summary: words[..end].replace(['`', '*'], ""), text }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_has_a_title_and_a_first_sentence() {
        let page = "# Rules\n\n## KPIs\n\nAbout.\n\n### K3\n\n**Runs.** Emails in a row form a *run* of 1.5\nhours. More.\n\nMore.\n\n\
                    ## Next\n\n### T1\n\n**Days.** All.";
        let rules = parse(page);
        assert_eq!(rules.iter().map(|rule| rule.code).collect::<Vec<_>>(), ["K3", "T1"]);
        assert_eq!(rules[0].title, "Runs");
        assert_eq!(rules[0].summary, "Emails in a row form a run of 1.5 hours.");
        assert!(rules[0].text.ends_with("More."), "{}", rules[0].text);
        assert_eq!(rules[1].summary, "All.");
    }
}
