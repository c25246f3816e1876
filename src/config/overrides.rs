//! `--set KEY=VALUE`: one key of a job file, written on the command line.

use toml::{Table, Value};

use crate::error::{Error, Result};
use crate::plain;

/// Splits at the first `=`; the value is read when the key is known.
pub fn parse_override(argument: &str) -> std::result::Result<(String, String), String> {
    match argument.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_string(), value.trim().to_string())),
        _ => Err("expects KEY=VALUE, such as timezone=\"Europe/Stockholm\"".to_string()),
    }
}

/// TOML, or a bare word (`dynamics`, `Europe/Stockholm`) that stands for itself.
pub(super) fn value(key: &str, written: &str) -> Result<Value> {
    value_of(written).ok_or_else(|| {
        Error::usage(
            &format!("--set {key}"),
            format!("{} is no TOML value", plain::value(written)),
            "Quote it for TOML and for the shell, as in --set 'company_domains=[\"nordwind.example\"]'",
        )
    })
}

/// The same; none where it is neither.
pub(super) fn value_of(written: &str) -> Option<Value> {
    let line = format!("value = {written}");
    let parsed = toml::from_str::<Table>(&line).ok().filter(|table| table.len() == 1);
    if let Some(value) = parsed.and_then(|mut table| table.remove("value")) {
        return Some(value);
    }
    let bare = |c: char| c.is_alphanumeric() || "./_+-: *,@\\".contains(c);
    (!written.is_empty() && written.chars().all(bare)).then(|| Value::String(written.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_toml_or_bare_words() {
        let read = |written| value("k", written).unwrap();
        assert_eq!(read("true"), Value::Boolean(true));
        assert_eq!(read("14"), Value::Integer(14));
        assert_eq!(read("\"true\""), Value::from("true"));
        assert_eq!(read("Europe/Stockholm"), Value::from("Europe/Stockholm"));
        assert_eq!(read("[\"a.example\"]"), Value::from(vec!["a.example"]));
    }

    #[test]
    fn broken_toml_is_no_bare_word() {
        for written in ["[\"a\"", "\"a", "", "1\nother = 2"] {
            assert!(value("k", written).is_err(), "{written}");
        }
    }

    #[test]
    fn the_first_equals_sign_splits() {
        assert_eq!(parse_override("a = b=c"), Ok(("a".into(), "b=c".into())));
        assert!(parse_override("a").is_err());
        assert!(parse_override("=a").is_err());
    }
}
