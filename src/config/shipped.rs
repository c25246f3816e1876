//! The job files that come with the program: texts to begin with, and what each key means.

use super::JobKind;
use super::keys::Key;

/// What the jobs of a folder share: the file of this name in it, which is no job.
pub const SHARED: &str = "rapport.toml";

/// The shared file as it comes with the program, for the sample lake.
pub const SHARED_TEXT: &str = include_str!("../../jobs/rapport.toml");

/// The file of a job as it comes with the program, for the sample lake.
pub fn job_text(kind: JobKind) -> &'static str {
    match kind {
        JobKind::RelationshipKpis => include_str!("../../jobs/relationship_kpis.toml"),
        JobKind::WhoKnowsWhom => include_str!("../../jobs/who_knows_whom.toml"),
        JobKind::SimilarWonDeals => include_str!("../../jobs/similar_won_deals.toml"),
        JobKind::Report => include_str!("../../jobs/report.toml"),
    }
}

/// What the comment above a key says; keys that follow one another share it.
pub(super) fn meaning(key: &Key) -> Option<String> {
    let texts = JobKind::ALL.iter().map(|kind| job_text(*kind));
    std::iter::once(SHARED_TEXT).chain(texts).find_map(|text| comment_above(text, key))
}

fn comment_above(text: &str, key: &Key) -> Option<String> {
    let (mut section, mut comment, mut after_key, mut in_text) = ("", Vec::new(), false, false);
    for line in text.lines() {
        // Nothing in a text of several lines is a key or a comment.
        let was_in_text = in_text;
        in_text = was_in_text != (line.matches("\"\"\"").count() % 2 == 1);
        if was_in_text {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name;
            comment.clear();
            continue;
        }
        let uncommented = line.trim_start_matches("# ");
        if section == key.section && names(uncommented, key.name) {
            return (!comment.is_empty()).then(|| comment.join(" "));
        }
        if line.is_empty() {
            comment.clear();
        } else if is_assignment(uncommented) {
            after_key = true;
        } else if let Some(sentence) = line.strip_prefix('#') {
            if after_key {
                comment.clear();
                after_key = false;
            }
            comment.push(sentence.trim());
        }
    }
    None
}

fn names(line: &str, key: &str) -> bool {
    line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
}

/// `key = value`, also behind a `# `.
fn is_assignment(line: &str) -> bool {
    let Some((key, _)) = line.split_once(" = ") else { return false };
    !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

/// A text of a job file or [`SHARED_TEXT`] with other values for some keys, as TOML, each on its line.
pub fn with_values(text: &str, values: &[(&str, String)]) -> String {
    let lines = text.lines().map(|line| {
        let changed = values.iter().find(|(key, _)| names(line, key));
        changed.map_or_else(|| line.to_string(), |(key, value)| format!("{key} = {value}"))
    });
    lines.map(|line| line + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::super::keys::KEYS;
    use super::*;

    #[test]
    fn every_key_is_explained_by_a_comment() {
        for key in KEYS {
            let meaning = meaning(key).unwrap_or_else(|| panic!("{} has no comment in jobs/*.toml", key.path()));
            assert!(meaning.len() > 10, "{}: {meaning}", key.path());
        }
    }

    #[test]
    fn values_change_and_comments_stay() {
        let text = "# The folder.\nroot = \"a\"\n# root = \"b\"\nother = 1\n";
        let changed = with_values(text, &[("root", "\"c\"".to_string())]);
        assert_eq!(changed, "# The folder.\nroot = \"c\"\n# root = \"b\"\nother = 1\n");
    }
}
