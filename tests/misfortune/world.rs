//! A simulated world with a desk in it: a folder with a site file and a consent, and the program to run there.

use std::fmt;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use dtc_adapters::connections::HaloConnection;
use dtc_tests::{TestBed, consent};
use jiff::{SignedDuration, Timestamp};
use simulator::halo::CLIENT_GUID_FIELD;
use simulator::{DEFAULT_ID, technician};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::proxy::{self, Meddling};

/// A service of the site file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    B2,
    TrueNas,
    NinjaOne,
    ItGlue,
    HaloPsa,
}

use Service::{B2, HaloPsa, ItGlue, NinjaOne, TrueNas};

impl Service {
    /// The service's table in the site file.
    pub(crate) fn table(self) -> &'static str {
        match self {
            B2 => "b2",
            TrueNas => "truenas",
            NinjaOne => "ninjaone",
            ItGlue => "itglue",
            HaloPsa => "tickets.halo",
        }
    }

    /// The variable that holds its secret.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            B2 => "TEST_B2",
            TrueNas => "TEST_BOX",
            NinjaOne => "TEST_NINJA",
            ItGlue => "TEST_VAULT",
            HaloPsa => "TEST_HALO",
        }
    }
}

/// A change to the files of a folder, and what they are then.
#[derive(Clone, Copy)]
pub(crate) struct Change {
    pub(crate) name: &'static str,
    pub(crate) make: fn(&Path),
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// What is wrong with the world of one run.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Misfortune {
    /// Nothing.
    None,
    /// Nobody listens at the service's address.
    Nobody(Service),
    /// The service's address has a name that does not exist.
    NoSuchName(Service),
    /// Something between the program and the service.
    Between(Service, Meddling),
    /// Another secret than the service's.
    OtherKey(Service),
    /// The key of an appliance that may read only.
    LimitedKey,
    /// The appliance's certificate is another one.
    OtherCertificate,
    /// The site file says this instead of that.
    Says(&'static str, &'static str),
    /// Files beside the site file, or it itself, are as this leaves them.
    Files(Change),
    /// These variables are not set.
    Unset(&'static [Service]),
    /// Standard output goes to a full disk.
    FullDisk,
}

/// A simulated world, and the program.
pub(crate) struct World {
    pub(crate) bed: TestBed,
    pub(crate) program: PathBuf,
    pub(crate) consents: String,
    pub(crate) runtime: Runtime,
}

impl World {
    /// A world in which nothing is provisioned.
    pub(crate) fn fresh(seed: u64) -> Self {
        let world = Self::of(TestBed::builder(seed));
        assert_ne!(world.consents, "[]", "nothing is to be consented to");
        world
    }

    /// The same, whose ticket is in HaloPSA, and is held to the client there.
    pub(crate) fn fresh_with_halo(seed: u64) -> Self {
        let held = |halo: HaloConnection| halo.client_field(CLIENT_GUID_FIELD);
        let world = Self::of(TestBed::builder(seed).tickets_in_halo(held));
        assert_ne!(world.consents, "[]", "nothing is to be consented to");
        world
    }

    /// A world that is built so. Where nothing can be planned in it, nothing is consented to.
    pub(crate) fn of(builder: dtc_tests::Builder) -> Self {
        let program = dtc_tests::program();
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let quick = |sim: simulator::Builder| {
            sim.technician(DEFAULT_ID, technician::Settings::default().delay(Duration::from_millis(1)))
        };
        let bed = runtime.block_on(builder.adjust(quick).start());
        // Many programs ask at once here, as nobody's do.
        bed.sim.itglue().limit_requests(usize::MAX);
        bed.sim.halo().limit_requests(usize::MAX, None);
        bed.synchronize_halo();
        let plan = runtime.block_on(bed.plan());
        // What it takes is a list of consents, for the whole day.
        drop(plan.as_ref().map(consent));
        let tomorrow = Timestamp::now() + SignedDuration::from_hours(24);
        let given: Vec<_> = plan
            .iter()
            .flat_map(dtc_provision::Plan::questions)
            .map(|question| question.answer(question.subject(), tomorrow).expect("the subject answers it"))
            .collect();
        let consents = serde_json::to_string(&given).unwrap();
        Self { bed, program, consents, runtime }
    }

    /// A world in which everything is provisioned and proven.
    pub(crate) fn provisioned(seed: u64) -> Self {
        Self::fresh(seed).provision()
    }

    /// The same, whose ticket is in HaloPSA.
    pub(crate) fn provisioned_with_halo(seed: u64) -> Self {
        Self::fresh_with_halo(seed).provision()
    }

    fn provision(self) -> Self {
        self.runtime.block_on(self.bed.provision());
        self
    }

    /// Secrets that nothing printed may hold.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let at = self.bed.sim.addresses();
        [
            &at.b2.application_key,
            &at.truenas.api_key,
            &at.ninja.client_secret,
            &at.itglue.api_key,
            &at.halo.client_secret,
            &at.connect.token,
        ]
        .into_iter()
        .cloned()
        .chain(self.bed.sim.itglue().records().into_iter().map(|record| record.value))
        .filter(|secret| secret.len() >= 12)
        .collect()
    }

    /// The site file, in which nothing is waited for long.
    pub(crate) fn site(&self) -> String {
        self.bed.site_file()
            + "[backoff]\nfirst = \"1ms\"\nlongest = \"5ms\"\nrate_limit = \"5ms\"\n\
               [timeouts]\nconnect = \"5s\"\nidle = \"3s\"\ncall = \"6s\"\n\
               [waits]\npoll_interval = \"20ms\"\nvault_read_back = \"2s\"\n"
    }

    /// The address of a service, as the site file has it.
    pub(crate) fn url(&self, service: Service) -> String {
        let at = self.bed.sim.addresses();
        let url = match service {
            B2 => &at.b2.url,
            TrueNas => &at.truenas.url,
            NinjaOne => &at.ninja.url,
            ItGlue => &at.itglue.url,
            HaloPsa => &at.halo.url,
        };
        url.clone()
    }

    fn address(&self, service: Service) -> SocketAddr {
        let url = self.url(service);
        let host = url.split("//").nth(1).unwrap().split('/').next().unwrap();
        host.parse().unwrap()
    }

    /// The site file of a world with this misfortune.
    fn site_with(&self, misfortune: Misfortune) -> String {
        let site = self.site();
        let elsewhere = |service: Service, host: &str| {
            let url = self.url(service);
            site.replace(&url, &url.replace(&self.address(service).to_string(), host))
        };
        match misfortune {
            Misfortune::Nobody(service) => elsewhere(service, "127.0.0.1:1"),
            Misfortune::NoSuchName(service) => {
                let site = elsewhere(service, "nowhere.invalid");
                // Without TLS a service is on this machine or nowhere.
                site.replace("http://nowhere.invalid", "https://nowhere.invalid")
            }
            Misfortune::Between(TrueNas, Meddling { harm, .. }) => {
                elsewhere(TrueNas, &proxy::before_tls(self.address(TrueNas), harm).to_string())
            }
            Misfortune::Between(service, meddling) => {
                elsewhere(service, &proxy::before_http(self.address(service), meddling).to_string())
            }
            Misfortune::OtherCertificate => {
                site.replace(&self.bed.sim.addresses().truenas.fingerprint, &"ab".repeat(32))
            }
            Misfortune::Says(this, instead) => {
                let changed = site.replace(this, instead);
                assert_ne!(changed, site, "{this}");
                changed
            }
            _ => site,
        }
    }

    /// A fresh folder with this misfortune, and the operator's files.
    pub(crate) fn folder(&self, misfortune: Misfortune) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("site.toml"), self.site_with(misfortune)).unwrap();
        fs::write(folder.path().join("consent.json"), &self.consents).unwrap();
        if let Misfortune::Files(Change { make, .. }) = misfortune {
            make(folder.path());
        }
        folder
    }

    /// The program in this folder, with the secrets that there are then.
    pub(crate) fn command(&self, arguments: &str, folder: &Path, misfortune: Misfortune) -> Command {
        // So many runs in a minute are an attack to an appliance, and cost no customer's budget here.
        self.bed.sim.truenas().reset_login_limit();
        let at = self.bed.sim.addresses();
        let mut command = Command::new(&self.program);
        command.args(arguments.split(' ')).current_dir(folder).env_remove("RUST_LOG").env_remove("NO_COLOR");
        let read_only = self.bed.sim.truenas().read_only_api_key();
        let box_key =
            if matches!(misfortune, Misfortune::LimitedKey) { &read_only } else { &at.truenas.api_key };
        for (service, secret) in [
            (B2, &at.b2.application_key),
            (TrueNas, box_key),
            (NinjaOne, &at.ninja.client_secret),
            (ItGlue, &at.itglue.api_key),
            (HaloPsa, &at.halo.client_secret),
        ] {
            match misfortune {
                Misfortune::OtherKey(other) if other == service => {
                    command.env(service.variable(), format!("1-{}", "another0123456789".repeat(4)))
                }
                Misfortune::Unset(services) if services.contains(&service) => {
                    command.env_remove(service.variable())
                }
                _ => command.env(service.variable(), secret),
            };
        }
        match misfortune {
            Misfortune::FullDisk => {
                command.stdout(fs::File::options().write(true).open("/dev/full").unwrap())
            }
            _ => command.stdout(std::process::Stdio::piped()),
        };
        command
    }
}
