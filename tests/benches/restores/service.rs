//! The simulated B2 in a process of its own, controlled by commands on standard input.

use std::cell::RefCell;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use rclone_crypt::{Keys, Nonce, Password, Salt, encrypt_all};
use serde_json::{Value, json};
use simulator::{DEFAULT_ID, Simulator, b2};

use crate::measured::cpu_of;

pub(crate) const BUCKET: &str = "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9";
pub(crate) const GUID: &str = "3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083";
pub(crate) const PASSWORD: &str = "correct horse";
pub(crate) const SALT: &str = "battery staple";
/// The length of a small file.
pub(crate) const EACH: u64 = 4096;

/// The URL of the service, and a key for it.
pub(crate) struct Address {
    pub(crate) url: String,
    pub(crate) key_id: String,
    pub(crate) key: String,
}

/// The process of the service.
pub(crate) struct Service {
    child: RefCell<(Child, ChildStdin, BufReader<ChildStdout>)>,
    pub(crate) address: Address,
}

impl Service {
    pub(crate) fn start() -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let mut child = command.arg("serve").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, mut output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let started: Value = serde_json::from_str(&line).unwrap();
        let text = |name: &str| started[name].as_str().unwrap().to_owned();
        let address = Address { url: text("url"), key_id: text("key_id"), key: text("application_key") };
        Self { child: RefCell::new((child, input, output)), address }
    }

    /// Sends a command, and waits until it is done.
    pub(crate) fn command(&self, command: &str) {
        let (_, input, output) = &mut *self.child.borrow_mut();
        writeln!(input, "{command}").unwrap();
        let mut said = String::new();
        output.read_line(&mut said).unwrap();
        assert_eq!(said.trim_end(), "done", "{command:?}");
    }

    /// The user and system time that the process has used so far, in seconds.
    pub(crate) fn cpu(&self) -> f64 {
        cpu_of(self.child.borrow().0.id())
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
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let settings = b2::Settings::default().memory(8 << 30).without_md5();
    let simulator = runtime.block_on(Simulator::builder().b2_account(DEFAULT_ID, settings).start()).unwrap();
    let request = json!({ "bucketName": BUCKET, "bucketType": "allPrivate" });
    simulator.b2().call("b2_create_bucket", request).unwrap();
    println!("{}", serde_json::to_string(&simulator.addresses().b2).unwrap());
    for order in std::io::stdin().lines().map(Result::unwrap) {
        let words: Vec<&str> = order.split(' ').collect();
        obey(&simulator, &words);
        println!("done");
    }
}

fn obey(simulator: &Simulator, order: &[&str]) {
    let b2 = simulator.b2();
    let put = |pool: &str, path: &str, stored: &[u8]| {
        b2.put(BUCKET, &format!("{GUID}/{pool}/{path}.bin"), stored).unwrap();
    };
    match order {
        ["latency", millis] => {
            simulator.faults().latency(Duration::from_millis(millis.parse().unwrap()));
        }
        ["empty"] => {
            for version in b2.versions(BUCKET) {
                let version = json!({ "fileName": version["fileName"], "fileId": version["fileId"] });
                b2.call("b2_delete_file_version", version).unwrap();
            }
        }
        ["fill", pool @ "large", mib] => put(pool, "large", &stored(mib.parse::<u64>().unwrap() << 20)),
        ["fill", pool @ "small", files] => {
            for number in 0..files.parse::<u64>().unwrap() {
                put(pool, &format!("folder-{:02}/file-{number:05}", number / 100), &stored(EACH));
            }
        }
        ["fill", pool @ "many", versions] => {
            for number in 0..versions.parse::<u64>().unwrap() / 2 {
                for content in ["an older object, of 33 bytes or so", "a newer object, of 33 bytes or so."] {
                    let file = format!("dataset-{:03}/file-{number:07}", number / 1000);
                    put(pool, &file, content.as_bytes());
                }
            }
        }
        other => panic!("{other:?} is no order"),
    }
}

/// So many random bytes, encrypted.
fn stored(len: u64) -> Vec<u8> {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    let keys = KEYS.get_or_init(|| Keys::derive(&Password::new(PASSWORD), &Salt::new(SALT)).unwrap());
    let mut plain = Vec::new();
    File::open("/dev/urandom").unwrap().take(len).read_to_end(&mut plain).unwrap();
    encrypt_all(keys, Nonce::random().unwrap(), &plain)
}
