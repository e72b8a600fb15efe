//! Each simulated service over its socket, spoken to in plain JSON.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod b2;
mod itglue;
mod ninja;

use std::sync::atomic::{AtomicU32, Ordering};

/// A seeded simulation. With `SIMULATOR_TRANSCRIPTS` naming a folder, it leaves its transcript there, for a check against
/// the services' published schemas.
fn simulation() -> simulator::Builder {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let size = simulator::truenas::BoxSize::Tiny;
    let small = simulator::truenas::Settings { size, ..Default::default() };
    let builder = simulator::Simulator::builder().seed(7).truenas(small);
    match std::env::var_os("SIMULATOR_TRANSCRIPTS") {
        Some(folder) => {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            builder.transcript_file(std::path::Path::new(&folder).join(format!("{number}.jsonl")))
        }
        None => builder,
    }
}
