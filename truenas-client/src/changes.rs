//! What changes on an appliance, as it happens.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{Stream, stream};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep};

use crate::dialect::Route;
use crate::transport::{RowEvent, What};
use crate::{Client, Error, ErrorKind, Method, operations};

/// How long the appliance may be out of reach before watching ends: a reboot fits in.
const OUT_OF_REACH: Duration = Duration::from_mins(5);

impl Client {
    /// What happens to the rows of a collection from now on, such as `pool.snapshottask.query`. The collection's name is that of the method that reads
    /// it. Jobs are watched by [`Jobs::changes`](crate::jobs::Jobs::changes).
    ///
    /// The stream begins with [`Seen::ReadAnew`], and has it again whenever events may have been missed, since a connection was lost or this
    /// program did not keep up: what is known of the rows is to be read anew then. It ends with an error, and not otherwise.
    ///
    /// Not everything is told: what the replication service does to a task comes as the task's state alone, and the snapshots that tasks take do not
    /// come at all (TrueNAS middleware 25.10, `plugins/zettarepl.py` and `plugins/pool_/snapshot.py`).
    ///
    /// # Errors
    /// As an item of the stream, after which nothing comes: `Unauthorized` when the user may not subscribe; `InvalidRequest` for the jobs, and for
    /// all collections at once; `Unsupported` when the release lacks the method; what kept failing for five minutes on end, when the appliance
    /// cannot be reached.
    pub fn changes(&self, collection: Method) -> impl Stream<Item = Result<Seen, Error>> + Send + use<> {
        let watch = Watch { client: self.clone(), collection, events: None };
        stream::unfold(Some(watch), |watch| async move {
            let mut watch = watch?;
            match watch.next().await {
                Ok(seen) => Some((Ok(seen), Some(watch))),
                Err(error) => Some((Err(error), None)),
            }
        })
    }

    async fn row_events(&self, collection: Method) -> Result<Receiver<Arc<RowEvent>>, Error> {
        let failed = |kind| Error::new("core.subscribe", collection.name(), kind);
        let name = self.collection(collection).map_err(failed)?;
        let link = self.live_link().await?;
        match link.row_events(name, self.deadline()).await {
            Ok(Ok(events)) => Ok(events),
            Ok(Err(refusal)) => Err(failed(self.meaning(&collection.call(), refusal))),
            Err(_) => Err(failed(ErrorKind::Unreachable)),
        }
    }

    /// The collection's name on this release; refused where its events would not come to a watcher.
    fn collection(&self, collection: Method) -> Result<&'static str, ErrorKind> {
        if collection.name() == operations::CORE_GET_JOBS.name() {
            return Err(ErrorKind::InvalidRequest { reason: "jobs are watched by jobs().changes()" });
        }
        if collection.name() == "*" {
            return Err(ErrorKind::InvalidRequest { reason: "one collection is watched at a time" });
        }
        Ok(match self.dialect().route(&collection.call())? {
            Route::Changed { wire, .. } => wire.method,
            Route::Direct | Route::Steps(_) => collection.name(),
        })
    }
}

/// What a watcher learns.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Seen {
    /// Events may have been missed: whatever is known of the collection is to be read anew.
    ReadAnew,
    /// Something happened to a row.
    Change(Change),
}

/// What happened to a row. Its `Debug` names the fields and shows none: they can hold secrets.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// Added, changed or removed.
    pub kind: ChangeKind,
    /// The row's id, a number or a text.
    pub id: Value,
    /// The row, or only what changed of it; none of one that is gone.
    pub fields: Option<Map<String, Value>>,
}

/// Added, changed or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It was there already.
    Changed,
    /// It is gone.
    Removed,
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.fields.as_ref().map(|fields| fields.keys().collect::<Vec<_>>());
        f.debug_struct("Change")
            .field("kind", &self.kind)
            .field("id", &self.id)
            .field("fields", &names)
            .finish()
    }
}

impl Change {
    /// The whole row, where the event holds all of it; none where it holds a part, or nothing.
    pub fn row<T: DeserializeOwned>(&self) -> Option<T> {
        let fields = self.fields.clone()?;
        serde_json::from_value(Value::Object(fields)).ok()
    }

    /// Puts what changed into a row that is known from before; members that the event does not hold stay.
    pub fn put_into(&self, row: &mut Map<String, Value>) {
        row.extend(self.fields.clone().unwrap_or_default());
    }
}

struct Watch {
    client: Client,
    collection: Method,
    events: Option<Receiver<Arc<RowEvent>>>,
}

impl Watch {
    async fn next(&mut self) -> Result<Seen, Error> {
        let Some(events) = &mut self.events else {
            self.events = Some(self.subscribe().await?);
            return Ok(Seen::ReadAnew);
        };
        match events.recv().await {
            Ok(event) => Ok(Seen::Change(change(&event))),
            Err(RecvError::Lagged(_)) => Ok(Seen::ReadAnew),
            Err(RecvError::Closed) => {
                self.events = Some(self.subscribe().await?);
                Ok(Seen::ReadAnew)
            }
        }
    }

    async fn subscribe(&self) -> Result<Receiver<Arc<RowEvent>>, Error> {
        let first_try = Instant::now();
        let mut tries = 0;
        loop {
            match self.client.row_events(self.collection).await {
                Err(error) if error.is_retryable() && first_try.elapsed() < OUT_OF_REACH => {
                    tries += 1;
                    sleep(self.client.policy().random_backoff(tries)).await;
                }
                outcome => return outcome,
            }
        }
    }
}

fn change(event: &RowEvent) -> Change {
    let kind = match event.what {
        What::Added => ChangeKind::Added,
        What::Changed => ChangeKind::Changed,
        What::Removed => ChangeKind::Removed,
    };
    Change { kind, id: event.id.clone(), fields: event.fields.clone() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::snapshot_tasks::SnapshotTask;

    #[test]
    fn a_part_of_a_row_is_no_row_and_can_be_put_into_one() {
        let fields = json!({"state": {"state": "RUNNING"}});
        let part = Change { kind: ChangeKind::Changed, id: json!(3), fields: fields.as_object().cloned() };
        assert_eq!(part.row::<SnapshotTask>(), None);
        let mut row = json!({"id": 3, "state": {"state": "PENDING"}}).as_object().cloned().unwrap();
        part.put_into(&mut row);
        assert_eq!(Value::Object(row), json!({"id": 3, "state": {"state": "RUNNING"}}));
        let gone = Change { kind: ChangeKind::Removed, id: json!(3), fields: None };
        assert_eq!(gone.row::<SnapshotTask>(), None);
    }

    /// Keys of credentials, private keys and hashes stand in rows.
    #[test]
    fn e8_what_a_watcher_learns_is_shown_without_what_the_fields_hold() {
        let row = json!({"id": 3, "provider": {"type": "B2", "key": "K00SECRETKEYVALUE"}, "name": "n4m3"});
        let event = RowEvent {
            collection: "cloudsync.credentials.query".into(),
            what: What::Changed,
            id: json!(3),
            fields: row.as_object().cloned(),
        };
        for shown in [format!("{event:?}"), format!("{:#?}", Seen::Change(change(&event)))] {
            assert!(
                shown.contains("Changed") && shown.contains('3') && shown.contains("provider"),
                "{shown}"
            );
            for hidden in ["K00SECRETKEYVALUE", "B2", "n4m3"] {
                assert!(!shown.contains(hidden), "{shown}");
            }
        }
        let gone = Change { kind: ChangeKind::Removed, id: json!("a"), fields: None };
        assert_eq!(format!("{gone:?}"), r#"Change { kind: Removed, id: String("a"), fields: None }"#);
    }
}
