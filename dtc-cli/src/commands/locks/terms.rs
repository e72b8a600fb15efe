//! How long locks are kept, as it is given on the command line.

use clap::Args;
use dtc_provision::locks::LockTerms;

use crate::failure::Failure;

/// How long current versions stay locked.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Terms {
    /// Keep every current version locked for so many days from each run on.
    #[arg(long, value_name = "DAYS", default_value_t = 14)]
    keep_days: u32,
    /// Extend a lock that ends before to so many days from now.
    #[arg(long, value_name = "DAYS", default_value_t = 28)]
    extend_days: u32,
}

impl Terms {
    /// The terms, for versions of at most so many bytes a run.
    pub(super) fn terms(self, at_most_bytes: u64) -> Result<LockTerms, Failure> {
        LockTerms::new(self.keep_days, self.extend_days, at_most_bytes)
            .map_err(|error| Failure::usage(format!("--keep-days and --extend-days: {error}")))
    }
}

/// A number of bytes: `500`, `20GiB`, `1.5TB`.
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    let at = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(at);
    let wrong = || format!("{text:?} is no number of bytes such as 500GiB or 2TB");
    let number: f64 = number.parse().map_err(|_| wrong())?;
    let factor: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        "tib" => 1 << 40,
        "pib" => 1 << 50,
        "kb" => 1000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "tb" => 1_000_000_000_000,
        "pb" => 1_000_000_000_000_000,
        _ => return Err(wrong()),
    };
    #[expect(clippy::cast_precision_loss, reason = "the factors are exact in a double")]
    let bytes = number * factor as f64;
    // Above this a double is not exact, and no bucket is as large.
    if !(0.0..=9_007_199_254_740_992.0).contains(&bytes) {
        return Err(format!("{text:?} is more than 8 PiB"));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "looked at above")]
    Ok(bytes as u64)
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes_are_numbers_with_a_unit() {
        let read: Vec<u64> =
            ["0", "500", "1KiB", "1.5GiB", "2 TB"].iter().map(|text| bytes(text).unwrap()).collect();
        assert_eq!(read, [0, 500, 1024, 3 << 29, 2_000_000_000_000]);
        for wrong in ["", "x", "-1", "1.2.3", "5 apples", "9000PiB", "NaN", "1e9"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }
}
