//! Our TrueNAS client beside a plain Python one, against one simulated appliance over `wss`: `cargo xtask bench truenas`.
//!
//! Prints calls per second and CPU per call of both, how long two hundred jobs take to follow at once, and what an idle connection holds
//! in memory. Every run is a process of its own; the appliance is another process, whose time is not counted. `DTC_BENCH_PYTHON` holds the
//! path of a Python with the package websocket-client. Linux only, because it reads `/proc`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench prints, and one that cannot measure ends"
)]

mod appliance;
mod ours;
mod process;
mod runs;

use appliance::Appliance;
use runs::{Run, median};

/// Calls in one run.
const CALLS: u32 = 5000;
/// Runs of each client, in turn.
const RUNS: usize = 5;
/// Jobs that are followed at once.
const JOBS: usize = 200;
/// How long each of them lasts.
const JOB_SECONDS: u64 = 2;
/// Idle connections of one process.
const CONNECTIONS: u32 = 1000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["serve"] => appliance::serve(),
        ["calls", number, at_once] => ours::calls(number.parse().unwrap(), at_once.parse().unwrap()),
        ["jobs"] => ours::jobs(),
        ["idle", connections] => ours::idle(connections.parse().unwrap()),
        // `cargo test` starts a bench too, and without this.
        all if all.contains(&"--bench") => bench(),
        _ => {}
    }
}

fn bench() {
    let appliance = Appliance::start();
    println!(
        "| {CALLS} calls of `system.info`, medians of {RUNS} runs | calls a second | CPU a call, µs | to Python |"
    );
    println!("| --- | --- | --- | --- |");
    for at_once in [1, 10] {
        let mut measured = [Vec::new(), Vec::new()];
        for _ in 0..RUNS {
            for (runs, client) in measured.iter_mut().zip([Run::ours, Run::python]) {
                runs.push(client(&appliance, CALLS, at_once));
            }
        }
        let [ours, python] =
            measured.map(|runs| (median(&runs, |run| run.wall), median(&runs, |run| run.cpu)));
        for (name, (wall, cpu)) in [("ours", ours), ("Python, websocket-client", python)] {
            let (rate, each) = (f64::from(CALLS) / wall, cpu * 1e6 / f64::from(CALLS));
            println!("| {name}, {at_once} at once | {rate:.0} | {each:.0} | {:.2} |", cpu / python.1);
        }
    }
    let Run { wall, cpu } = Run::of_ours(&appliance, &["jobs"]);
    println!("\n{JOBS} jobs of {JOB_SECONDS} s started and followed at once: {wall:.2} s, {cpu:.2} s of CPU");
    let kib = runs::printed(appliance.ours(&["idle", &CONNECTIONS.to_string()]));
    println!("{CONNECTIONS} idle connections: {kib} KiB each");
}
