//! How many tests ran, from what `cargo test` prints.

use std::fmt;

/// The sum over all test binaries and doctests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    passed: u64,
    ignored: u64,
}

impl Counts {
    /// Adds up every line like `test result: ok. 12 passed; 0 failed; 1 ignored; …`.
    pub(crate) fn of(printed: &str) -> Self {
        let results = printed.lines().filter_map(|line| line.split_once("test result: "));
        results.fold(Self::default(), |sum, (_, line)| Self {
            passed: sum.passed + before(line, " passed"),
            ignored: sum.ignored + before(line, " ignored"),
        })
    }
}

/// The number in front of a word; zero where there is none.
fn before(line: &str, word: &str) -> u64 {
    let number = line.split_once(word).and_then(|(front, _)| front.rsplit(' ').next());
    number.and_then(|number| number.parse().ok()).unwrap_or_default()
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} tests passed, {} were ignored", self.passed, self.ignored)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_added_up() {
        let printed = "running 3 tests\ntest a ... ok\n\ntest result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; \
            0 filtered out; finished in 0.00s\ntest result: ok. 40 passed; 0 failed; 0 ignored\n";
        assert_eq!(Counts::of(printed), Counts { passed: 42, ignored: 1 });
        assert_eq!(Counts::of(""), Counts::default());
    }
}
