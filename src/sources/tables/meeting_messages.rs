//! Which messages of Exchange are about a meeting (rule N1).

use polars::prelude::*;

use crate::sources::values::nested;
use crate::sources::values::null_words::is_null_word;

/// Whether a message is an invitation, an answer to one or a cancellation (rule N1), by either column.
pub fn meeting_message(data_type: Expr, message_type: Expr) -> Expr {
    data_type.map_many(
        |columns| {
            let (data_types, message_types) = (columns[0].str()?, columns[1].str()?);
            if message_types.null_count() == message_types.len() && data_types.null_count() == data_types.len() {
                return Ok(Column::new_scalar(columns[0].name().clone(), false.into(), columns[0].len()));
            }
            let rows = data_types.iter().zip(message_types.iter());
            let is =
                rows.map(|(data, message)| data.is_some_and(is_event_message) || message.is_some_and(says_meeting));
            Ok(BooleanChunked::from_iter_values(columns[0].name().clone(), is).into_column())
        },
        &[message_type],
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
