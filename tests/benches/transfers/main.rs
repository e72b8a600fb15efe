//! Our B2 client beside the `b2` command line and rclone, against one simulated B2: `cargo xtask bench b2`.
//!
//! Prints user and system seconds, wall time and peak memory of each. Every run is a process of its own; the simulator is another
//! process, whose time is not counted. `DTC_B2_CLI` and `DTC_RCLONE_1_75_2` hold the paths of the other programs; those that are not
//! set are left out. Linux only, because it reads `/proc`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench prints, and one that cannot measure ends"
)]

mod clients;
mod measured;
mod ours;
mod rows;
mod service;
mod settings;
mod table;

use clients::Client;
use measured::{Figures, Measured};
use rows::Row;
use service::Service;
use settings::Settings;
use table::Table;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["serve"] => service::serve(),
        ["ours", row, paths @ ..] => ours::run(row.parse().unwrap(), paths),
        // `cargo test` starts a bench too, and without this.
        all if all.contains(&"--bench") => bench(&Settings::read(all)),
        _ => {}
    }
}

fn bench(settings: &Settings) {
    let service = Service::start(settings);
    let clients = Client::all(settings, service.address());
    let mut table = Table::begin(settings, &clients);
    for row in Row::ALL.into_iter().filter(|row| settings.wants(*row)) {
        service.prepare(row, settings, &clients[0]);
        for latency in settings.latencies() {
            service.command(&format!("latency {latency}"));
            let figures = alternating(row, settings, &clients, &service);
            table.row(row, latency, &figures);
        }
        service.command("latency 0");
    }
    table.end();
}

/// The medians of alternating runs, one for each client.
fn alternating(row: Row, settings: &Settings, clients: &[Client], service: &Service) -> Vec<Figures> {
    let mut runs = vec![Vec::new(); clients.len()];
    for _ in 0..settings.runs {
        for (client, runs) in clients.iter().zip(&mut runs) {
            row.clear(settings, service);
            let cpu = service.cpu();
            let measured = Measured::of(&mut client.command(row, settings));
            row.check(settings, service);
            runs.push(Measured { served: service.cpu() - cpu, ..measured });
        }
    }
    row.clear(settings, service);
    runs.iter().map(|runs| Figures::of(runs)).collect()
}
