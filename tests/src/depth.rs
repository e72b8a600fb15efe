//! How much the tests try: what CI has time for, or everything.

use std::env;
use std::io::Write as _;

/// Set to `1`, it asks for every case there is; `cargo xtask test --deep` sets it.
const DEEP: &str = "DTC_DEEP";

/// Whether a test tries every case, and not only one for each way to go wrong. The only place that reads `DTC_DEEP`.
pub fn is_deep() -> bool {
    env::var_os(DEEP).is_some_and(|value| value == "1")
}

/// Prints a line that a reader of the test run sees although the test passes: how many cases were tried, and how long
/// that took.
pub fn report(line: &str) {
    // The test runner captures what macros print, and shows it for failed tests only.
    let _ = std::io::stderr().write_all(format!("\n{line}\n").as_bytes());
}
