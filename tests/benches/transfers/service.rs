//! The simulated B2 in a process of its own, controlled by commands on standard input.

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use simulator::{DEFAULT_ID, Simulator, b2};

use crate::clients::Client;
use crate::measured::cpu_of;
use crate::rows::Row;
use crate::settings::Settings;

/// The URL of the service, and a key for it.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    pub(crate) url: String,
    pub(crate) key_id: String,
    pub(crate) key: String,
}

/// The process of the service.
pub(crate) struct Service {
    child: RefCell<(Child, ChildStdin, BufReader<ChildStdout>)>,
    address: Address,
}

impl Service {
    pub(crate) fn start(settings: &Settings) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let piped = command.arg("serve").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        writeln!(input, "{}", settings.part).unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let started: Value = serde_json::from_str(&line).unwrap();
        let text = |name: &str| started[name].as_str().unwrap().to_owned();
        let address = Address { url: text("url"), key_id: text("key_id"), key: text("application_key") };
        Self { child: RefCell::new((child, input, output)), address }
    }

    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    /// Sends a command, and returns the answer once it is done.
    pub(crate) fn command(&self, command: &str) -> String {
        let (_, input, output) = &mut *self.child.borrow_mut();
        writeln!(input, "{command}").unwrap();
        let mut said = String::new();
        output.read_line(&mut said).unwrap();
        assert!(!said.is_empty(), "the service ended at {command:?}");
        said.trim_end().to_owned()
    }

    /// The user and system time that the process has used so far, in seconds.
    pub(crate) fn cpu(&self) -> f64 {
        cpu_of(self.child.borrow().0.id())
    }

    /// Creates the buckets and files that the row needs.
    pub(crate) fn prepare(&self, row: Row, settings: &Settings, ours: &Client) {
        let put = |up: Row, bucket: &str| {
            self.command(&format!("bucket {bucket}"));
            assert!(ours.with_bucket(up, settings, bucket).status().unwrap().success());
        };
        match row {
            Row::LargeUp | Row::SmallUp => drop(self.command("bucket up")),
            Row::LargeDown => put(Row::LargeUp, "large"),
            Row::SmallDown => put(Row::SmallUp, "small"),
            Row::Listing => {
                self.command("bucket many");
                self.command(&format!("fill many {}", settings.versions));
            }
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let child = &mut self.child.get_mut().0;
        // What has ended already need not be ended.
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// Runs the service until standard input ends.
pub(crate) fn serve() {
    let mut orders = std::io::stdin().lines().map(Result::unwrap);
    let part = orders.next().unwrap().parse().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let settings = b2::Settings::default().part_sizes(5_000_000, part).memory(8 << 30).without_md5();
    let simulator = runtime.block_on(Simulator::builder().b2_account(DEFAULT_ID, settings).start()).unwrap();
    println!("{}", serde_json::to_string(&simulator.addresses().b2).unwrap());
    for order in orders {
        let words: Vec<&str> = order.split(' ').collect();
        println!("{}", obey(&simulator, &words));
    }
}

fn obey(simulator: &Simulator, order: &[&str]) -> String {
    let b2 = simulator.b2();
    match order {
        ["latency", millis] => {
            simulator.faults().latency(Duration::from_millis(millis.parse().unwrap()));
        }
        ["bucket", name] if b2.bucket(name).is_none() => {
            let request = json!({"bucketName": full(name), "bucketType": "allPrivate"});
            // It may be there already.
            let _ = b2.call("b2_create_bucket", request);
        }
        ["bucket", _] => {}
        ["empty", name] => {
            for version in b2.versions(&full(name)) {
                let version = json!({"fileName": version["fileName"], "fileId": version["fileId"]});
                b2.call("b2_delete_file_version", version).unwrap();
            }
        }
        ["count", name] => {
            let versions = b2.versions(&full(name));
            let bytes: u64 = versions.iter().filter_map(|version| version["contentLength"].as_u64()).sum();
            return format!("{} {bytes}", versions.len());
        }
        ["fill", name, versions] => {
            for number in 0..versions.parse::<u64>().unwrap() / 2 {
                let file = format!("pool0/dataset-{:03}/file-{number:07}.bin", number / 1000);
                for content in ["older", "newer"] {
                    b2.put(&full(name), &file, content.as_bytes()).unwrap();
                }
            }
        }
        other => panic!("{other:?} is no order"),
    }
    "done".to_owned()
}

/// The full name of a bucket.
pub(crate) fn full(bucket: &str) -> String {
    format!("transfers-{bucket}")
}
