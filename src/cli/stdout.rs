//! Where results of commands go.

use std::io::{self, Write};

use crate::plain;

/// Results go to stdout. A reader that has closed it (`| head`) has seen enough.
pub(super) fn print(text: &str) {
    let _ = io::stdout().lock().write_all(plain::told_lines(text).as_bytes());
}
