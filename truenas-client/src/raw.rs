//! Calls that this crate has no types for.

use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};
use http_core::{Idempotency, Operation};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::call::Call;
use crate::query::Operand;
use crate::{Client, Error, ErrorKind, Feature, Order, Query};

/// A method of the middleware, by its name on 25.10, and whether calling it changes anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Method(Operation);

impl Method {
    /// A method that changes nothing: it is asked again when its answer is lost, and a read-only client sends it. To declare a method that
    /// changes something like this has it carried out twice, or by whoever must not.
    pub const fn reads(name: &'static str) -> Self {
        Self(Operation::new(name, Idempotency::Read))
    }

    /// A method that changes something: it is sent once, and of unknown outcome when its answer is lost.
    pub const fn changes(name: &'static str) -> Self {
        Self(Operation::new(name, Idempotency::NonIdempotent))
    }

    pub(crate) const fn operation(self) -> Operation {
        self.0
    }

    /// A call of it without parameters.
    pub(crate) fn call(self) -> Call {
        Call::new(self.0, [])
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        self.0.name()
    }
}

/// So many rows are asked for at once.
const PAGE: u32 = 1000;
/// A listing of more rows than this is taken for one that never ends.
const MOST_IN_ALL: u32 = 10_000_000;

impl Client {
    /// Calls any method: for what this crate has no types for. A method that is a job on the appliance answers with the job's number, which
    /// [`Jobs::attach`](crate::jobs::Jobs::attach) takes. Differences of releases that this crate knows are made up for, as everywhere; others are not.
    ///
    /// ```no_run
    /// # async fn demo(nas: truenas_client::Client) -> Result<(), truenas_client::Error> {
    /// use truenas_client::Method;
    ///
    /// let state: String = nas.call(Method::reads("system.state"), &[(); 0]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As of any call: `Unsupported` when the release has no such method; `RedactedSecret` when a parameter is only the placeholder of a hidden
    /// secret; `ReadOnly` when a read-only client is to change something; `InvalidRequest` when `params` is no list; `NotUnderstood` when the answer
    /// is no `T`.
    pub async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        params: &impl Serialize,
    ) -> Result<T, Error> {
        let Ok(Value::Array(params)) = serde_json::to_value(params) else {
            let reason = "the parameters of a call are a list, one after the other";
            return Err(Error::new(method.name(), self.subject(), ErrorKind::InvalidRequest { reason }));
        };
        self.carry_out(Call::new(method.0, params)).await
    }

    /// The rows that a query finds, once the query has been found to break no rule.
    pub(crate) async fn select<T: DeserializeOwned>(
        &self,
        operation: Operation,
        query: &Query,
    ) -> Result<Vec<T>, Error> {
        query.check().map_err(|kind| Error::new(operation.name(), self.subject(), kind))?;
        self.carry_out(Call::new(operation, query.params())).await
    }

    /// The row whose field has this value. Asked for by a query, since CORE has no call for one row.
    pub(crate) async fn one_of<T: DeserializeOwned>(
        &self,
        operation: Operation,
        field: &str,
        value: impl Into<Operand>,
    ) -> Result<T, Error> {
        let found: Vec<T> = self.select(operation, &Query::new().equals(field, value)).await?;
        let missing = || Error::new(operation.name(), self.subject(), ErrorKind::NotFound);
        found.into_iter().next().ok_or_else(missing)
    }

    /// The rows that a method such as `pool.query` finds.
    ///
    /// # Errors
    /// As [`call`](Self::call); `InvalidRequest` when the query breaks a rule of the middleware's; `Unsupported` on CORE when it is to take no
    /// notice of capitals.
    pub async fn query<T: DeserializeOwned>(&self, method: Method, query: &Query) -> Result<Vec<T>, Error> {
        self.check_query(method, query)?;
        self.carry_out(Call::new(method.0, query.params())).await
    }

    /// The first row that a method such as `pool.query` finds.
    ///
    /// # Errors
    /// As [`query`](Self::query); `NotFound` when there is none; `InvalidRequest` for a query with a limit above one, which the appliance
    /// refuses here.
    pub async fn first<T: DeserializeOwned>(&self, method: Method, query: &Query) -> Result<T, Error> {
        self.check_query(method, query)?;
        let failed = |kind| Error::new(method.name(), self.subject(), kind);
        if query.limit_of_rows().is_some_and(|rows| rows > 1) {
            let reason = "a query for the first row has no limit above one";
            return Err(failed(ErrorKind::InvalidRequest { reason }));
        }
        // Not by `get`: a row that is missing is worded in three ways by the releases.
        let rows: Vec<T> = self.carry_out(Call::new(method.0, query.clone().limit(1).params())).await?;
        rows.into_iter().next().ok_or_else(|| failed(ErrorKind::NotFound))
    }

    /// How many rows a method such as `pool.query` finds; a query's limit and order do not count.
    ///
    /// # Errors
    /// As [`query`](Self::query).
    pub async fn count(&self, method: Method, query: &Query) -> Result<u64, Error> {
        let query = query.counting();
        self.check_query(method, &query)?;
        self.carry_out(Call::new(method.0, query.params())).await
    }

    fn check_query(&self, method: Method, query: &Query) -> Result<(), Error> {
        let checked = query.check().and_then(|()| {
            if query.is_of_any_case() { self.require(Feature::AnyCaseFilters) } else { Ok(()) }
        });
        checked.map_err(|kind| Error::new(method.name(), self.subject(), kind))
    }

    /// All rows that a method such as `pool.query` finds, however many, a page at a time; by their `id` unless the query says otherwise. The
    /// query's limit, 1000 by default, is the length of a page. Rows that come or go meanwhile may be missed, or seen twice. Of a query that selects
    /// fields and has no order the `id` is asked for besides, and not shown.
    ///
    /// # Errors
    /// As [`query`](Self::query), as the last item; `NotUnderstood` when a page is repeated.
    pub fn rows<T: DeserializeOwned + Send + 'static>(
        &self,
        method: Method,
        query: Query,
    ) -> impl Stream<Item = Result<T, Error>> + Send + use<T> {
        let is_id_hidden = !query.has_order() && !query.has_field("id");
        let query = if is_id_hidden { query.with_field("id") } else { query };
        let query = if query.has_order() { query } else { query.order_by(Order::ascending("id")) };
        let page = query.limit_of_rows().unwrap_or(PAGE);
        let (client, query) = (self.clone(), query.limit(page));
        let pages = Pages { client, method, query, page, offset: 0, before: Vec::new() };
        let pages = stream::try_unfold(Some(pages), |pages| async move {
            let Some(mut pages) = pages else { return Ok(None) };
            let rows = pages.next().await?;
            let is_last = u32::try_from(rows.len()).is_ok_and(|rows| rows < pages.page);
            Ok::<_, Error>(Some((rows, (!is_last).then_some(pages))))
        });
        let rows = pages.map_ok(|rows: Vec<Value>| stream::iter(rows.into_iter().map(Ok))).try_flatten();
        let (subject, name) = (self.subject(), method.name());
        rows.map(move |row: Result<Value, Error>| {
            let mut row = row?;
            if let Some(row) = row.as_object_mut().filter(|_| is_id_hidden) {
                row.remove("id");
            }
            serde_path_to_error::deserialize(row).map_err(|e| {
                Error::new(name, subject.clone(), ErrorKind::NotUnderstood { path: e.path().to_string() })
            })
        })
    }
}

struct Pages {
    client: Client,
    method: Method,
    query: Query,
    page: u32,
    offset: u32,
    /// The page before.
    before: Vec<Value>,
}

impl Pages {
    async fn next(&mut self) -> Result<Vec<Value>, Error> {
        let query = self.query.clone().offset(self.offset);
        let rows: Vec<Value> = self.client.query(self.method, &query).await?;
        if self.offset >= MOST_IN_ALL || self.is_repeated(&rows).await? {
            let kind = ErrorKind::NotUnderstood { path: "a page that was answered before".into() };
            return Err(Error::new(self.method.name(), self.client.subject(), kind));
        }
        self.before.clone_from(&rows);
        self.offset += self.page;
        Ok(rows)
    }

    /// Whether a page is the one before. Rows without an `id` may look alike, and a row that was added meanwhile moves one row onto the next page:
    /// then it is repeated only if there are no rows so far on.
    async fn is_repeated(&self, rows: &[Value]) -> Result<bool, Error> {
        if rows.is_empty() || rows != self.before {
            return Ok(false);
        }
        let are_distinct = rows.len() > 1 && rows.iter().all(|row| row.get("id").is_some());
        Ok(are_distinct || self.client.count(self.method, &self.query).await? <= self.offset.into())
    }
}
