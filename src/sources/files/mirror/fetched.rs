//! How much was read of a store.

/// What was read of objects.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub struct Fetched {
    /// Ranges asked for.
    pub requests: u64,
    /// Their length.
    pub bytes: u64,
}

impl Fetched {
    /// Adds more to it.
    pub(super) fn add(&mut self, more: Fetched) {
        self.requests += more.requests;
        self.bytes += more.bytes;
    }
}
