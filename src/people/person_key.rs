//! A participant in 64 bits: side, identity, further records, erasure.
//!
//! Bits 62 and 63 are the side, bit 61 says that the identity is an address (or queue) that
//! belongs to no record, bit 60 that the person is erased. Of known people, bits 0 to 31 are the
//! number of the colleague or record, bits 32 to 55 that of a group of further records; bit 56 says
//! that a party row names them by their id, which is no part of who they are.

use polars::prelude::*;

use crate::frames::keys::{Address, Key};
use crate::sources::values::email_addresses::{IN_COMPANY_DOMAIN, KEPT_BITS};

/// On the customer's side.
pub const EXTERNAL: u64 = 0;
/// On our side, but no colleague (rule P2).
pub const INTERNAL: u64 = 1 << 62;
/// A colleague.
pub const COLLEAGUE: u64 = 2 << 62;
const SIDE: u64 = 3 << 62;
const UNKNOWN: u64 = 1 << 61;
const ERASED: u64 = 1 << 60;
const NAMED: u64 = 1 << 56;
/// Bits that are kept of an address or id without record: among 80,000 people of one interaction any two are
/// one with a chance of 6 · 10⁻⁹.
const KEPT: u64 = KEPT_BITS;
const GROUP_SHIFT: u32 = 32;
const GROUP: u64 = 0xFF_FFFF << GROUP_SHIFT;
/// Number of a known person who has no number, since erased records get none.
pub const NO_NUMBER: u32 = u32::MAX;

/// A colleague by number.
pub fn colleague(number: u32) -> u64 {
    COLLEAGUE | u64::from(number)
}

/// An external person: the record that names it, and a group of records that it also is (0: none).
pub fn external(record: u32, group: u32) -> u64 {
    EXTERNAL | u64::from(record) | u64::from(group) << GROUP_SHIFT
}

/// Somebody without record, known by a hashed address.
pub fn stranger(address: Address) -> u64 {
    let side = if address & IN_COMPANY_DOMAIN == 0 { EXTERNAL } else { INTERNAL };
    side | UNKNOWN | (address as u64) & KEPT
}

/// Somebody internal who is known by other bits than an address, such as a queue's id.
pub fn internal(bits: Address) -> u64 {
    INTERNAL | UNKNOWN | (bits as u64) & KEPT
}

/// Somebody of whom only an id is known that stands for no living record (rule P4).
pub fn nameless(id: Key) -> u64 {
    EXTERNAL | UNKNOWN | (id as u64) & KEPT
}

/// The same person, named by the id of their record.
pub fn named(who: u64) -> u64 {
    if who & UNKNOWN == 0 { who | NAMED } else { who }
}

/// Whether somebody is named by the id of their record.
pub fn is_named(who: u64) -> bool {
    who & (UNKNOWN | NAMED) == NAMED
}

/// Somebody with the further records of a row; on our side nobody has any.
pub fn with_group_of(who: u64, row: u64) -> u64 {
    let has_records = who & (SIDE | UNKNOWN) == EXTERNAL;
    if has_records { identity(who) | u64::from(group(row)) << GROUP_SHIFT } else { identity(who) }
}

/// The same person, erased.
pub fn erased(who: u64) -> u64 {
    who | ERASED
}

/// The kept bits of the address of somebody outside who is in no record; of somebody known by an id alone, bits of that.
pub fn stranger_bits(who: u64) -> Option<u64> {
    (who & (SIDE | UNKNOWN | ERASED) == EXTERNAL | UNKNOWN).then_some(who & KEPT)
}

/// Which side somebody is on.
pub fn side(who: u64) -> u64 {
    who & SIDE
}

/// Whether somebody is on our side.
pub fn is_ours(who: u64) -> bool {
    side(who) != EXTERNAL
}

/// Whether somebody is erased.
pub fn is_erased(who: u64) -> bool {
    who & ERASED != 0
}

/// The identity by which several rows are one participant (rule P4).
pub fn identity(who: u64) -> u64 {
    if who & UNKNOWN == 0 { who & !(GROUP | NAMED) } else { who }
}

/// Number of the group of further records, 0 for none.
pub fn group(who: u64) -> u32 {
    if who & UNKNOWN == 0 { ((who & GROUP) >> GROUP_SHIFT) as u32 } else { 0 }
}

/// Number of the record of an external person.
pub fn record(who: u64) -> Option<u32> {
    (who & (SIDE | UNKNOWN | ERASED) == EXTERNAL).then_some(who as u32).filter(|&number| number != NO_NUMBER)
}

/// Number of a colleague.
pub fn colleague_number(who: u64) -> Option<u32> {
    (side(who) == COLLEAGUE && !is_erased(who)).then_some(who as u32)
}

/// A function of people as an expression over a column of them.
pub fn expression<T, F>(column: Expr, dtype: DataType, f: F) -> Expr
where
    T: PolarsNumericType,
    F: Fn(u64) -> Option<T::Native> + Send + Sync + 'static,
    ChunkedArray<T>: IntoSeries,
{
    let out = dtype.clone();
    column.map(
        move |c| {
            let values: ChunkedArray<T> = c.u64()?.iter().map(|who| who.and_then(&f)).collect_ca(c.name().clone());
            values.into_column().cast(&dtype)
        },
        move |_, field| Ok(Field::new(field.name().clone(), out.clone())),
    )
}

/// Whether each person of `column` is on our side.
pub fn ours(column: Expr) -> Expr {
    expression::<UInt8Type, _>(column, DataType::Boolean, |who| Some(u8::from(is_ours(who))))
}

/// Number of the record of each external person of `column`, null for others.
pub fn records(column: Expr) -> Expr {
    expression::<UInt32Type, _>(column, DataType::UInt32, record)
}

/// Number of each colleague of `column`, null for others.
pub fn colleagues(column: Expr) -> Expr {
    expression::<UInt32Type, _>(column, DataType::UInt32, colleague_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_does_not_make_another_person() {
        let with_group = external(7, 3);
        assert_eq!(identity(with_group), external(7, 0));
        assert_eq!(group(with_group), 3);
        assert_eq!(record(with_group), Some(7));
        assert_eq!((identity(named(with_group)), group(named(with_group))), (external(7, 0), 3));
        assert!(is_named(named(with_group)) && !is_named(with_group) && !is_named(named(stranger(1 << 56))));
    }

    #[test]
    fn strangers_keep_their_address_and_side() {
        assert!(is_ours(stranger(8 | IN_COMPANY_DOMAIN)));
        assert!(!is_ours(stranger(8)));
        assert_eq!(record(stranger(8)), None);
        assert_eq!(group(stranger(Address::MAX)), 0);
    }

    #[test]
    fn the_erased_have_a_side_but_no_number() {
        assert!(is_ours(erased(colleague(1))));
        assert_eq!(colleague_number(erased(colleague(1))), None);
        assert_eq!(record(erased(external(1, 0))), None);
    }
}
