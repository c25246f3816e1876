//! A lake that was resolved as of a day, and what is found of all its interactions once somebody asks.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use polars::prelude::*;
use serde_json::Value;

use crate::connections::colleagues::{SYSTEMUSER_ID, colleagues};
use crate::connections::connection::{self, Connection};
use crate::connections::edges::{self, Edges};
use crate::connections::strangers::Strangers;
use crate::connections::window::{WINDOW_DAYS, Window};
use crate::coverage::missing_people::Outsiders;
use crate::error::{Error, Result};
use crate::explain::scores::RowValues;
use crate::forget::traces::Traces;
use crate::frames::typed_columns::texts;
use crate::health::histories::{Histories, Reach};
use crate::interactions::columns::{INTERACTION, RECORD};
use crate::interactions::event::{ENGAGEMENT, FOLLOWED, INTERACTION_ID};
use crate::interactions::{Context, Interactions};
use crate::kpi_tables::taking_part::TakingPart;
use crate::people::RecordType;
use crate::scratch::List;
use crate::similar_deals::at_same_age::{self, AtSameAge};
use crate::similar_deals::deals::DealColumns;
use crate::similar_deals::kpis_at_age::{KpisAtAge, Moment};
use crate::time::LocalDays;

/// Stands for the id of somebody erased.
const ERASED: &str = "somebody erased";

/// Reads the columns by which deals are compared, which few ask for.
type ReadDeals<'a> = &'a dyn Fn() -> Result<DealColumns>;

/// Who is who and what was held as of a day.
pub struct LakeOfDay<'a> {
    /// The day, its people and the settings.
    pub context: &'a Context<'a>,
    /// What was held or is planned.
    pub interactions: &'a Interactions,
    /// The days of connections.
    pub days: LocalDays,
    /// Names and addresses of colleagues, by number.
    pub colleagues: DataFrame,
    user_ids: Vec<String>,
    record_ids: Vec<String>,
    links: HashMap<u32, Vec<u32>>,
    edges: OnceCell<Edges>,
    connections: OnceCell<List<Connection>>,
    histories: OnceCell<Histories>,
    taking_part: OnceCell<TakingPart>,
    outsiders: OnceCell<Outsiders>,
    deals: ReadDeals<'a>,
    similar: OnceCell<HashMap<u32, AtSameAge>>,
    at_age: RefCell<HashMap<Vec<Moment>, Rc<KpisAtAge>>>,
}

impl<'a> LakeOfDay<'a> {
    /// Of interactions with their links; the `erased` are not named.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn of(
        context: &'a Context<'a>,
        interactions: &'a Interactions,
        erased: &Traces,
        deals: ReadDeals<'a>,
    ) -> Result<LakeOfDay<'a>> {
        let users = colleagues(context)?;
        let named = |id: Option<&str>| id.filter(|id| !erased.is_id(id)).unwrap_or(ERASED).to_string();
        let owned = |column: &StringChunked| column.iter().map(named).collect();
        let link = |name: &str| interactions.links.column(name).and_then(|column| column.u32()?.cont_slice());
        let (numbers, records) = (link(INTERACTION).map_err(doing())?, link(RECORD).map_err(doing())?);
        let mut links: HashMap<u32, Vec<u32>> = HashMap::new();
        for (&interaction, &record) in numbers.iter().zip(records) {
            links.entry(record).or_default().push(interaction);
        }
        Ok(LakeOfDay {
            context,
            interactions,
            days: LocalDays::until(&context.as_of, WINDOW_DAYS),
            user_ids: owned(texts(&users, SYSTEMUSER_ID)?),
            colleagues: users,
            record_ids: owned(texts(&context.people.records.table, "record_id")?),
            links,
            edges: OnceCell::new(),
            connections: OnceCell::new(),
            histories: OnceCell::new(),
            taking_part: OnceCell::new(),
            outsiders: OnceCell::new(),
            deals,
            similar: OnceCell::new(),
            at_age: RefCell::default(),
        })
    }

    /// The number of a colleague.
    fn user(&self, id: &str) -> Option<u32> {
        self.context.people.directory.colleague_numbers.get(id).copied()
    }

    /// The colleague that a row is about.
    pub fn user_of(&self, row: &RowValues<'_>) -> Option<u32> {
        self.user(&row.text("systemuser_id")?)
    }

    /// The record that a row is about.
    pub fn record_of(&self, row: &RowValues<'_>) -> Option<u32> {
        let kind = RecordType::from_name(&row.text("record_type")?)?;
        self.context.people.records.number(kind, &row.text("record_id")?)
    }

    /// The id of a colleague.
    pub fn user_id(&self, user: u32) -> &str {
        self.user_ids.get(user as usize).map_or(ERASED, String::as_str)
    }

    /// The id of a record.
    pub fn record_id(&self, record: u32) -> &str {
        self.record_ids.get(record as usize).map_or(ERASED, String::as_str)
    }

    /// An id as a table has it: unknown of somebody erased.
    pub fn published(id: &str) -> Value {
        if id == ERASED { Value::Null } else { id.into() }
    }

    /// Whether a record is somebody erased.
    pub fn is_erased(&self, record: u32) -> bool {
        self.record_id(record) == ERASED
    }

    /// The interactions that count for a record, in their order.
    pub fn linked(&self, record: u32) -> &[u32] {
        self.links.get(&record).map_or(&[], Vec::as_slice)
    }

    /// Who was in touch with whom in the past year.
    ///
    /// # Errors
    /// Only what the engine runs into, as of all below.
    pub fn edges(&self) -> Result<&Edges> {
        once(&self.edges, || {
            let calls = self.context.settings.calls_connect;
            edges::edges(self.context, self.interactions, &self.days, calls, &Strangers::default())
        })
    }

    /// How strong that is.
    pub fn connections(&self) -> Result<&[Connection]> {
        let found = once(&self.connections, || {
            let profile = self.context.settings.connection_profile;
            let (window, scratch) = (Window::last(&self.days), &self.interactions.scratch);
            connection::connections(self.edges()?, window, profile, |_, _| None, scratch)
        });
        found.map(|found| &**found)
    }

    /// What health is made of.
    pub fn histories(&self) -> Result<&Histories> {
        once(&self.histories, || Histories::with_past(self.context, self.interactions, Reach::default()))
    }

    /// What people outside and our side ever had to do with each other.
    pub fn outsiders(&self) -> Result<&Outsiders> {
        once(&self.outsiders, || Outsiders::of(self.context, self.interactions))
    }

    /// By open deal, what similar won ones had at the same age.
    pub fn similar(&self) -> Result<&HashMap<u32, AtSameAge>> {
        once(&self.similar, || at_same_age::of_open_deals(self.context, self.interactions, &(self.deals)()?))
    }

    /// KPIs of deals at instants.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn kpis_at(&self, moments: Vec<Moment>) -> Result<Rc<KpisAtAge>> {
        if let Some(known) = self.at_age.borrow().get(&moments) {
            return Ok(known.clone());
        }
        let found = Rc::new(KpisAtAge::of(self.context, self.interactions, moments.clone())?);
        self.at_age.borrow_mut().insert(moments, found.clone());
        Ok(found)
    }

    /// Whom interactions count for as contacts of a record.
    pub fn taking_part(&self) -> Result<&TakingPart> {
        once(&self.taking_part, || TakingPart::of(self.context, self.interactions))
    }
}

/// What readers did with followed emails, of interactions by their ids: [`INTERACTION_ID`], [`FOLLOWED`], [`ENGAGEMENT`].
///
/// # Errors
/// Only what the engine runs into.
pub fn engagement(lake: &LakeOfDay<'_>, ids: &[String]) -> Result<DataFrame> {
    let ids = Series::new("ids".into(), ids);
    let mut columns = vec![col(INTERACTION_ID), col(FOLLOWED)];
    columns.extend(ENGAGEMENT.map(col));
    let own = lake.interactions.table.clone().lazy().filter(col(INTERACTION_ID).is_in(lit(ids).implode(false), false));
    own.select(columns).collect().map_err(Error::engine("engagement of emails"))
}

/// The interactions with what readers did with followed emails.
///
/// # Errors
/// Only what the engine runs into.
pub fn engaged(interactions: &DataFrame, lake: &LakeOfDay<'_>) -> Result<DataFrame> {
    let doing = || Error::engine("engagement of emails");
    let ids = interactions.column(INTERACTION_ID).and_then(|ids| Ok(ids.str()?.clone())).map_err(doing())?;
    let ids: Vec<String> = ids.iter().flatten().map(str::to_string).collect();
    let how = JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(JoinType::Left) };
    let key = [col(INTERACTION_ID)];
    let joined = interactions.clone().lazy().join(engagement(lake, &ids)?.lazy(), key.clone(), key, how);
    joined.collect().map_err(doing())
}

fn once<T>(cell: &OnceCell<T>, find: impl FnOnce() -> Result<T>) -> Result<&T> {
    if let Some(known) = cell.get() {
        return Ok(known);
    }
    let found = find()?;
    Ok(cell.get_or_init(|| found))
}

fn doing() -> impl FnOnce(PolarsError) -> Error {
    Error::engine("interactions of the lake")
}
