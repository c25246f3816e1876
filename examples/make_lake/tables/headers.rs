//! The internet headers of messages.

use polars::prelude::*;

use crate::history::mail::{Machine, Mail};
use crate::ids::message_id;
use crate::tables::columns::{cut_lists, full_text, record};

pub fn headers(mails: &[&Mail]) -> PolarsResult<Column> {
    let mut names: Vec<&str> = Vec::new();
    let mut values: Vec<String> = Vec::new();
    let mut lengths = Vec::with_capacity(mails.len());
    for mail in mails {
        let before = names.len();
        if let Some(parent) = mail.parent {
            // Header names are written in any case.
            names.push(if mail.number % 9 == 0 { "in-reply-to" } else { "In-Reply-To" });
            values.push(format!("<{}>", message_id(parent)));
            let oldest = mail.first.max(parent.saturating_sub(9)).min(parent);
            let ancestors: Vec<String> = (oldest..=parent).map(|number| format!("<{}>", message_id(number))).collect();
            names.push("References");
            values.push(ancestors.join(" "));
        }
        let machine: &[(&str, &str)] = match mail.machine {
            Machine::No => &[],
            Machine::AutoSubmitted => &[("Auto-Submitted", "auto-replied")],
            Machine::Newsletter => {
                &[("List-Unsubscribe", "<mailto:leave@news.example>"), ("List-Id", "<news.example>")]
            }
            Machine::Bulk => &[("Precedence", "bulk")],
        };
        for (name, value) in machine {
            names.push(name);
            values.push((*value).to_string());
        }
        lengths.push(names.len() - before);
    }
    let header = record("header", &[full_text("name", names.into_iter()), full_text("value", values.into_iter())])?;
    cut_lists("internetMessageHeaders", header.as_materialized_series(), lengths.into_iter())
}
