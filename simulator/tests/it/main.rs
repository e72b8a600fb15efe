//! Each simulated service over its socket, spoken to in plain JSON.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod b2;
mod connect;
mod halo;
mod itglue;
mod itglue_items;
mod ninja;
mod world;

use std::sync::atomic::{AtomicU32, Ordering};

use simulator::DEFAULT_ID;
use simulator::truenas::{ApplianceSize, Release, Settings};

/// The seed of every test.
fn seeded() -> simulator::Builder {
    simulator::Simulator::builder().seed(7)
}

/// The settings of a location's appliance by its number, with next to nothing on its pools.
fn tiny(number: u8) -> Settings {
    Settings { size: ApplianceSize::Tiny, ..Settings::numbered(number) }
}

/// A seeded simulation of one of each. With `SIMULATOR_TRANSCRIPTS` naming a folder, it leaves its transcript there, for a check against
/// the services' published schemas.
fn simulation() -> simulator::Builder {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let builder = seeded().truenas(DEFAULT_ID, Release::default(), tiny(1));
    match std::env::var_os("SIMULATOR_TRANSCRIPTS") {
        Some(folder) => {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            builder.transcript_file(std::path::Path::new(&folder).join(format!("{number}.jsonl")))
        }
        None => builder,
    }
}
