//! The simulated appliance in a process of its own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use simulator::truenas::{ApplianceSize, Release, Settings};
use simulator::{DEFAULT_ID, Simulator};

use crate::{JOB_SECONDS, JOBS};

/// The process of the appliance, which ends with this value.
pub(crate) struct Appliance {
    child: Child,
    /// The appliance goes on until this ends.
    _orders: ChildStdin,
    address: Value,
}

impl Appliance {
    pub(crate) fn start() -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let mut child = command.arg("serve").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let orders = child.stdin.take().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, _orders: orders, address: serde_json::from_str(&line).unwrap() }
    }

    /// This program, to do something else against the appliance.
    pub(crate) fn ours(&self, arguments: &[&str]) -> Command {
        let mut command = self.addressed(Command::new(std::env::current_exe().unwrap()));
        command.args(arguments);
        command
    }

    /// A program, with where the appliance is in its environment.
    pub(crate) fn addressed(&self, mut command: Command) -> Command {
        for (variable, member) in
            [("DTC_BENCH_URL", "url"), ("DTC_BENCH_KEY", "api_key"), ("DTC_BENCH_FINGERPRINT", "fingerprint")]
        {
            command.env(variable, self.address[member].as_str().unwrap());
        }
        command
    }
}

impl Drop for Appliance {
    fn drop(&mut self) {
        // What has ended already need not be ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs the appliance until standard input ends. It has as many tasks as there are jobs to follow, and no limit on log-ins.
pub(crate) fn serve() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let mut settings = Settings::numbered(1);
    settings.size = ApplianceSize::Tiny;
    let builder = Simulator::builder().truenas(DEFAULT_ID, Release::default(), settings);
    let simulator = runtime.block_on(builder.start()).unwrap();
    let (nas, b2) = (simulator.truenas(), simulator.addresses().b2.clone());
    let credential = nas.add_credential("bucket", &b2.key_id, &b2.application_key);
    for number in 0..JOBS {
        nas.add_cloud_sync(&json!({
            "description": format!("task {number}"), "path": "/mnt/pool0", "credentials": credential,
            "attributes": {"bucket": "bucket", "folder": format!("/{number}")},
        }));
    }
    nas.delay_runs(Duration::from_secs(JOB_SECONDS));
    nas.fail_runs(Some("ended by the bench"));
    let unlimited = nas.clone();
    runtime.spawn(async move {
        loop {
            unlimited.reset_login_limit();
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    println!("{}", serde_json::to_string(&simulator.addresses().truenas).unwrap());
    std::io::stdout().flush().unwrap();
    std::io::stdin().lines().for_each(drop);
}
