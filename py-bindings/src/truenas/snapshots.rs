//! Snapshots.

use std::collections::BTreeMap;

use pyo3::prelude::*;
use truenas_client::snapshots as there;
use truenas_client::{Client as Nas, DatasetId};

use super::dataset_settings::Property;
use super::failure::Failure;
use super::shown::{Shown, choices, datasets, found};
use crate::errors;
use crate::held::Held;
use crate::twins::twins;
use crate::values::{Many, Nothing, Time, value_class};

choices! {
    newer, "choice for newer snapshots": there::Newer {
        "keep" => Keep, "remove" => Remove, "remove_with_clones" => RemoveWithClones,
    }
}

/// Which snapshots are asked for.
fn listed(
    dataset: Option<String>,
    pools: Option<Vec<String>>,
    name_prefix: Option<String>,
    limit: Option<u32>,
) -> PyResult<there::ListSnapshots> {
    let mut request = match (dataset, pools) {
        (Some(dataset), None) => there::ListSnapshots::new(DatasetId::new(dataset)),
        (None, Some(pools)) => there::ListSnapshots::in_pools(pools),
        _ => {
            let remedy = "give dataset, or pools";
            return Err(errors::argument("scope", "", "is no or more than one", remedy));
        }
    };
    if let Some(prefix) = name_prefix {
        request = request.name_prefix(prefix);
    }
    Ok(match limit {
        Some(rows) => request.limit(rows),
        None => request,
    })
}

found! {
    /// A snapshot.
    Snapshot of there::Snapshot {
        /// The dataset that it is a snapshot of.
        dataset: String,
        /// Its name after the ``@``.
        name: String,
    }

    /// The two together: ``dataset@name``.
    #[getter]
    fn id(&self) -> String {
        self.given().id()
    }
}

impl Snapshot {
    pub(crate) fn given(&self) -> there::Snapshot {
        there::Snapshot::new(DatasetId::new(&self.dataset), &self.name)
    }
}

found! {
    /// A snapshot with its properties, holds and retention.
    SnapshotDetails of there::SnapshotDetails {
        /// Which one.
        snapshot: Snapshot,
        /// The number of the transaction group that it closed: of two snapshots the one with the greater is the newer.
        transaction_group: Option<u64> = None,
        /// What tells it from every other snapshot. One that was received has that of the snapshot that was sent.
        guid: Option<u64> = None,
        /// When it was taken.
        created: Option<Time> = None,
        /// Bytes that would be free without it.
        used: Option<u64> = None,
        /// Bytes that it holds.
        referenced: Option<u64> = None,
        /// Whether the appliance's own hold is on it: ``None`` where the release does not say, as CORE does not.
        is_held: Option<bool> = None,
        /// Until when it is kept, and by what; none when nothing removes it.
        retention: Option<Retention> = None,
        /// All properties that were told, by name.
        properties: BTreeMap<String, Property>,
    }
}

found! {
    /// Until when a snapshot is kept.
    Retention of there::Retention {
        /// Until when.
        until: Option<Time> = None,
        /// By what: ``periodic_snapshot_task``, or ``property`` where a change of its task fixed the moment.
        source: String,
        /// By which task.
        periodic_snapshot_task_id: Option<i64> = None,
    }
}

value_class! {
    in "dtc.truenas";
    /// A snapshot to take: by its name, or by a naming schema.
    CreateSnapshot {
        /// Of which dataset.
        dataset: String,
        /// Its name.
        name: Option<String> = None,
        /// How it is named, by the codes of ``strftime`` and the appliance's clock.
        naming_schema: Option<String> = None,
        /// Whether it is taken of all datasets below too.
        recursive: bool = false,
        /// The same, of all but these.
        recursive_without: Option<Vec<String>> = None,
    }
}

impl CreateSnapshot {
    pub(crate) fn given(&self) -> PyResult<there::CreateSnapshot> {
        let dataset = DatasetId::new(&self.dataset);
        let request = match (&self.name, &self.naming_schema) {
            (Some(name), None) => there::CreateSnapshot::named(dataset, name),
            (None, Some(schema)) => there::CreateSnapshot::by_schema(dataset, schema),
            _ => {
                let problem = "has no name, or two";
                return Err(errors::argument(
                    "snapshot",
                    &self.dataset,
                    problem,
                    "give name, or naming_schema",
                ));
            }
        };
        Ok(match (&self.recursive_without, self.recursive) {
            (Some(children), _) => request.recursive_without(datasets(children)),
            (None, true) => request.recursive(),
            (None, false) => request,
        })
    }
}

twins! {
    /// Snapshots.
    "Snapshots" in "dtc.truenas" and "dtc.truenas.aio", Failure: Snapshots / AioSnapshots(Held<Nas>) {
        both {}
        blocking {}
        asyncio {}

        /// Snapshots by their full names from last to first: of one dataset's snapshots that follow one schema, the newest first.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, dataset = None, pools = None, name_prefix = None, limit = None, timeout = None))]
        Read "pool.snapshot.query"
        fn list(
            dataset: Option<String>,
            pools: Option<Vec<String>>,
            name_prefix: Option<String>,
            limit: Option<u32>,
        ) -> Many<Snapshot> = |nas| {
            Ok(nas.snapshots().list(&listed(dataset, pools, name_prefix, limit)?).await?.shown())
        }

        /// Snapshots with their properties, holds and retention. Up to 25.10 the appliance reads every property of every snapshot for this,
        /// whatever is asked for: ``list`` is the way where names are enough.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, dataset = None, pools = None, name_prefix = None, limit = None, timeout = None))]
        Read "pool.snapshot.query"
        fn describe(
            dataset: Option<String>,
            pools: Option<Vec<String>>,
            name_prefix: Option<String>,
            limit: Option<u32>,
        ) -> Many<SnapshotDetails> = |nas| {
            Ok(nas.snapshots().describe(&listed(dataset, pools, name_prefix, limit)?).await?.shown())
        }

        /// One snapshot with its properties, holds and retention.
        ///
        /// Errors by their ``kind``: ``not_found``, and those of every reading call.
        #[pyo3(signature = (snapshot, *, timeout = None))]
        Read "pool.snapshot.query"
        fn get(snapshot: Snapshot) -> SnapshotDetails = |nas| {
            Ok(nas.snapshots().get(&snapshot.given()).await?.shown())
        }

        /// Takes a snapshot now.
        ///
        /// Errors by their ``kind``: ``outcome_unknown`` when the answer is lost: look before taking it again; ``invalid_request`` for a name that
        /// cannot be one; ``rejected`` when there is one of its name, or no such dataset; ``unsupported`` on CORE when children are left out;
        /// ``unauthorized``.
        #[pyo3(signature = (request, *, timeout = None))]
        Write "pool.snapshot.create"
        fn create(request: CreateSnapshot) -> Snapshot = |nas| {
            Ok(nas.snapshots().create(&request.given()?).await?.shown())
        }

        /// Removes a snapshot; with ``True`` those of the same name of all datasets below as well.
        ///
        /// Errors by their ``kind``: ``outcome_unknown`` when the answer is lost; ``not_found``, which CORE words as ``rejected``; ``rejected`` or
        /// ``validation`` when it is held or has clones; ``unsupported`` on CORE with children; ``unauthorized``.
        #[pyo3(signature = (snapshot, *, with_children = false, timeout = None))]
        Write "pool.snapshot.delete"
        fn delete(snapshot: Snapshot, with_children: bool) -> Nothing = |nas| {
            Ok(nas.snapshots().delete(&snapshot.given(), with_children.into()).await?.shown())
        }

        /// Makes a new dataset of what a snapshot holds. While there is one, the snapshot cannot be removed.
        ///
        /// Errors by their ``kind``: ``outcome_unknown`` when the answer is lost; ``rejected`` when there is no such snapshot, or such a dataset
        /// already; ``unauthorized``.
        #[pyo3(signature = (snapshot, dataset, *, timeout = None))]
        Write "pool.snapshot.clone"
        fn clone_to(snapshot: Snapshot, dataset: String) -> Nothing = |nas| {
            Ok(nas.snapshots().clone_to(&snapshot.given(), &DatasetId::new(dataset)).await?.shown())
        }

        /// Gives a snapshot another name. Whatever knows it by the old one, such as retention and replication, no longer knows it.
        ///
        /// Errors by their ``kind``: ``unsupported`` before 25.10; ``outcome_unknown`` when the answer is lost; ``invalid_request`` for a name that
        /// cannot be one; ``not_found``, ``validation``, ``unauthorized``.
        #[pyo3(signature = (snapshot, name, *, timeout = None))]
        Write "pool.snapshot.rename"
        fn rename(snapshot: Snapshot, name: String) -> Snapshot = |nas| {
            Ok(nas.snapshots().rename(&snapshot.given(), &name).await?.shown())
        }

        /// Makes a dataset what it was when the snapshot was taken. **Everything that came after is lost.** Newer snapshots are in the way, unless
        /// they are to be removed.
        ///
        /// Errors by their ``kind``: ``outcome_unknown`` when the answer is lost; ``rejected`` when there is no such snapshot, or newer ones are in
        /// the way; ``unauthorized``.
        #[pyo3(signature = (snapshot, newer, *, timeout = None))]
        Write "pool.snapshot.rollback"
        fn roll_back(snapshot: Snapshot, newer: String) -> Nothing = |nas| {
            Ok(nas.snapshots().roll_back(&snapshot.given(), self::newer(&newer)?).await?.shown())
        }

        /// Holds a snapshot: until it is released nothing removes it, not even a task's retention.
        ///
        /// Errors by their ``kind``: ``unsupported`` on CORE; ``outcome_unknown`` when the answer is lost; ``rejected`` when there is no such
        /// snapshot, or it is held already; ``unauthorized``.
        #[pyo3(signature = (snapshot, *, with_children = false, timeout = None))]
        Write "pool.snapshot.hold"
        fn hold(snapshot: Snapshot, with_children: bool) -> Nothing = |nas| {
            Ok(nas.snapshots().hold(&snapshot.given(), with_children.into()).await?.shown())
        }

        /// Takes every hold from a snapshot, whoever placed it.
        ///
        /// Errors by their ``kind``: As ``hold``.
        #[pyo3(signature = (snapshot, *, with_children = false, timeout = None))]
        Write "pool.snapshot.release"
        fn release(snapshot: Snapshot, with_children: bool) -> Nothing = |nas| {
            Ok(nas.snapshots().release(&snapshot.given(), with_children.into()).await?.shown())
        }

        /// The tags that hold a snapshot. Before 26 only the appliance's own, ``truenas``, is told.
        ///
        /// Errors by their ``kind``: ``unsupported`` on CORE; ``not_found``, and those of every reading call.
        #[pyo3(signature = (snapshot, *, timeout = None))]
        Read "zfs.resource.snapshot.holds"
        fn holds(snapshot: Snapshot) -> Many<String> = |nas| {
            Ok(nas.snapshots().holds(&snapshot.given()).await?.shown())
        }
    }
}
