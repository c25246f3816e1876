//! What a store tells browsers of an object: pages are shown, and not saved.

use object_store::{Attribute, Attributes};

/// By the ending of its name.
pub(super) fn of(name: &str) -> Attributes {
    let kind = match name.rsplit_once('.') {
        Some((_, "html")) => "text/html; charset=utf-8",
        Some((_, "json")) => "application/json",
        Some((_, "eml")) => "message/rfc822",
        _ => return Attributes::new(),
    };
    Attributes::from_iter([(Attribute::ContentType, kind)])
}
