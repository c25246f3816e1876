//! What sentences call the customer's side.

/// Whose side the customer's is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustomerSide {
    /// Of accounts and opportunities.
    Customer,
    /// Of contacts.
    Contact,
    /// Of leads.
    Lead,
}

/// The customer's side, and the name of a person that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Them<'a> {
    /// What to call it without a name.
    pub side: CustomerSide,
    /// The name of the contact or lead.
    pub name: Option<&'a str>,
}
