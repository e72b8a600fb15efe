//! Whose backup is restored: its files, their versions, and their contents.

use std::path::PathBuf;
use std::sync::Arc;

use dtc_adapters::{SavedSecrets, connect_saved, connect_views, read_saved_record};
use dtc_provision::restore::{self, Retained};
use pyo3::prelude::*;

use super::arguments::{AnySite, AnyWanted, device, options, selection, wanted};
use super::getting::{Foreseen, GetReport, Progress, got};
use super::tree::Tree;
use super::versions::{Burst, FileVersion};
use super::writing::{Output, Writable};
use crate::errors;
use crate::held::Held;
use crate::listener::Listener;
use crate::provision::failure::Failure;
use crate::rt::{self, Access, Awaitable, Limits, Timeout};
use crate::secret::AnySecret;
use crate::twins::closing_twins;
use crate::values::Time;

/// A backup that can be read, until it is closed.
type Source = Held<Arc<restore::RestoreSource>>;

fn opening(timeout: Option<Timeout>) -> Limits {
    Limits { operation: "open the backup", access: Access::Read, timeout }
}

fn held(source: restore::RestoreSource) -> Source {
    Held::new("backup", Arc::new(source))
}

async fn of_vault(site: AnySite, named: Option<String>) -> Result<Source, Failure> {
    let file = site.read()?;
    let named = device(named.as_deref())?;
    let views = connect_views(&file.connections, file.waits).await?;
    let source = restore::RestoreSource::from_vault(&file.site, &views, named).await?;
    Ok(held(source.with_names(file.names)))
}

/// Where the secrets of a saved record are.
struct Saved {
    key: AnySecret,
    password: AnySecret,
    salt: AnySecret,
    url: Option<String>,
}

impl Saved {
    async fn open(self, record: PathBuf) -> Result<Source, Failure> {
        let secrets = SavedSecrets {
            application_key: self.key.source()?,
            password: self.password.source()?,
            salt: self.salt.source()?,
        };
        let record = read_saved_record(&record)?;
        Ok(held(connect_saved(record, secrets, self.url, |_| ()).await?))
    }
}

/// A pool alone, without a path.
fn pool(name: &str) -> PyResult<dtc_naming::PoolName> {
    name.parse().map_err(|error| errors::validation(&error))
}

async fn written(
    source: &restore::RestoreSource,
    file: &str,
    out: Writable,
    at: Option<Time>,
) -> Result<u64, Failure> {
    let path = wanted(file)?.path.into_bytes();
    let selection = selection(&AnyWanted::One(file.to_owned()), at, &[], &[])?;
    let tree = Tree::of(restore::tree(source, &selection).await?)?.share();
    let Some(found) = tree.files.iter().find(|found| found.path == path) else {
        let (problem, remedy) = if tree.files.is_empty() {
            ("is no file of the backup at that moment", "look with ls for what is there")
        } else {
            ("is a folder", "name a file in it")
        };
        let missing = errors::argument("path", file, problem, remedy);
        return Err(errors::explained(missing, "DTC-RESTORE-PATH", None).into());
    };
    let mut out = Output::new(out);
    let done = restore::cat(source, found, &mut out).await;
    match out.raised {
        Some(raised) => Err(raised.into()),
        None => Ok(done?),
    }
}

closing_twins! {
    /// One appliance's backup, with the key that reads it and the pair that opens it. Neither the appliance nor rclone is needed, nothing here
    /// writes to the bucket, and no secret comes out of it.
    ///
    /// Made by ``from_vault`` or ``from_record``. Every call takes ``timeout=`` in seconds.
    "RestoreSource" in "dtc.restore" and "dtc.restore.aio", Failure: RestoreSource / AioRestoreSource(Source) {
        both {
            /// The bucket's name.
            #[getter]
            fn bucket(&self) -> PyResult<String> {
                Ok(self.0.ready()?.backup().bucket.to_string())
            }

            /// The appliance's Device GUID.
            #[getter]
            fn device(&self) -> PyResult<String> {
                Ok(self.0.ready()?.backup().device.to_string())
            }

            /// For how many days the bucket keeps a version that no longer stands; ``None`` for good.
            #[getter]
            fn retained_days(&self) -> PyResult<Option<u32>> {
                Ok(self.0.ready()?.retained().days())
            }

            /// Whether ``retained_days`` is the standard's number, because the bucket's rules could not be read.
            #[getter]
            fn retention_is_assumed(&self) -> PyResult<bool> {
                Ok(matches!(self.0.ready()?.retained(), Retained::Assumed(_)))
            }

            fn __repr__(&self) -> String {
                match self.0.ready() {
                    Ok(source) => format!("<RestoreSource of {}>", source.backup()),
                    Err(_) => "<RestoreSource, closed>".to_owned(),
                }
            }
        }
        blocking {
            /// The backup of a site's location, by what the vault holds of it. ``site`` is a :class:`dtc.provision.SiteFile`, the
            /// path of one, or its tables as a dictionary; ``device`` the Device GUID, where several appliances back up into the location's bucket.
            ///
            /// ``Refused`` where a secret, a right or a decision is missing, ``DataAtRisk`` where the vault holds no whole set of secrets.
            #[staticmethod]
            #[pyo3(signature = (site, *, device = None, timeout = None))]
            fn from_vault(
                py: Python<'_>,
                site: AnySite,
                device: Option<String>,
                timeout: Option<Timeout>,
            ) -> PyResult<Self> {
                rt::block(py, &opening(timeout), of_vault(site, device)).map(Self)
            }

            /// The backup that a saved record is about, where neither NinjaOne nor IT Glue is there. ``record`` is the path of a file with the lines
            /// ``Bucket Name``, ``Device GUID`` and ``Username``.
            ///
            /// ``key``, ``password`` and ``salt`` are a ``dtc.crypt.Secret`` each, or say where it is: ``env:NAME``, ``file:PATH``,
            /// ``op://vault/item/field``.
            #[staticmethod]
            #[pyo3(signature = (record, *, key, password, salt, url = None, timeout = None))]
            fn from_record(
                py: Python<'_>,
                record: PathBuf,
                key: AnySecret,
                password: AnySecret,
                salt: AnySecret,
                url: Option<String>,
                timeout: Option<Timeout>,
            ) -> PyResult<Self> {
                let saved = Saved { key, password, salt, url };
                rt::block(py, &opening(timeout), saved.open(record)).map(Self)
            }
        }
        asyncio {
            /// The backup of a site's location, by what the vault holds of it. ``site`` is a :class:`dtc.provision.SiteFile`, the
            /// path of one, or its tables as a dictionary; ``device`` the Device GUID, where several appliances back up into the location's bucket.
            ///
            /// ``Refused`` where a secret, a right or a decision is missing, ``DataAtRisk`` where the vault holds no whole set of secrets.
            #[staticmethod]
            #[pyo3(signature = (site, *, device = None, timeout = None))]
            fn from_vault(site: AnySite, device: Option<String>, timeout: Option<Timeout>) -> Awaitable<Self> {
                rt::awaitable(opening(timeout), async move { of_vault(site, device).await.map(Self) })
            }

            /// The backup that a saved record is about, where neither NinjaOne nor IT Glue is there. ``record`` is the path of a file with the lines
            /// ``Bucket Name``, ``Device GUID`` and ``Username``.
            ///
            /// ``key``, ``password`` and ``salt`` are a ``dtc.crypt.Secret`` each, or say where it is: ``env:NAME``, ``file:PATH``,
            /// ``op://vault/item/field``.
            #[staticmethod]
            #[pyo3(signature = (record, *, key, password, salt, url = None, timeout = None))]
            fn from_record(
                record: PathBuf,
                key: AnySecret,
                password: AnySecret,
                salt: AnySecret,
                url: Option<String>,
                timeout: Option<Timeout>,
            ) -> Awaitable<Self> {
                let saved = Saved { key, password, salt, url };
                rt::awaitable(opening(timeout), async move { saved.open(record).await.map(Self) })
            }
        }

        /// Lists files of the backup: ``wanted`` is a pool, or a file or folder in one, as ``POOL`` or ``POOL:PATH``, or a list of those. ``at`` is the
        /// moment, else now; ``include`` and ``exclude`` take rclone's patterns for paths in the pool. Reads names, no content.
        ///
        /// ``ValidationError`` for a moment before the first upload; its text names the earliest. Look at ``is_whole`` of what is returned.
        #[pyo3(signature = (wanted, *, at = None, include = Vec::new(), exclude = Vec::new(), timeout = None))]
        Read "list the backup"
        fn ls(wanted: AnyWanted, at: Option<Time>, include: Vec<String>, exclude: Vec<String>) -> Tree = |source| {
            let selection = selection(&wanted, at, &include, &exclude)?;
            Ok(Tree::of(restore::tree(&source, &selection).await?)?)
        }

        /// Lists the files of the backup whose names match a pattern, by rclone's rules: ``*.docx`` in any folder, ``/offices/**`` in that one.
        #[pyo3(signature = (pattern, wanted, *, at = None, timeout = None))]
        Read "list the backup"
        fn find(pattern: String, wanted: AnyWanted, at: Option<Time>) -> Tree = |source| {
            let selection = selection(&wanted, at, &[pattern], &[])?;
            Ok(Tree::of(restore::tree(&source, &selection).await?)?)
        }

        /// Writes one file's plain bytes to ``out``, each block after it was authenticated, and returns how many. What has been written cannot
        /// be taken back. ``file`` is ``POOL:PATH``; what ``out`` raises passes through.
        #[pyo3(signature = (file, out, *, at = None, timeout = None))]
        Read "fetch a file of the backup"
        fn cat(file: String, out: Writable, at: Option<Time>) -> u64 = |source| {
            written(&source, &file, out, at).await
        }

        /// Says what ``get`` would do with this tree and this folder. Writes nothing, and fetches nothing.
        #[pyo3(signature = (tree, to, *, verify = false, timeout = None))]
        Read "look at the target"
        fn foresee(tree: Py<Tree>, to: PathBuf, verify: bool) -> Foreseen = |_source| {
            let options = options(to, 1, verify)?;
            Ok(restore::foresee(&tree.get().share(), &options)?.into())
        }

        /// Restores a tree into a folder, which is made if it is not there. Nothing there is replaced, no link there is followed, and a file appears
        /// under its name when it is complete and every block of it is authentic. Run again, it goes on.
        ///
        /// ``parallel`` files are fetched at a time, at most 64. With ``verify``, files that are there already are compared by their content too.
        /// ``on_progress`` is called after each file and each MiB; what it raises ends the restore. A file that cannot be restored does not hold
        /// up the others: afterwards ``DataAtRisk`` is raised if something does not open, else ``Incomplete``, with the report as ``report``.
        #[pyo3(signature = (tree, to, *, parallel = 8, verify = false, on_progress = None, timeout = None))]
        Read "restore"
        fn get(
            tree: Py<Tree>,
            to: PathBuf,
            parallel: usize,
            verify: bool,
            on_progress: Option<Listener<Progress>>,
        ) -> GetReport = |source| {
            let options = options(to, parallel, verify)?;
            got(&source, &tree.get().share(), &options, on_progress).await
        }

        /// Lists the versions of one file, the newest first; none where the path is no file's. Reads no content.
        #[pyo3(signature = (file, *, timeout = None))]
        Read "list versions of a file"
        fn history(file: String) -> Vec<FileVersion> = |source| {
            let versions = restore::history(&source, &wanted(&file)?).await?;
            Ok(versions.into_iter().map(FileVersion::from).collect())
        }

        /// Names the moments when a pool changed in ways that people do not work, such as by ransomware: proposals for ``at``, to be looked at and
        /// not to be trusted. Reads names, sizes and times of versions, no content.
        #[pyo3(signature = (pool, *, timeout = None))]
        Read "look at the versions of a pool"
        fn when(pool: String) -> Vec<Burst> = |source| {
            let bursts = restore::when(&source, &self::pool(&pool)?).await?;
            Ok(bursts.into_iter().map(Burst::from).collect())
        }
    }
}
