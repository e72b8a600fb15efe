//! What an end shows.

use std::collections::BTreeMap;

use async_trait::async_trait;
use dtc_naming::DatasetName;

use super::run::{is_of, target_of};
use super::{DatasetState, End, EndState, SnapshotState, missing};
use crate::ids::{JobId, SshConnectionId};
use crate::port_error::{PortError, PortErrorKind};
use crate::ports::memory::source::{body, pieces};
use crate::ports::{
    Body, Dataset, DatasetKind, DatasetsView, Eligible, EndConnection, EndDataset, EndHostKey, EndKeyPair,
    EndSnapshot, EndUser, FileFacts, JobProgress, KeyCheck, Opening, Pool, ReplicationEndView,
    ReplicationSettings, ReplicationTask, Rights, SnapshotTask, Source, SshServer, System, SystemView, Way,
};
use crate::proofs::{Bound, Minted};
use crate::secret::{DatasetKey, DatasetKeyFormat, DatasetSecret};

impl EndState {
    fn shown(&self, dataset: &DatasetState) -> EndDataset {
        let is_volume = dataset.kind == DatasetKind::Volume;
        EndDataset {
            name: dataset.name.clone(),
            kind: dataset.kind,
            locked: self.is_locked(&dataset.name),
            mounted: !is_volume && self.is_mounted(&dataset.name),
            encryption_root: dataset.encryption_root.clone(),
            mount_point: (!is_volume).then(|| format!("/mnt/{}", dataset.name)),
            device_guid: self.guid_of(&dataset.name),
            opened_by_proof: dataset.opened_by_proof,
        }
    }

    /// A property that a dataset does not have itself is that of the nearest one above it.
    fn guid_of(&self, name: &DatasetName) -> Option<String> {
        let upwards = std::iter::successors(Some(name.clone()), DatasetName::parent);
        upwards.into_iter().find_map(|name| self.dataset(name.as_str())?.device_guid.clone())
    }

    fn pool(&self, root: &DatasetState) -> Pool {
        let shown = |found: &DatasetState| {
            let EndDataset { name, kind, locked, mounted, .. } = self.shown(found);
            Dataset { name: name.to_string(), kind, locked, mounted }
        };
        Pool {
            name: root.name.pool().clone(),
            device_guid: root.device_guid.clone(),
            datasets: self.at_and_below(&root.name).map(shown).collect(),
        }
    }

    fn snapshots(&self, attempted: &str, name: &DatasetName) -> Result<&[SnapshotState], PortError> {
        let found = self.dataset(name.as_str()).ok_or_else(|| missing(attempted, name))?;
        Ok(&found.snapshots)
    }
}

#[async_trait]
impl SystemView for End {
    async fn system(&self) -> Result<System, PortError> {
        self.read("end.system", |end| Ok(end.system.clone())).await
    }

    async fn rights(&self) -> Result<Rights, PortError> {
        self.read("end.rights", |end| Ok(end.rights.clone())).await
    }
}

#[async_trait]
impl DatasetsView for End {
    async fn pools(&self) -> Result<Vec<Pool>, PortError> {
        self.read("end.pools", |end| {
            let roots = end.datasets.iter().filter(|found| found.name.parent().is_none());
            Ok(roots.map(|root| end.pool(root)).collect())
        })
        .await
    }
}

#[async_trait]
impl Source for End {
    async fn stat(&self, path: &str) -> Result<Option<FileFacts>, PortError> {
        self.read("end.stat", |end| {
            let file = end.file(path);
            Ok(file.map(|file| FileFacts { size: file.content.len() as u64, modified: file.modified }))
        })
        .await
    }

    async fn read(&self, path: &str, facts: &FileFacts) -> Result<Body, PortError> {
        End::read(self, "end.read", |end| {
            let file = end.file(path).ok_or_else(|| missing("end.read", path))?;
            let length = file.content.len() as u64;
            if length == facts.size {
                return Ok(body(&file.content));
            }
            let answer = format!("it has {length} bytes now and had {}", facts.size);
            let mut pieces = pieces(&file.content);
            pieces.push(Err(PortError::new(PortErrorKind::Unreachable, "end.read", answer)));
            Ok(Box::pin(futures_util::stream::iter(pieces)) as Body)
        })
        .await
    }
}

#[async_trait]
impl ReplicationEndView for End {
    async fn end_datasets(&self) -> Result<Vec<EndDataset>, PortError> {
        self.read("end.datasets", |end| Ok(end.datasets.iter().map(|found| end.shown(found)).collect())).await
    }

    async fn snapshots_of(&self, dataset: &DatasetName) -> Result<Vec<EndSnapshot>, PortError> {
        self.read("end.snapshots", |end| {
            let held = end.snapshots("end.snapshots", dataset)?.iter();
            let shown = |found: &SnapshotState| EndSnapshot {
                name: found.name.clone(),
                created: Some(found.created),
                guid: Some(found.guid),
            };
            Ok(held.map(shown).collect())
        })
        .await
    }

    async fn user(&self, name: &str) -> Result<Option<EndUser>, PortError> {
        self.read("end.user", |end| Ok(end.users.iter().find(|found| found.name == name).cloned())).await
    }

    async fn own_home(&self) -> Result<Option<String>, PortError> {
        self.read("end.own_home", |end| Ok(end.own_home.clone())).await
    }

    async fn ssh_server(&self) -> Result<SshServer, PortError> {
        self.read("end.ssh_server", |end| Ok(end.ssh.clone())).await
    }

    async fn key_pair(&self, name: &str) -> Result<Option<EndKeyPair>, PortError> {
        self.read("end.key_pair", |end| Ok(end.key_pairs.get(name).cloned())).await
    }

    async fn connection(&self, name: &str) -> Result<Option<EndConnection>, PortError> {
        self.read("end.connection", |end| Ok(end.connections.get(name).cloned())).await
    }

    async fn scan_host_keys(&self, host: &str, port: u16) -> Result<Vec<EndHostKey>, PortError> {
        const ATTEMPTED: &str = "end.scan_host_keys";
        let scan = self.world.read(ATTEMPTED, |state| {
            let scanned = state.scanned(self.side, host, port);
            scanned.map_err(|why| PortError::new(PortErrorKind::Unreachable, ATTEMPTED, why))
        });
        scan.await
    }

    async fn reached(&self, connection: &SshConnectionId) -> Result<Vec<String>, PortError> {
        const ATTEMPTED: &str = "end.reached";
        let reach = self.world.read(ATTEMPTED, |state| {
            let logged_in = state.log_in(self.side, connection);
            logged_in.map_err(|why| PortError::new(PortErrorKind::Refused, ATTEMPTED, why))?;
            Ok(state.end(self.side.other()).datasets.iter().map(|found| found.name.to_string()).collect())
        });
        reach.await
    }

    async fn replication(&self, name: &str) -> Result<Option<ReplicationTask>, PortError> {
        self.read("end.replication", |end| {
            let named = end.tasks.iter().find(|found| match &found.settings {
                Ok(settings) => settings.name == name,
                Err(_) => true,
            });
            Ok(named.map(|task| end.shown_task(task)))
        })
        .await
    }

    /// CORE has neither `sudo` nor `encryption_inherit`.
    async fn offers(&self, settings: &ReplicationSettings) -> Result<(), PortError> {
        self.read("end.offers", |end| end.supports(settings)).await
    }

    async fn snapshot_tasks(&self) -> Result<Vec<SnapshotTask>, PortError> {
        self.read("end.snapshot_tasks", |end| Ok(end.snapshot_tasks.clone())).await
    }

    async fn eligible(
        &self,
        settings: &ReplicationSettings,
        schemas: &[String],
    ) -> Result<Eligible, PortError> {
        let from = if settings.way == Way::Pull { self.side.other() } else { self.side };
        let count = self.world.read("end.eligible", |state| {
            let (mut total, mut eligible) = (0, 0);
            for source in &settings.sources {
                for snapshot in state.end(from).snapshots("end.eligible", source)? {
                    total += 1;
                    eligible += u64::from(is_of(schemas, &snapshot.name));
                }
            }
            Ok(Eligible { total, eligible })
        });
        count.await
    }

    async fn unmatched(
        &self,
        settings: &ReplicationSettings,
    ) -> Result<BTreeMap<String, Vec<String>>, PortError> {
        let (from, to) = match settings.way {
            Way::Push => (self.side, self.side.other()),
            Way::Pull => (self.side.other(), self.side),
            Way::Local => (self.side, self.side),
        };
        let look = self.world.read("end.unmatched", |state| {
            let mut found = BTreeMap::new();
            for source in &settings.sources {
                let target = target_of(settings, source);
                let held = state.end(from).snapshots("end.unmatched", source)?;
                let there = state.end(to).dataset(target.as_str()).map(|found| found.snapshots.as_slice());
                let is_foreign = |there: &&SnapshotState| !held.iter().any(|held| held.name == there.name);
                let more: Vec<String> = there
                    .unwrap_or_default()
                    .iter()
                    .filter(is_foreign)
                    .map(|found| found.name.clone())
                    .collect();
                if !more.is_empty() {
                    found.insert(target.to_string(), more);
                }
            }
            Ok(found)
        });
        look.await
    }

    async fn check_keys(
        &self,
        dataset: &DatasetName,
        keys: &[Bound<'_, Opening>],
    ) -> Result<Vec<KeyCheck>, PortError> {
        self.read("end.check_keys", |end| {
            let check = |found: &DatasetState| {
                let held = found.key.as_ref()?;
                let given = keys.iter().find(|key| key.spec().root == found.name);
                Some(KeyCheck {
                    root: found.name.clone(),
                    format: Some(held.format),
                    opens: given.is_some_and(|key| key.expose().secret.expose() == held.text),
                    locked: !held.is_loaded,
                })
            };
            Ok(end.at_and_below(dataset).filter_map(check).collect())
        })
        .await
    }

    async fn opened_by(&self, root: &DatasetName, key: &DatasetKey) -> Result<bool, PortError> {
        self.read("end.opened_by", |end| {
            let held = end.dataset(root.as_str()).and_then(|found| found.key.as_ref());
            let held = held.ok_or_else(|| missing("end.opened_by", root))?;
            Ok(held.format == key.format && held.text == key.secret.expose())
        })
        .await
    }

    async fn replication_job(&self, job: &JobId) -> Result<Option<JobProgress>, PortError> {
        self.world
            .read("end.job", |state| {
                let now = state.now;
                let jobs = &mut state.end_mut(self.side).jobs;
                Ok(jobs.iter_mut().find(|found| found.id == *job).map(|found| found.looked_at(now)))
            })
            .await
    }

    async fn files(&self, directory: &str, most: usize) -> Result<Vec<String>, PortError> {
        self.read("end.files", |end| Ok(end.files_in(directory).into_iter().take(most).collect())).await
    }

    async fn exported_keys(
        &self,
        dataset: &DatasetName,
    ) -> Result<Vec<(DatasetName, Minted<DatasetKey>)>, PortError> {
        self.read("end.exported_keys", |end| {
            let export = |found: &DatasetState| {
                let held = found.key.as_ref().filter(|held| held.is_stored)?;
                let secret = DatasetSecret::new(held.text.clone());
                Some((found.name.clone(), Minted::new(DatasetKey { format: DatasetKeyFormat::Hex, secret })))
            };
            Ok(end.at_and_below(dataset).filter_map(export).collect())
        })
        .await
    }
}
