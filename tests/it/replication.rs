//! An encrypted dataset of one simulated appliance, replicated to another, on every pair of releases (R1–R6).

mod bad_input;
mod killed;
mod pairs;

use dtc_adapters::connect_ends;
use dtc_naming::DatasetName;
use dtc_provision::Error;
use dtc_provision::ids::SnapshotTaskId;
use dtc_provision::ports::{SentSnapshots, Way};
use dtc_provision::proofs::consent::{Answer, Consents};
use dtc_provision::replication::{
    self, Ends, Given, KeyFile, Passphrases, Replication, ReplicationPlan, ReplicationReport, UnlockReport,
};
use dtc_provision::secret::DatasetSecret;
use dtc_provision::standard::DEVICE_GUID_PROPERTY;
use dtc_tests::{SECOND, TestBed, recorded};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use simulator::truenas::{Address, Handle, Release};

const SCHEMA: &str = "auto-%Y-%m-%d_%H-%M";
const SOURCE: &str = "pool0/docs";
const DESTINATION: &str = "pool1/site/docs";
const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const PASSPHRASE: &str = "correct horse battery";
const GUIDS: [&str; 2] = ["3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083", "7f2b91c4-05de-4a63-b1f8-2c9d40e6a715"];

/// How the source is encrypted.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Source {
    Clear,
    Key,
    Passphrase,
}

/// Two appliances, a vault, and what is to be replicated from the first to the second.
struct Two {
    bed: TestBed,
    wanted: Replication,
    source: Source,
    passphrases: Vec<(DatasetName, String)>,
    /// The destination's own key or passphrase, where one is given.
    own: Option<String>,
}

fn name(text: &str) -> DatasetName {
    text.parse().unwrap()
}

async fn client(at: &Address) -> truenas_client::Client {
    use truenas_client::{ApiKey, Client, Config, Credentials, Trust};
    let trust = Trust::Fingerprint(at.fingerprint.parse().unwrap());
    let credentials = Credentials::api_key(ApiKey::new(at.api_key.as_str()));
    Client::connect(Config::new(at.url.parse().unwrap(), credentials).trust(trust)).await.unwrap()
}

impl Two {
    async fn new(releases: [Release; 2], way: Way, source: Source) -> Self {
        let [one, two] = releases;
        let bed = TestBed::builder(7).release(one).second_appliance(two).adjust(recorded).start().await;
        Self::of(bed, way, source)
    }

    fn of(bed: TestBed, way: Way, source: Source) -> Self {
        let (one, two) = (bed.sim.truenas(), bed.sim.appliance(SECOND).unwrap());
        for (appliance, guid) in [one, two].into_iter().zip(GUIDS) {
            appliance.set_user_property("pool0", DEVICE_GUID_PROPERTY, guid).unwrap();
        }
        match source {
            Source::Clear => {}
            Source::Key => one.encrypt_dataset_by_key(SOURCE, KEY).unwrap(),
            Source::Passphrase => one.encrypt_dataset(SOURCE, PASSPHRASE).unwrap(),
        }
        one.take_snapshots(SOURCE, SCHEMA);
        let mut wanted = Replication::new("offsite", way, [name(SOURCE)], name(DESTINATION));
        (wanted.from, wanted.to) = ("main".to_owned(), SECOND.to_owned());
        let other = if way == Way::Pull { one } else { two };
        wanted.host = Some(other.address());
        let passphrases = match source {
            Source::Passphrase => vec![(name(SOURCE), PASSPHRASE.to_owned())],
            Source::Clear | Source::Key => Vec::new(),
        };
        Self { bed, wanted, source, passphrases, own: None }
    }

    /// Binds it to a periodic snapshot task of its source, which a person has made before.
    fn bind_snapshot_task(&mut self) -> i64 {
        let id = self.bed.sim.truenas().add_snapshot_task(&json!({
            "dataset": SOURCE, "recursive": true, "lifetime_value": 2, "lifetime_unit": "WEEK", "enabled": true, "exclude": [],
            "naming_schema": SCHEMA, "allow_empty": true, "vmware_sync": false, "state": {"state": "PENDING"},
            "schedule": {"minute": "00", "hour": "*", "dom": "*", "month": "*", "dow": "*", "begin": "00:00", "end": "23:59"},
        }));
        self.wanted.snapshots = SentSnapshots::OfTasks([SnapshotTaskId::new(id.to_string())].into());
        id
    }

    fn two(&self) -> &Handle {
        self.bed.sim.appliance(SECOND).unwrap()
    }

    /// Records of dataset keys in the vault: title, user name, value.
    fn records(&self) -> Vec<[String; 3]> {
        let all = self.bed.sim.itglue().client_records().into_iter();
        let keys = all.filter(|record| record.name.starts_with("TrueNAS Dataset Key"));
        keys.map(|record| [record.name, record.username, record.value]).collect()
    }

    async fn client_of_first(&self) -> truenas_client::Client {
        client(&self.bed.sim.addresses().truenas).await
    }

    async fn client_of_second(&self) -> truenas_client::Client {
        client(self.bed.sim.addresses().appliance(SECOND).unwrap()).await
    }

    async fn ends(&self) -> Result<Ends, Error> {
        connect_ends(&self.bed.connections(), &self.wanted.from, &self.wanted.to).await.map_err(|error| {
            match error.into_kind() {
                dtc_adapters::ErrorKind::Port(error) => error.into(),
                other => panic!("{other}"),
            }
        })
    }

    fn passphrases(&self) -> Passphrases {
        let sources = self.passphrases.iter();
        let sources = sources.map(|(root, secret)| (root.clone(), DatasetSecret::new(secret.as_str())));
        let own = self.own.as_deref().map(DatasetSecret::new);
        Passphrases { destination: own, sources: sources.collect() }
    }

    async fn plan(&self) -> Result<ReplicationPlan, Error> {
        let ports = self.bed.connect().await?;
        let ends = self.ends().await?;
        let seen = replication::observe(&self.bed.site, &self.wanted, &ports.views(), &ends.views()).await?;
        replication::plan(&self.wanted, &seen, &self.passphrases())
    }

    /// Plans, consents to everything by typing each subject, and applies: all from new connections.
    async fn apply(&self) -> Result<ReplicationReport, Error> {
        let plan = self.plan().await?;
        let (ports, ends) = (self.bed.connect().await?, self.ends().await?);
        let now = Timestamp::now();
        let consents =
            Consents::gather(plan.questions(), now, now + SignedDuration::from_hours(1), |question| {
                Answer::Typed(question.subject().to_owned())
            });
        let given = Given { plan: &plan, consents: consents.unwrap(), passphrases: self.passphrases() };
        let mut journal = Vec::new();
        replication::apply(&self.bed.site, &self.wanted, given, (&ports, &ends), &mut journal).await
    }

    async fn verify(&self) -> Result<ReplicationReport, Error> {
        let (ports, ends) = (self.bed.connect().await?, self.ends().await?);
        let now = self.bed.sim.clock().now();
        replication::verify(&self.bed.site, &self.wanted, &ports.views(), &ends.views(), now).await
    }

    async fn unlock_by(&self, file: &str) -> Result<UnlockReport, Error> {
        let (keys, ends) = (KeyFile::parse(&file.into())?, self.ends().await?);
        replication::unlock_by(&self.wanted, &keys, ends.to.as_ref()).await
    }

    async fn unlock(&self) -> Result<UnlockReport, Error> {
        let (ports, ends) = (self.bed.connect().await?, self.ends().await?);
        replication::unlock(&self.bed.site, &self.wanted, &ports.views(), ends.to.as_ref()).await
    }
}
