//! Which messages of Exchange are about a meeting (rule N1).

use polars::prelude::*;

use crate::sources::values::item_classes;
use crate::sources::values::nested;
use crate::sources::values::null_words::is_null_word;

/// Whether a message is an invitation, an answer to one or a cancellation (rule N1), by any of the columns.
pub fn meeting_message(data_type: Expr, message_type: Expr, class: Expr) -> Expr {
    data_type.map_many(
        |columns| {
            if columns.iter().all(|column| column.null_count() == column.len()) {
                return Ok(Column::new_scalar(columns[0].name().clone(), false.into(), columns[0].len()));
            }
            let rows = columns[0].str()?.iter().zip(columns[1].str()?.iter()).zip(columns[2].str()?.iter());
            let is = rows.map(|((data, message), class)| {
                data.is_some_and(is_event_message)
                    || message.is_some_and(says_meeting)
                    || class.is_some_and(item_classes::is_about_a_meeting)
            });
            Ok(BooleanChunked::from_iter_values(columns[0].name().clone(), is).into_column())
        },
        &[message_type, class],
        |_, fields| Ok(Field::new(fields[0].name().clone(), DataType::Boolean)),
    )
}

/// `#microsoft.graph.eventMessage` and the types made from it.
fn is_event_message(data_type: &str) -> bool {
    let name = data_type.trim().rsplit(['.', '#']).next().unwrap_or_default();
    name.get(..12).is_some_and(|head| head.eq_ignore_ascii_case("eventMessage"))
}

/// A type of meeting message other than none.
fn says_meeting(message_type: &str) -> bool {
    let name = nested::unwrapped(message_type.trim());
    // By its number in Graph 0 is none.
    !(name.is_empty() || name == "0" || is_null_word(name))
}
