//! Columns of the original in words.

use super::column::{ColumnPart, DataverseType, Mapped, Origin};

/// What a column of a file is, in a sentence.
pub fn column(of: &Mapped, part: ColumnPart) -> String {
    match part {
        ColumnPart::Value => format!("{}; {}.", kind(of.kind), origin(of)),
        ColumnPart::Name => format!("What people see for {}.", of.name),
        ColumnPart::EntityType => format!("The table that {} leads to.", of.name),
        ColumnPart::WebId => format!("{} as the Web API names it.", of.name),
    }
}

/// The type as the reference of Dataverse says it.
pub fn kind(kind: DataverseType) -> String {
    match kind {
        DataverseType::Key => "Uniqueidentifier".into(),
        DataverseType::Text(longest) => format!("String({longest})"),
        DataverseType::Integer => "Integer".into(),
        DataverseType::Decimal(digits) => format!("Decimal({digits})"),
        DataverseType::Choice(choices) => {
            let choices: Vec<String> =
                choices.iter().map(|choice| format!("{} {}", choice.code, choice.label)).collect();
            format!("Choice: {}", choices.join(", "))
        }
        DataverseType::DateTime => "DateTime".into(),
        DataverseType::DateOnly => "DateTime, a day".into(),
        DataverseType::Lookup(target) => format!("Lookup({target})"),
        DataverseType::Boolean => "Boolean".into(),
    }
}

/// What stands in a column, names of ours marked as in Markdown.
pub fn quoted_origin(column: &Mapped) -> String {
    words(column, &|name| format!("`{name}`"))
}

fn origin(column: &Mapped) -> String {
    words(column, &|name| name.to_string())
}

fn words(column: &Mapped, name: &dyn Fn(&str) -> String) -> String {
    let pairs = |pairs: Vec<String>| pairs.join(", ");
    match column.origin {
        Origin::Column("key") => {
            "the id of the row: of KPIs that of the record, else made of what the row is about".into()
        }
        Origin::Column(own) => name(own),
        Origin::Times(own, 1.0) => format!("{}, rounded half up", name(own)),
        Origin::Times(own, scale) if scale < 1.0 => {
            format!("{} / {}, rounded half up", name(own), (1.0 / scale).round())
        }
        Origin::Times(own, scale) => format!("{} × {scale}, rounded half up", name(own)),
        Origin::Words(own, codes) => {
            let own: Vec<String> = own.iter().map(|own| name(own)).collect();
            let codes = codes.iter().map(|(word, code)| format!("{word} → {code}")).collect();
            format!("{}: {}; else null", own.join(", else "), pairs(codes))
        }
        Origin::Spelled(own, spelled) => {
            let spelled = spelled.iter().map(|(word, text)| format!("{word} → {text}")).collect();
            format!("{}: {}", name(own), pairs(spelled))
        }
        Origin::AfterColon(own) => format!("{} without the kind before the colon", name(own)),
        Origin::Number(number) => format!("always {number}"),
        Origin::Word(word) => format!("always {word}"),
        Origin::Cutoff => "the end of the day as of which rows are".into(),
        Origin::DayStart => "the beginning of the day as of which rows are, in the reporting time zone".into(),
        Origin::Version => {
            "the end of the day in microseconds since 1970, so that a later day has a greater version".into()
        }
        Origin::Year => "the year of the day as of which rows are".into(),
        Origin::Unknown(why) => format!("null: {why}"),
    }
}
