//! The program under test.

use std::path::PathBuf;

/// The `dtc` that `DTC_BIN` names, or the one that was built beside this test.
///
/// # Panics
/// There is none: a test that does not run must not pass.
pub fn program() -> PathBuf {
    if let Some(named) = std::env::var_os("DTC_BIN") {
        return named.into();
    }
    let test = std::env::current_exe().expect("a test knows where it is");
    let beside = test.parent().and_then(|deps| deps.parent()).expect("a test is built into deps");
    let built = beside.join(format!("dtc{}", std::env::consts::EXE_SUFFIX));
    assert!(built.exists(), "there is no dtc to run: cargo build --bin dtc, or name one by DTC_BIN");
    built
}
