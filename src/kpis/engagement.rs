//! Engagement with followed emails: KPIs over a record's interactions (rule K7).

use polars::prelude::*;

use super::activity::HELD;
use super::kpi::{Each, Formula, Kpi, count, counted, ratio};
use crate::interactions::event::*;
use crate::literals::typed;
use crate::table::{Column, ColumnType};

fn followed(at_least_once: &'static str) -> Expr {
    let sent = col(HELD).and(col(FOLLOWED)).and(col(OURS)).and(col(KIND).eq(typed(EMAIL)));
    if at_least_once.is_empty() { sent } else { sent.and(col(at_least_once)) }
}

/// Engagement with followed emails.
pub fn engagement() -> Vec<Kpi> {
    let counted: [(&str, (Formula, Each), &str, &str); 5] = [
        (
            "followed_emails_sent",
            counted!(followed("")),
            "Emails sent by us whose readers are followed.",
            "2 of 9 sent: 2",
        ),
        (
            "followed_emails_opened",
            counted!(followed(ENGAGEMENT[0])),
            "Followed emails opened at least once.",
            "opened twice: 1",
        ),
        (
            "followed_emails_clicked",
            counted!(followed(ENGAGEMENT[1])),
            "Followed emails with a link clicked.",
            "one of 2: 1",
        ),
        (
            "followed_emails_attachment_opened",
            counted!(followed(ENGAGEMENT[2])),
            "Followed emails with an attachment opened.",
            "one of 2: 1",
        ),
        (
            "followed_emails_replied",
            counted!(followed(ENGAGEMENT[3])),
            "Followed emails that were replied to.",
            "one of 2: 1",
        ),
    ];
    let rates: [(&str, fn() -> Expr, &str, &str); 4] = [
        (
            "open_rate",
            || ratio("followed_emails_opened", "followed_emails_sent"),
            "followed_emails_opened / followed_emails_sent.",
            "1 of 2: 0.5",
        ),
        (
            "click_rate",
            || ratio("followed_emails_clicked", "followed_emails_sent"),
            "followed_emails_clicked / followed_emails_sent.",
            "0 of 2: 0.0",
        ),
        (
            "attachment_open_rate",
            || ratio("followed_emails_attachment_opened", "followed_emails_sent"),
            "followed_emails_attachment_opened / followed_emails_sent.",
            "1 of 2: 0.5",
        ),
        (
            "reply_rate",
            || ratio("followed_emails_replied", "followed_emails_sent"),
            "followed_emails_replied / followed_emails_sent.",
            "1 of 2: 0.5",
        ),
    ];
    let counts = counted.into_iter().map(|(name, (formula, each), description, example)| Kpi {
        column: Column {
            defined_in: file!(),
            name,
            dtype: ColumnType::Int64,
            unit: "emails",
            description,
            empty: "0 when there were none",
            rule: "K7",
            example,
        },
        formula,
        each: Some(each),
    });
    let rates = rates.into_iter().map(|(name, formula, description, example)| Kpi {
        column: Column {
            defined_in: file!(),
            name,
            dtype: ColumnType::Float64,
            unit: "share 0–1",
            description,
            empty: "null when no followed email was sent",
            rule: "K7",
            example,
        },
        formula: Formula::Kpis(formula),
        each: None,
    });
    counts.chain(rates).collect()
}
