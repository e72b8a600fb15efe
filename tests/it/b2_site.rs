//! A simulated account with one bucket and small parts, in which the files of each case have the number of the case in their names.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use b2_client::files::{FileVersion, Files};
use b2_client::{ApplicationKey, BucketId, BucketName, Client, Config, Error, FileId, FileName, KeyId};
use serde_json::{Value, json};
use simulator::{DEFAULT_ID, Simulator, b2};
use tracing_subscriber::fmt::MakeWriter;

/// The bucket that all cases share. It has object lock.
pub(crate) const SHARED: &str = "shared-bucket";

/// A simulated B2 with a minimum part size of five bytes and a recommended one of ten.
pub(crate) struct World {
    pub(crate) sim: Simulator,
    pub(crate) bucket: BucketId,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with_parts(5, 10).await
    }

    pub(crate) async fn with_parts(minimum: u64, recommended: u64) -> Self {
        let settings = b2::Settings::default().part_sizes(minimum, recommended);
        let sim = Simulator::builder().b2_account(DEFAULT_ID, settings).start().await.unwrap();
        let request = json!({"bucketName": SHARED, "bucketType": "allPrivate", "fileLockEnabled": true});
        let made = sim.b2().call("b2_create_bucket", request).unwrap();
        let bucket = BucketId::new(made["bucketId"].as_str().unwrap());
        Self { sim, bucket }
    }

    /// The configuration of a client with the master key and a short backoff.
    pub(crate) fn config(&self) -> Config {
        let owner = self.sim.addresses().b2.clone();
        Config::new(KeyId::new(owner.key_id), ApplicationKey::new(owner.application_key))
            .realm(owner.url)
            .backoff(Duration::from_millis(1), Duration::from_millis(8))
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.config()).unwrap()
    }

    /// How often an operation was requested since the faults were cleared.
    pub(crate) fn asked(&self, operation: &str) -> usize {
        self.sim.faults().request_log().iter().filter(|request| request.operation == operation).count()
    }

    /// How often an operation succeeded in all.
    pub(crate) fn granted(&self, operation: &str) -> usize {
        let lines = self.sim.transcript().lines().into_iter();
        lines.filter(|line| line.operation == operation && line.json()["status"].as_u64() < Some(300)).count()
    }

    /// The names of the unfinished large files that begin with `start`.
    pub(crate) fn unfinished(&self, start: &str) -> Vec<String> {
        let versions = self.sim.b2().versions(SHARED).into_iter();
        let unfinished = versions.filter(|version| version["action"] == "start");
        let names = unfinished.map(|version| version["fileName"].as_str().unwrap().to_owned());
        names.filter(|name| name.starts_with(start)).collect()
    }

    /// Every secret that the service has issued so far, and the master key.
    pub(crate) fn secrets(&self) -> BTreeSet<String> {
        let mut secrets = BTreeSet::from([self.sim.addresses().b2.application_key.clone()]);
        for line in self.sim.transcript().lines() {
            collect(&line.json()["reply"], &mut secrets);
        }
        secrets
    }
}

fn collect(answer: &Value, secrets: &mut BTreeSet<String>) {
    for secret in ["authorizationToken", "applicationKey"] {
        secrets.extend(answer[secret].as_str().map(str::to_owned));
    }
}

/// One case in a [`World`].
#[derive(Clone, Copy)]
pub(crate) struct Site<'a> {
    pub(crate) world: &'a World,
    pub(crate) client: &'a Client,
    pub(crate) number: usize,
}

impl<'a> Site<'a> {
    pub(crate) fn files(&self) -> Files<'a> {
        self.client.files()
    }

    /// The name of the files, buckets and keys of this case.
    pub(crate) fn name(&self) -> String {
        format!("case-{:03}", self.number)
    }

    pub(crate) fn file(&self) -> FileName {
        FileName::new(self.name()).unwrap()
    }

    pub(crate) fn bucket_name(&self) -> BucketName {
        BucketName::new(self.name()).unwrap()
    }

    /// Calls an operation as another program would; faults do not apply to it.
    pub(crate) fn outside(&self, operation: &str, request: Value) -> Value {
        self.world.sim.b2().call(operation, request).unwrap()
    }

    /// Creates a bucket of this case.
    pub(crate) fn bucket(&self) -> BucketId {
        let request = json!({"bucketName": self.name(), "bucketType": "allPrivate"});
        BucketId::new(self.outside("b2_create_bucket", request)["bucketId"].as_str().unwrap())
    }

    /// Stores a file of this case in the shared bucket.
    pub(crate) fn stored(&self) -> FileId {
        FileId::new(self.world.sim.b2().put(SHARED, &self.name(), b"0123456789abcdefghijklmno").unwrap())
    }

    /// Starts a large file of this case with one part.
    pub(crate) fn begun(&self) -> FileId {
        let name = format!("{}-begun", self.name());
        let start =
            json!({"bucketId": self.world.bucket.as_str(), "fileName": name, "contentType": "b2/x-auto"});
        let begun = self.outside("b2_start_large_file", start)["fileId"].clone();
        let part = self.world.sim.b2().put(SHARED, "part", b"0123456789").unwrap();
        self.outside("b2_copy_part", json!({"sourceFileId": part, "largeFileId": begun, "partNumber": 1}));
        FileId::new(begun.as_str().unwrap())
    }

    /// Everything of this case in the account, one line each, without what differs between cases.
    pub(crate) fn holds(&self) -> Vec<String> {
        let (b2, name) = (self.world.sim.b2(), self.name());
        let mut found: Vec<Value> = b2.buckets();
        found.extend(b2.keys());
        for bucket in [SHARED, &name] {
            found.extend(b2.versions(bucket));
        }
        let ours = found.into_iter().filter_map(|mut value| {
            plain(&mut value);
            let text = value.to_string();
            text.contains(&name).then(|| text.replace(&name, "case"))
        });
        let mut ours: Vec<String> = ours.collect();
        ours.sort();
        ours
    }
}

/// Removes ids and timestamps, which differ each time.
fn plain(value: &mut Value) {
    if let Value::Object(fields) = value {
        fields.retain(|name, _| !name.ends_with("Id") && !name.ends_with("Timestamp"));
        fields.values_mut().for_each(plain);
    }
}

/// Describes a version, without what differs between cases.
pub(crate) fn describe_version(at: &Site<'_>, version: &FileVersion) -> String {
    let FileVersion { name, action, content_length, .. } = version;
    format!("{name} {action:?} {content_length} {:?}", version.whole_sha1()).replace(&at.name(), "case")
}

/// All texts of an error and its sources, as `Display` and as `Debug`.
pub(crate) fn all_of(error: &Error) -> String {
    let (mut texts, mut source) = (vec![format!("{error} {error:?} {error:#?}")], error.source());
    while let Some(cause) = source {
        texts.push(format!("{cause} {cause:?}"));
        source = cause.source();
    }
    texts.join(" ")
}

/// Collects traces of the finest level.
#[derive(Clone, Default)]
pub(crate) struct Traced(Arc<Mutex<Vec<u8>>>);

impl Traced {
    pub(crate) fn subscriber(&self) -> impl tracing::Subscriber + Send + Sync + use<> {
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(self.clone())
            .finish()
    }

    /// Takes the text written so far.
    pub(crate) fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

impl Write for Traced {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Traced {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
