//! `${NAME}` in the values of job files: a variable of the environment, as whoever loads the file knows it.

use std::collections::BTreeMap;

use toml::Value;

use super::overrides;

/// Variables by name. The command line fills them; nothing below it reads the environment.
pub type Variables = BTreeMap<String, String>;

/// The value with its variables put in. A text that is nothing but one variable is read as `--set` reads values, so
/// that it can be a number, a date or a list; within a text a variable is text. `$${` stands for `${`.
pub(super) fn put_in(value: &Value, variables: &Variables) -> Result<Value, String> {
    match value {
        Value::String(text) if text.contains("${") => match whole_name(text) {
            Some(name) => overrides::value_of(look_up(name, variables)?)
                .ok_or_else(|| format!("found a value in the variable {name} that is neither a word nor TOML")),
            None => within(text, variables).map(Value::String),
        },
        Value::Array(items) => {
            items.iter().map(|item| put_in(item, variables)).collect::<Result<_, _>>().map(Value::Array)
        }
        Value::Table(table) => {
            let parts = table.iter().map(|(key, value)| Ok((key.clone(), put_in(value, variables)?)));
            parts.collect::<Result<_, String>>().map(Value::Table)
        }
        other => Ok(other.clone()),
    }
}

/// NAME of a text that is `${NAME}`.
fn whole_name(text: &str) -> Option<&str> {
    let name = text.trim().strip_prefix("${")?.strip_suffix('}')?;
    is_name(name).then_some(name)
}

fn is_name(name: &str) -> bool {
    let first = name.chars().next();
    first.is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn look_up<'a>(name: &str, variables: &'a Variables) -> Result<&'a str, String> {
    let value = variables.get(name).ok_or_else(|| format!("found the variable {name}, which is not set"))?;
    Ok(value)
}

fn within(text: &str, variables: &Variables) -> Result<String, String> {
    let mut written = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let (before, from) = rest.split_at(start);
        if let Some(before) = before.strip_suffix('$') {
            written.push_str(before);
            written.push_str("${");
            rest = &from[2..];
            continue;
        }
        let name = from[2..].split('}').next().unwrap_or_default();
        if !is_name(name) || from.len() == name.len() + 2 {
            return Err("found ${ that names no variable; write $${ where it stands for itself".to_string());
        }
        written.push_str(before);
        written.push_str(look_up(name, variables)?);
        rest = &from[name.len() + 3..];
    }
    written.push_str(rest);
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(text: &str) -> Result<Value, String> {
        let variables = [("BUCKET", "s3://results"), ("CONSENT", "true"), ("LIST", "[\"a.example\"]"), ("BAD", "\"a")];
        let variables = variables.map(|(name, value)| (name.to_string(), value.to_string())).into();
        put_in(&Value::from(text), &variables)
    }

    #[test]
    fn variables_stand_within_texts_or_for_a_whole_value() {
        assert_eq!(put("${BUCKET}/rapport"), Ok(Value::from("s3://results/rapport")));
        assert_eq!(put("${BUCKET}"), Ok(Value::from("s3://results")));
        assert_eq!(put("${CONSENT}"), Ok(Value::Boolean(true)));
        assert_eq!(put("${LIST}"), Ok(Value::from(vec!["a.example"])));
        assert_eq!(put("a ${CONSENT} b ${CONSENT}"), Ok(Value::from("a true b true")));
        assert_eq!(put("costs $5, $${BUCKET}"), Ok(Value::from("costs $5, ${BUCKET}")));
    }

    #[test]
    fn what_is_not_set_or_no_name_is_refused() {
        assert_eq!(put("${OTHER}/x"), Err("found the variable OTHER, which is not set".to_string()));
        for text in ["${", "${}", "${a b}", "x${BUCKET", "${1}"] {
            assert!(put(text).unwrap_err().contains("${"), "{text}");
        }
        assert!(put("${BAD}").unwrap_err().contains("BAD"));
    }
}
