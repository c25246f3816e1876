//! What readers did with followed emails (rule K7).

use polars::prelude::*;

use crate::interactions::Kind;
use crate::interactions::event::*;
use crate::kpis::kpi::{Definition, Kpi, Measure};
use crate::kpis::measuring::HELD;
use crate::table::{Column, ColumnType};

fn followed() -> Expr {
    col(HELD).and(col(FOLLOWED)).and(col(OURS)).and(col(KIND).eq(Kind::Email.lit()))
}

/// Followed emails whose readers did something at least once, see [`ENGAGEMENT`].
fn followed_and(done: &'static str) -> Expr {
    followed().and(col(done))
}

/// Counts of followed emails and of what was done with them, and the shares of both.
pub fn kpis() -> Vec<Kpi> {
    let count = |name, condition: Definition, description, example| Kpi {
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
        measure: Measure::Count(condition),
    };
    let share = |name, numerator, description, example| Kpi {
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
        measure: Measure::Ratio { numerator, denominator: "followed_emails_sent" },
    };
    vec![
        count(
            "followed_emails_sent",
            |_| followed(),
            "Emails sent by us whose readers are followed.",
            "2 of 9 sent: 2",
        ),
        count(
            "followed_emails_opened",
            |_| followed_and(ENGAGEMENT[0]),
            "Followed emails opened at least once.",
            "opened twice: 1",
        ),
        count(
            "followed_emails_clicked",
            |_| followed_and(ENGAGEMENT[1]),
            "Followed emails with a link clicked.",
            "one of 2: 1",
        ),
        count(
            "followed_emails_attachment_opened",
            |_| followed_and(ENGAGEMENT[2]),
            "Followed emails with an attachment opened.",
            "one of 2: 1",
        ),
        count(
            "followed_emails_replied",
            |_| followed_and(ENGAGEMENT[3]),
            "Followed emails that were replied to.",
            "one of 2: 1",
        ),
        share("open_rate", "followed_emails_opened", "followed_emails_opened / followed_emails_sent.", "1 of 2: 0.5"),
        share(
            "click_rate",
            "followed_emails_clicked",
            "followed_emails_clicked / followed_emails_sent.",
            "0 of 2: 0.0",
        ),
        share(
            "attachment_open_rate",
            "followed_emails_attachment_opened",
            "followed_emails_attachment_opened / followed_emails_sent.",
            "1 of 2: 0.5",
        ),
        share(
            "reply_rate",
            "followed_emails_replied",
            "followed_emails_replied / followed_emails_sent.",
            "1 of 2: 0.5",
        ),
    ]
}
