//! How a lake is to be read.

use super::values::automated_subjects::Beginnings;
use super::values::email_addresses::CompanyDomains;

/// How a lake is read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The company's own mail domains.
    pub domains: CompanyDomains,
    /// Whether subjects are read, to be published.
    pub subjects: bool,
    /// How subjects of automatic mail begin (rule N10).
    pub automated: Beginnings,
}
