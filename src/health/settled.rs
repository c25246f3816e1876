//! What a later day cannot change: mail that all days of a backfill see alike.
//!
//! An email is settled when all its rows lie before the end of the first day, and none of its people,
//! nor the record it regards, can be anybody else on a later day. That is so unless one of its
//! addresses or ids belongs to a record that came to be within the backfill, or shares an address
//! with one; where records are merged into such a record, nothing is settled. Meetings, calls and tasks are never settled: what is planned depends on the day.

use std::collections::HashSet;
use std::sync::Arc;

use polars::prelude::*;

use crate::config::Settings;
use crate::error::{Error, Result};
use crate::frames::collect;
use crate::frames::keys::{Address, Key};
use crate::frames::typed_columns::{addresses, instants, texts};
use crate::interactions::columns::*;
use crate::people::{aliases, merged};
use crate::sources::values::email_addresses::{ADDRESS_BITS, CompanyDomains};
use crate::sources::values::ids;
use crate::sources::{Activities, RECIPIENTS, Sources, contract};
use crate::time::{AsOf, instant};

/// The activities of a lake in two parts that have no interaction in common.
pub(super) struct Parts {
    /// Settled emails, and none of the other activities.
    pub settled: Activities,
    /// Everything else.
    pub open: Activities,
}

/// Parts activities for a backfill from one day to another.
pub(super) fn part(
    sources: &Sources,
    activities: Activities,
    settings: &Settings,
    first: &AsOf,
    last: &AsOf,
) -> Result<Parts> {
    if merges_change(sources, first.cutoff(), last.cutoff())? {
        return Ok(Parts { settled: activities.none(), open: activities });
    }
    let news = News::between(sources, settings, first.cutoff(), last.cutoff())?;
    let late = || col(OCCURRED_AT).gt_eq(instant(first.cutoff())).fill_null(lit(false));
    let met = activities.parties.clone().lazy().filter(news.has_key(col("party")).or(news.has_address(col(WHO))));
    let met = met.select([col(ACTIVITY), lit(true).alias("met")]).unique(None, UniqueKeepStrategy::Any);
    let left = || JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(JoinType::Left) };
    let tracked = activities.emails.clone().lazy().with_row_index("row", None);
    let tracked = tracked.join(met, [col(ACTIVITY)], [col(ACTIVITY)], left()).select([
        col("row"),
        coalesce(&[col(IDENTITY), col(ACTIVITY)]).alias(IDENTITY),
        late().or(news.has_key(col(REGARDING))).or(col("met").fill_null(lit(false))).alias("open"),
    ]);
    let copies = activities.messages.clone().lazy().with_row_index("row", None).select([
        col("row"),
        col(IDENTITY),
        late().or(news.has_address(col(SENDER))).or(news.has_recipient()).alias("open"),
    ]);
    let (tracked, copies) = (collect(tracked, "settled emails")?, collect(copies, "settled messages")?);
    // One row that is open opens all rows of the email.
    let open = [&tracked, &copies].map(|rows| rows.clone().lazy().filter(col("open")).select([col(IDENTITY)]));
    let open = concat(open, UnionArgs::default()).map_err(Error::engine("settled emails"))?;
    let open = collect(open.unique(None, UniqueKeepStrategy::Any), "settled emails")?;
    let (emails, messages) =
        (sides(&tracked, &open, &activities.emails)?, sides(&copies, &open, &activities.messages)?);

    let settled_activities = emails.0.clone().lazy().select([col(ACTIVITY)]);
    let parties = |how| {
        let parties = activities.parties.clone().lazy();
        let parties = parties.join(settled_activities.clone(), [col(ACTIVITY)], [col(ACTIVITY)], JoinArgs::new(how));
        collect(parties, "parties of settled emails")
    };
    Ok(Parts {
        settled: Activities {
            emails: emails.0,
            messages: messages.0,
            parties: parties(JoinType::Semi)?,
            ..activities.none()
        },
        open: Activities { emails: emails.1, messages: messages.1, parties: parties(JoinType::Anti)?, ..activities },
    })
}

/// Whether records are merged into one that comes to be within the backfill: then the records themselves
/// differ from day to day.
fn merges_change(sources: &Sources, from: i64, until: i64) -> Result<bool> {
    for (table, id) in [("account", "accountid"), ("contact", "contactid"), ("lead", "leadid")] {
        if merged::change(&sources.records[table], id, from, until)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Rows of `table` that are settled, and those that are open.
fn sides(rows: &DataFrame, open: &DataFrame, table: &DataFrame) -> Result<(DataFrame, DataFrame)> {
    let side = |how| -> Result<DataFrame> {
        let rows = rows.clone().lazy().join(open.clone().lazy(), [col(IDENTITY)], [col(IDENTITY)], JoinArgs::new(how));
        let rows = collect(rows.select([col("row")]).sort(["row"], SortMultipleOptions::default()), "settled rows")?;
        let taken = rows.column("row").and_then(|rows| table.take(rows.idx()?));
        taken.map_err(Error::engine("settled rows"))
    };
    Ok((side(JoinType::Anti)?, side(JoinType::Semi)?))
}

/// What points at records that come to be within the backfill.
struct News {
    /// Addresses of new contacts and leads.
    addresses: Arc<HashSet<Address>>,
    /// Join keys of new records, and of older ones that have such an address.
    keys: Arc<HashSet<Key>>,
}

impl News {
    fn between(sources: &Sources, settings: &Settings, from: i64, until: i64) -> Result<News> {
        let domains = CompanyDomains::new(&settings.company_domains);
        let (mut found, mut keys) = (HashSet::new(), HashSet::new());
        let mut new_ids = HashSet::new();
        let columns = ["emailaddress1", "emailaddress2", "emailaddress3"];
        for (table, id, carries) in [
            (contract::ACCOUNT.name, "accountid", false),
            (contract::CONTACT.name, "contactid", true),
            (contract::LEAD.name, "leadid", true),
            (contract::OPPORTUNITY.name, "opportunityid", false),
        ] {
            let frame = &sources.records[table];
            let (ids_of, created) = (texts(frame, id)?, instants(frame, "createdon")?);
            for row in 0..frame.height() {
                if !created.get(row).is_some_and(|created| created >= from && created < until) {
                    continue;
                }
                let Some(id) = ids_of.get(row) else { continue };
                keys.extend(ids::key(id));
                new_ids.insert(id.to_string());
                for column in columns.iter().filter(|_| carries) {
                    found.extend(addresses(frame, column)?.get(row));
                }
            }
        }
        for (address, _, contact) in aliases(&sources.records, &domains)? {
            if contact.is_some_and(|contact| new_ids.contains(&contact)) {
                found.insert(address);
            }
        }
        // A party that carries no address has that of its record, and of a merged one that of its master.
        for (table, id) in [(contract::CONTACT.name, "contactid"), (contract::LEAD.name, "leadid")] {
            let frame = &sources.records[table];
            let (ids_of, masters) = (texts(frame, id)?, merged::masters(frame, id, until)?);
            keys.extend(masters.iter().flat_map(|pair| [pair.0, pair.1]).filter_map(|id| ids::key(id)));
            for column in columns {
                let carried = addresses(frame, column)?;
                let sharing = ids_of
                    .iter()
                    .zip(carried.iter())
                    .filter(|(_, address)| address.is_some_and(|address| found.contains(&address)));
                keys.extend(sharing.filter_map(|(id, _)| ids::key(id?)));
            }
        }
        let found = found.into_iter().map(|address| address & ADDRESS_BITS).collect();
        Ok(News { addresses: Arc::new(found), keys: Arc::new(keys) })
    }

    fn has_key(&self, column: Expr) -> Expr {
        is_among(column, self.keys.clone())
    }

    fn has_address(&self, column: Expr) -> Expr {
        is_among(column, self.addresses.clone())
    }

    /// Whether one of a message's recipients has such an address.
    fn has_recipient(&self) -> Expr {
        let addresses = self.addresses.clone();
        col(RECIPIENTS).map(
            move |c| {
                let lists = c.list()?.rechunk();
                let inner = lists.get_inner();
                let recipients = inner.i128()?.rechunk();
                let among = |at: i64| {
                    let recipient = recipients.get(at as usize);
                    recipient.is_some_and(|recipient| addresses.contains(&(recipient & ADDRESS_BITS)))
                };
                let offsets = lists.downcast_as_array().offsets().as_slice().windows(2);
                let found: BooleanChunked = offsets.map(|bounds| (bounds[0]..bounds[1]).any(among)).collect();
                Ok(found.with_name(c.name().clone()).into_column())
            },
            |_, field| Ok(Field::new(field.name().clone(), DataType::Boolean)),
        )
    }
}

/// Whether each key or address of `column` is in `set`.
fn is_among(column: Expr, set: Arc<HashSet<Key>>) -> Expr {
    column.map(
        move |c| {
            let among = c.i128()?.iter().map(|key| key.is_some_and(|key| set.contains(&key)));
            Ok(BooleanChunked::from_iter_values(c.name().clone(), among).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::Boolean)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frames::keys::{ALIKE, Keys};

    #[test]
    fn keys_are_among_others_only_by_all_their_bits() {
        let keys: Keys = ALIKE.into_iter().map(Some).chain([None]).collect();
        let frame = DataFrame::new_infer_height(vec![keys.with_name("key".into()).into_column()]).expect("a frame");
        let found = frame.lazy().select([is_among(col("key"), Arc::new(HashSet::from([ALIKE[1]])))]);
        let found = collect(found, "a test").expect("found");
        let found: Vec<_> = found.columns()[0].bool().expect("booleans").iter().collect();
        assert_eq!(found, [Some(false), Some(true), Some(false), Some(false)]);
    }
}
