//! Mail of ours that came back: a machine-made answer to it from somebody else than its only reader outside (rule W6).

use polars::prelude::*;

use super::event::{EMAIL, EVENT, KIND, OURS};
use crate::error::{Error, Result};
use crate::frames::keys::KeyMap;
use crate::interactions::columns::*;
use crate::interactions::people::participants::Participants;
use crate::people::person_key;
use crate::sources::drop_reason::DropReason;
use crate::sources::roles::STARTS;

/// Mail that could not be delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bounce {
    /// Whom it was for: the only person outside to whom it was sent.
    pub who: u64,
    /// When the report came, microseconds.
    pub at: i64,
}

/// Reports among `events`, which are judged and in order. An automatic reply comes from the reader; a report comes
/// from a mail system, which is in no record. Where a mail had several readers outside, nothing says which of them
/// it did not reach.
pub fn bounces(events: &DataFrame, participants: &Participants) -> Result<Vec<Bounce>> {
    find(events, participants).map_err(Error::engine("undeliverable mail"))
}

fn find(events: &DataFrame, participants: &Participants) -> PolarsResult<Vec<Bounce>> {
    let (kinds, reasons) = (events.column(KIND)?.u8()?, events.column(REASON)?.u8()?);
    let (automated, ours) = (events.column(AUTOMATED)?.bool()?, events.column(OURS)?.bool()?);
    let (parents, identities) = (events.column(PARENT)?.i128()?, events.column(IDENTITY)?.i128()?);
    let times = &events.column(OCCURRED_AT)?.datetime()?.phys;
    // A report from a mail system of our own has nobody outside on it.
    let is_report = |reason: Option<u8>| {
        reason.is_none_or(|reason| {
            [DropReason::Automated, DropReason::InternalOnly].iter().any(|one| *one as u8 == reason)
        })
    };
    let mut reports: KeyMap<Vec<(u32, i64)>> = KeyMap::default();
    let rows = automated.iter().zip(parents.iter()).zip(kinds.iter().zip(reasons.iter()).zip(times.iter()));
    for (event, ((automated, parent), ((kind, reason), at))) in (0u32..).zip(rows) {
        if let (Some(true), Some(parent), Some(EMAIL), Some(at)) = (automated, parent, kind, at)
            && is_report(reason)
        {
            reports.entry(parent).or_default().push((event, at));
        }
    }
    if reports.is_empty() {
        return Ok(Vec::new());
    }
    let rows = participants.people.column(EVENT)?.u32()?.rechunk();
    let (rows, who) = (rows.cont_slice()?, participants.people.column(WHO)?.u64()?.rechunk());
    let (who, roles) = (who.cont_slice()?, participants.people.column(ROLE)?.u8()?.rechunk());
    let roles = roles.cont_slice()?;
    let of_event = |event: u32| {
        let (from, to) = (rows.partition_point(|&row| row < event), rows.partition_point(|&row| row <= event));
        who[from..to].iter().copied().zip(roles[from..to].iter().copied())
    };
    let mut found = Vec::new();
    let sent = identities.iter().zip(ours.iter()).zip(kinds.iter().zip(reasons.iter()));
    for (event, ((identity, ours), (kind, reason))) in (0u32..).zip(sent) {
        let (Some(identity), Some(true), Some(EMAIL), None) = (identity, ours, kind, reason) else { continue };
        let Some(reports) = reports.get(&identity) else { continue };
        let mut readers = of_event(event).filter(|(who, role)| !person_key::is_ours(*who) && *role > STARTS);
        let (Some((reader, _)), None) = (readers.next(), readers.next()) else { continue };
        found.extend(reports.iter().filter_map(|&(report, at)| {
            let mut senders = of_event(report).filter(|(_, role)| *role == STARTS);
            // Somebody who is in a record answers for the reader: away, or no longer there.
            let is_machine = |who: u64| who != reader && person_key::record(who).is_none();
            senders.all(|(who, _)| is_machine(who)).then_some(Bounce { who: reader, at })
        }));
    }
    found.sort_unstable();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frames::keys::Key;

    /// Mail 0 to one reader, mail 1 to two; what answers them: 2 a mail system, 3 the reader's automatic reply,
    /// 4 a mail system to mail 1.
    #[test]
    fn a_report_is_an_automatic_answer_from_neither_the_reader_nor_anybody_known() {
        let (xena, yngve) = (person_key::external(1, 0), person_key::external(2, 0));
        let (anna, system) = (person_key::colleague(0), person_key::stranger(64));
        let automated = Some(DropReason::Automated as u8);
        let events = df!(
            KIND => [EMAIL; 5],
            REASON => [None, None, automated, automated, automated],
            AUTOMATED => [false, false, true, true, true],
            OURS => [Some(true), Some(true), Some(false), Some(false), Some(false)],
            OCCURRED_AT => [1i64, 2, 3, 4, 5],
        );
        let mut events = events.expect("events");
        let keys = |name: &str, keys: [Option<Key>; 5]| {
            keys.into_iter().collect::<Int128Chunked>().with_name(name.into()).into_column()
        };
        events.with_column(keys(IDENTITY, [10, 11, 12, 13, 14].map(Some))).expect("identities");
        events.with_column(keys(PARENT, [None, None, Some(10), Some(10), Some(11)])).expect("parents");
        events.try_apply(OCCURRED_AT, |at| at.cast(&super::super::event::INSTANT)).expect("instants");
        let people = df!(
            EVENT => [0u32, 0, 1, 1, 1, 2, 2, 3, 3, 4],
            WHO => [anna, xena, anna, xena, yngve, system, anna, xena, anna, system],
            ROLE => [1u8, 2, 1, 2, 3, 1, 2, 1, 2, 1],
        );
        let (people, none) = (people.expect("people"), DataFrame::empty());
        let participants = Participants { people, groups: none.clone(), counts: none };
        assert_eq!(bounces(&events, &participants).expect("bounces"), [Bounce { who: xena, at: 3 }]);
    }
}
