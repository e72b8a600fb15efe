//! Tries a target's corpus, and then as many changed inputs as there is time for.

use std::env;
use std::time::Instant;

use dtc_tests::{is_deep, report};

use crate::budget::{Watchdog, cpu_seconds, within_memory, within_time};
use crate::corpus::{Entry, corpus};
use crate::mutation::changed;
use crate::random::Random;

/// Inputs for each target, in CI and when the tests go deep.
const INPUTS: u64 = 100_000;
const INPUTS_DEEP: u64 = 1_000_000;
/// How often the memory is looked at.
const BATCH: u64 = 512;
/// `SEED:NUMBER` in it tries one input of a run again.
const AGAIN: &str = "DTC_FUZZ";

/// One input.
#[derive(Debug)]
pub(crate) struct Input<'a> {
    /// What it is an input of.
    pub(crate) operation: &'a str,
    pub(crate) bytes: Vec<u8>,
    /// Whether it must be understood: kept, and its name says nothing of what is wrong with it.
    pub(crate) is_sound: bool,
    /// The how manieth changed one it is; `None` for one as it is kept.
    pub(crate) number: Option<u64>,
    /// For whatever else the target has to choose.
    pub(crate) random: Random,
}

impl Input<'_> {
    /// Fails when an input that must be understood was not: a corpus of what nobody reads any more tries nothing.
    pub(crate) fn refused(&self, why: &dyn std::fmt::Display) {
        assert!(!self.is_sound, "the kept input is sound, and refused: {why}");
    }

    /// The input as text; what is not UTF-8 of it is replaced.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// Where a run is, for whoever has to repeat it.
struct Position {
    target: &'static str,
    /// The test that runs it.
    test: String,
    seed: u64,
    number: Option<u64>,
    input: Vec<u8>,
}

impl Position {
    fn how_to_repeat(test: &str, seed: u64, number: u64) -> String {
        format!(
            "try it again by
    {AGAIN}={seed}:{number} cargo test --locked -p dtc-tests --test fuzz {test}"
        )
    }
}

impl Drop for Position {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let how = match self.number {
                Some(number) => Self::how_to_repeat(&self.test, self.seed, number),
                None => "it stands in the corpus".to_owned(),
            };
            let shown = &self.input[..self.input.len().min(4096)];
            report(&format!("{}: the input below fails; {how}\n    {}", self.target, shown.escape_ascii()));
        }
    }
}

/// Tries everything on a target. `words` are put into inputs, since they mean something there.
pub(crate) fn fuzz(target: &'static str, words: &[&str], mut run: impl FnMut(&Input<'_>)) {
    let kept = corpus(target);
    let (seed, numbers) = match env::var(AGAIN) {
        Ok(again) => {
            let (seed, number) = again.split_once(':').expect("SEED:NUMBER");
            let number: u64 = number.parse().unwrap();
            (seed.parse().unwrap(), number..number + 1)
        }
        Err(_) => (Random::seed(), 0..if is_deep() { INPUTS_DEEP } else { INPUTS }),
    };
    let (began, busy) = (Instant::now(), cpu_seconds());
    let test = std::thread::current().name().unwrap_or_default().to_owned();
    let watched = test.clone();
    let dog = Watchdog::start(move |number| Position::how_to_repeat(&watched, seed, number));
    let mut position = Position { target, test, seed, number: None, input: Vec::new() };
    for entry in &kept {
        try_one(&mut position, &as_kept(entry), &mut run);
    }
    for number in numbers.clone() {
        dog.beat(number);
        position.number = Some(number);
        try_one(&mut position, &input(&kept, words, seed, number), &mut run);
        if number.is_multiple_of(BATCH) {
            within_memory();
        }
    }
    within_memory();
    let (inputs, seconds) = (numbers.end - numbers.start, began.elapsed().as_secs_f64());
    report(&format!(
        "{target}: {} kept and {inputs} changed inputs (seed {seed}) in {seconds:.1} s, {:.1} s of a processor",
        kept.len(),
        cpu_seconds() - busy
    ));
}

fn as_kept(entry: &Entry) -> Input<'_> {
    let bytes = entry.bytes.clone();
    let (operation, is_sound) = (entry.operation(), entry.name == entry.operation());
    Input { operation, bytes, is_sound, number: None, random: Random::of(0, 0) }
}

fn input<'a>(kept: &'a [Entry], words: &[&str], seed: u64, number: u64) -> Input<'a> {
    let mut random = Random::of(seed, number);
    let entry = random.pick(kept);
    let bytes = changed(entry, kept, words, &mut random);
    Input { operation: entry.operation(), bytes, is_sound: false, number: Some(number), random }
}

fn try_one(position: &mut Position, input: &Input<'_>, run: &mut impl FnMut(&Input<'_>)) {
    position.input.clone_from(&input.bytes);
    within_time(|| run(input));
}
