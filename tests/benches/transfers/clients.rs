//! The programs that are compared, and the options of each.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use crate::rows::Row;
use crate::service::{Address, full};
use crate::settings::Settings;

/// A program that is measured.
pub(crate) struct Client {
    pub(crate) name: &'static str,
    kind: Kind,
    program: PathBuf,
    variables: Vec<(&'static str, String)>,
}

#[derive(Clone, Copy)]
enum Kind {
    Ours,
    B2,
    Rclone,
}

impl Client {
    /// Our client, then the other programs that are installed.
    pub(crate) fn all(settings: &Settings, address: &Address) -> Vec<Self> {
        let Address { url, key_id, key } = address.clone();
        let ours = vec![
            ("DTC_BENCH_URL", url.clone()),
            ("DTC_BENCH_KEY_ID", key_id.clone()),
            ("DTC_BENCH_KEY", key.clone()),
        ];
        let mut clients = vec![Self {
            name: "ours",
            kind: Kind::Ours,
            program: env::current_exe().unwrap(),
            variables: ours,
        }];
        let home = settings.path("home").to_str().unwrap().to_owned();
        let mut other = |name, kind, variable: &str, variables| match env::var_os(variable) {
            Some(program) => clients.push(Self { name, kind, program: program.into(), variables }),
            None => println!("{variable} is not set, so there is no {name} beside us"),
        };
        let variables = vec![
            ("HOME", home.clone()),
            ("B2_ACCOUNT_INFO", home.clone() + "-b2-account"),
            ("B2_ENVIRONMENT", url.clone()),
            ("B2_APPLICATION_KEY_ID", key_id.clone()),
            ("B2_APPLICATION_KEY", key.clone()),
        ];
        other("b2 5.0.0", Kind::B2, "DTC_B2_CLI", variables);
        let variables = vec![
            ("HOME", home.clone()),
            ("RCLONE_CONFIG", home + "/there-is-none"),
            ("RCLONE_CONFIG_B2_TYPE", "b2".to_owned()),
            ("RCLONE_CONFIG_B2_ACCOUNT", key_id),
            ("RCLONE_CONFIG_B2_KEY", key),
            ("RCLONE_CONFIG_B2_ENDPOINT", url),
        ];
        other("rclone 1.75.2", Kind::Rclone, "DTC_RCLONE_1_75_2", variables);
        clients
    }

    /// The command line of the program for a row.
    pub(crate) fn command(&self, row: Row, settings: &Settings) -> Command {
        let bucket = match row {
            Row::LargeUp | Row::SmallUp => "up",
            Row::LargeDown => "large",
            Row::SmallDown => "small",
            Row::Listing => "many",
        };
        self.with_bucket(row, settings, bucket)
    }

    /// The command line with another bucket.
    pub(crate) fn with_bucket(&self, row: Row, settings: &Settings, bucket: &str) -> Command {
        let mut command = Command::new(&self.program);
        // A loopback address never goes by a proxy.
        command.env("NO_PROXY", "127.0.0.1").env("no_proxy", "127.0.0.1");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        let bucket = full(bucket);
        match self.kind {
            Kind::Ours => command.args(ours(row, settings, &bucket)),
            Kind::B2 => command.args(b2(row, settings, &bucket)),
            Kind::Rclone => command.args(rclone(row, settings, &bucket)),
        };
        command
    }
}

fn at(settings: &Settings, name: &str) -> String {
    settings.path(name).to_str().unwrap().to_owned()
}

fn ours(row: Row, settings: &Settings, bucket: &str) -> Vec<String> {
    let here = match row {
        Row::LargeUp => at(settings, "large"),
        Row::LargeDown => at(settings, "down/large"),
        Row::SmallUp => at(settings, "small"),
        Row::SmallDown => at(settings, "down"),
        Row::Listing => String::new(),
    };
    let at_a_time = match row {
        Row::LargeUp | Row::LargeDown => settings.parallel,
        _ => settings.transfers,
    };
    ["ours", row.name(), bucket, &here, &at_a_time.to_string()].map(str::to_owned).to_vec()
}

/// The part size that the service recommends is also the program's.
fn b2(row: Row, settings: &Settings, bucket: &str) -> Vec<String> {
    let (parallel, transfers) = (settings.parallel.to_string(), settings.transfers.to_string());
    let there = format!("b2://{bucket}");
    let large = format!("{there}/large");
    let arguments: &[&str] = match row {
        Row::LargeUp => &[
            "file",
            "upload",
            "--no-progress",
            "--threads",
            &parallel,
            bucket,
            &at(settings, "large"),
            "large",
        ],
        Row::LargeDown => &[
            "file",
            "download",
            "--no-progress",
            "--threads",
            &parallel,
            &large,
            &at(settings, "down/large"),
        ],
        Row::SmallUp => &["sync", "--no-progress", "--threads", &transfers, &at(settings, "small"), &there],
        Row::SmallDown => &["sync", "--no-progress", "--threads", &transfers, &there, &at(settings, "down")],
        Row::Listing => &["ls", "--recursive", "--versions", &there],
    };
    arguments.iter().map(|argument| (*argument).to_owned()).collect()
}

fn rclone(row: Row, settings: &Settings, bucket: &str) -> Vec<String> {
    let (parallel, transfers) = (settings.parallel.to_string(), settings.transfers.to_string());
    let part = format!("{}B", settings.part);
    let there = format!("b2:{bucket}");
    let (large, small, down) = (at(settings, "large"), at(settings, "small"), at(settings, "down"));
    let (large_there, large_down) = (format!("{there}/large"), format!("{down}/large"));
    let parts = ["--b2-chunk-size", &part, "--b2-upload-concurrency", &parallel];
    let many = ["copy", "--transfers", &transfers, "--checkers", &transfers];
    let arguments = match row {
        Row::LargeUp => [&["copyto"], &parts[..], &[&large, &large_there]].concat(),
        Row::LargeDown => vec!["copyto", "--multi-thread-streams", &parallel, &large_there, &large_down],
        Row::SmallUp => [&many[..], &[&small, &there]].concat(),
        Row::SmallDown => [&many[..], &[&there, &down]].concat(),
        Row::Listing => vec!["lsf", "--recursive", "--files-only", "--b2-versions", &there],
    };
    std::iter::once("--quiet").chain(arguments).map(str::to_owned).collect()
}
