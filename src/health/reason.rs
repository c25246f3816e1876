//! The main reason for a score, in words.

use super::Scored;
use crate::config::HealthSettings;
use crate::interactions::touch::Touch;

/// Why the score is what it is.
pub fn reason(_touches: &[Touch], _at: i64, scored: &Scored, _settings: &HealthSettings) -> String {
    format!("{}", scored.score)
}
