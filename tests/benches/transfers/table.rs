//! The printed table.

use std::hint::black_box;

use b2_client::files::Sha1;

use crate::clients::Client;
use crate::measured::{Figures, own};
use crate::rows::Row;
use crate::settings::Settings;

/// The limits: ratios to the better one of the other programs, and MiB in addition to the parts.
const CPU: f64 = 0.7;
const WALL: f64 = 1.1;
const MEMORY: f64 = 64.0;

/// The table being printed.
pub(crate) struct Table<'a> {
    settings: &'a Settings,
    clients: &'a [Client],
    /// Seconds to hash a byte.
    hashing: f64,
    verdicts: Vec<String>,
}

impl<'a> Table<'a> {
    pub(crate) fn begin(settings: &'a Settings, clients: &'a [Client]) -> Self {
        let Settings { runs, part, parallel, transfers, .. } = settings;
        let hashing = hashing();
        println!(
            "Medians of {runs} alternating runs. Parts of {part} bytes, {parallel} at a time; {transfers} small files at a time."
        );
        println!("SHA-1 takes {:.2} s of one thread for a GiB here.\n", hashing * f64::from(1 << 30));
        println!(
            "| row | ms | client | CPU s | wall s | peak MiB | service's CPU s | CPU ratio | wall ratio | SHA-1 alone |"
        );
        println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        Self { settings, clients, hashing, verdicts: Vec::new() }
    }

    pub(crate) fn row(&mut self, row: Row, latency: u64, figures: &[Figures]) {
        #[expect(clippy::cast_precision_loss, reason = "seconds with two digits")]
        let floor = row.hashed(self.settings) as f64 * self.hashing;
        let best = |of: fn(&Figures) -> f64| figures[1..].iter().map(of).reduce(f64::min);
        let ratio =
            |own: f64, best: Option<f64>| best.map_or(String::new(), |best| format!("**{:.2}**", own / best));
        for (number, (client, figures)) in self.clients.iter().zip(figures).enumerate() {
            let Figures { cpu, wall, peak, served } = figures;
            let title = row.title(self.settings);
            print!(
                "| {title} | {latency} | {} | {cpu:.2} | {wall:.2} | {peak:.0} | {served:.2} |",
                client.name
            );
            if number == 0 {
                let (cpu, wall) = (ratio(*cpu, best(|f| f.cpu)), ratio(*wall, best(|f| f.wall)));
                println!(" {cpu} | {wall} | {floor:.2} |");
            } else {
                println!(" | | |");
            }
        }
        self.verdicts.push(format!("{}, {latency} ms: {}", row.name(), self.verdict(row, figures)));
    }

    fn verdict(&self, row: Row, figures: &[Figures]) -> String {
        let Some((ours, others)) = figures.split_first().filter(|(_, others)| !others.is_empty()) else {
            return "nothing to compare with".to_owned();
        };
        let best = |of: fn(&Figures) -> f64| others.iter().map(of).fold(f64::INFINITY, f64::min);
        #[expect(clippy::cast_precision_loss, reason = "MiB")]
        let most = row.parts(self.settings) as f64 / f64::from(1 << 20) + MEMORY;
        let met = |name: &str, met: bool| format!("{name} {}", if met { "met" } else { "MISSED" });
        let verdicts = [
            met("CPU bar 0.7", ours.cpu <= CPU * best(|f| f.cpu)),
            met("wall bar 1.1", ours.wall <= WALL * best(|f| f.wall)),
            met(&format!("memory bar {most:.0} MiB"), ours.peak <= most),
        ];
        verdicts.join(", ")
    }

    pub(crate) fn end(&self) {
        println!("\n{}", self.verdicts.join("\n"));
    }
}

/// Seconds to hash a byte, by what the client hashes with.
fn hashing() -> f64 {
    let piece = vec![0x5a; 1 << 18];
    let before = own();
    for _ in 0..1 << 12 {
        black_box(Sha1::of(black_box(&piece)));
    }
    (own() - before) / f64::from(1 << 30)
}
