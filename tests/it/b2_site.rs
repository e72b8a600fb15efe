//! An account with one bucket and small parts, in which every case has things of its own that bear its number.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use b2_client::files::{FileVersion, Files};
use b2_client::{ApplicationKey, BucketId, BucketName, Client, Config, Error, FileId, FileName, KeyId};
use serde_json::{Value, json};
use simulator::{Simulator, b2};
use tracing_subscriber::fmt::MakeWriter;

/// The bucket that all cases share; it can be locked.
pub(crate) const SHARED: &str = "shared-bucket";

/// A simulated B2 whose parts have at least five bytes and, where nobody says otherwise, ten.
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
        let sim = Simulator::builder().b2(settings).start().await.unwrap();
        let request = json!({"bucketName": SHARED, "bucketType": "allPrivate", "fileLockEnabled": true});
        let made = sim.b2().call("b2_create_bucket", request).unwrap();
        let bucket = BucketId::new(made["bucketId"].as_str().unwrap());
        Self { sim, bucket }
    }

    /// The configuration of a client of the account's owner which does not wait long before it tries again.
    pub(crate) fn config(&self) -> Config {
        let owner = self.sim.addresses().b2.clone();
        Config::new(KeyId::new(owner.key_id), ApplicationKey::new(owner.application_key))
            .realm(owner.url)
            .pauses(Duration::from_millis(1), Duration::from_millis(8))
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.config()).unwrap()
    }

    /// How often an operation was asked since the faults were cleared.
    pub(crate) fn asked(&self, operation: &str) -> usize {
        self.sim.faults().request_log().iter().filter(|request| request.operation == operation).count()
    }

    /// How often an operation was granted in all.
    pub(crate) fn granted(&self, operation: &str) -> usize {
        let lines = self.sim.transcript().lines().into_iter();
        lines.filter(|line| line.operation == operation && line.json()["status"].as_u64() < Some(300)).count()
    }

    /// The names of the unfinished large files that begin like this.
    pub(crate) fn unfinished(&self, start: &str) -> Vec<String> {
        let versions = self.sim.b2().versions(SHARED).into_iter();
        let unfinished = versions.filter(|version| version["action"] == "start");
        let names = unfinished.map(|version| version["fileName"].as_str().unwrap().to_owned());
        names.filter(|name| name.starts_with(start)).collect()
    }

    /// Every secret that the service has handed out so far, and the owner's key.
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

/// One case's place in a [`World`].
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

    /// The name of all that belongs to this case.
    pub(crate) fn name(&self) -> String {
        format!("case-{:03}", self.number)
    }

    pub(crate) fn file(&self) -> FileName {
        FileName::new(self.name()).unwrap()
    }

    pub(crate) fn bucket_name(&self) -> BucketName {
        BucketName::new(self.name()).unwrap()
    }

    /// Does this as another program of the owner's would; no fault touches it.
    pub(crate) fn outside(&self, operation: &str, request: Value) -> Value {
        self.world.sim.b2().call(operation, request).unwrap()
    }

    /// A bucket of this case's.
    pub(crate) fn bucket(&self) -> BucketId {
        let request = json!({"bucketName": self.name(), "bucketType": "allPrivate"});
        BucketId::new(self.outside("b2_create_bucket", request)["bucketId"].as_str().unwrap())
    }

    /// A file of this case's in the shared bucket.
    pub(crate) fn stored(&self) -> FileId {
        FileId::new(self.world.sim.b2().put(SHARED, &self.name(), b"0123456789abcdefghijklmno").unwrap())
    }

    /// An unfinished large file of this case's with one part.
    pub(crate) fn begun(&self) -> FileId {
        let name = format!("{}-begun", self.name());
        let start =
            json!({"bucketId": self.world.bucket.as_str(), "fileName": name, "contentType": "b2/x-auto"});
        let begun = self.outside("b2_start_large_file", start)["fileId"].clone();
        let part = self.world.sim.b2().put(SHARED, "part", b"0123456789").unwrap();
        self.outside("b2_copy_part", json!({"sourceFileId": part, "largeFileId": begun, "partNumber": 1}));
        FileId::new(begun.as_str().unwrap())
    }

    /// All that the account holds of this case, a line each, without what differs from case to case.
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

/// Takes out what the service chooses anew each time.
fn plain(value: &mut Value) {
    if let Value::Object(fields) = value {
        fields.retain(|name, _| !name.ends_with("Id") && !name.ends_with("Timestamp"));
        fields.values_mut().for_each(plain);
    }
}

/// What matters of a version, in the words of no particular case.
pub(crate) fn told(at: &Site<'_>, version: &FileVersion) -> String {
    let FileVersion { name, action, content_length, .. } = version;
    format!("{name} {action:?} {content_length} {:?}", version.whole_sha1()).replace(&at.name(), "case")
}

/// An error with all that it says: in both forms, with its sources.
pub(crate) fn all_of(error: &Error) -> String {
    let (mut texts, mut source) = (vec![format!("{error} {error:?} {error:#?}")], error.source());
    while let Some(cause) = source {
        texts.push(format!("{cause} {cause:?}"));
        source = cause.source();
    }
    texts.join(" ")
}

/// What was traced, at the finest level.
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

    /// Takes what was written so far.
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
