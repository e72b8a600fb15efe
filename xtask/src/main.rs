//! The workspace's chores; std only, so that they start at once on a fresh clone.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program talks to whoever runs it")]

mod bindings;
mod clients;
mod cpu;
mod depth;
mod failure;
mod live;
mod outcome;
mod program;
mod python;
mod rclone;
mod rsync;
mod rust;
mod steps;
mod stubs;
mod suites;
mod test;
mod wheel;
mod wine;
mod wire;
mod workspace;

use clients::Clients;
use failure::Failure;
use std::process::ExitCode;
use steps::Steps;

const USAGE: &str = "\
usage: cargo xtask CHORE
  test [--rust-only] [--deep]
                     everything: formatting, clippy, rustdoc, Rust tests and doctests, the live suite of the B2 client against the
                     simulator, the examples, the Python package with its stubs and tests; ends with a table of times
                     --rust-only leaves out Python and real clients
                     --deep adds what is exhaustive: every crash point, every fault at every request, every rclone in every
                     test, tests marked as ignored, more random cases, and on Linux the chore wine. It sets DTC_DEEP=1,
                     DTC_CRYPT_CASES and DTC_RCLONE_CASES for the tests; set them yourself to run one such test alone
  wine               builds the program for Windows and runs its tests under Wine: for Linux with mingw-w64 and Wine
  wire CHECK_WIRE    runs the tests of B2 with real clients and with ours, and holds what passed over the wire against the
                     service's schemas, by a program that is given: CHECK_WIRE --summary TRANSCRIPT
  rclone             installs the real rclones under target/rclone and prints where they are
  stubs              writes the Python package's stubs anew
  wheel              builds the Python package's wheel for Linux x86_64 under target/wheels, checks it by auditwheel, and says which
                     glibc it needs
  bench names        names per second, from Rust and from Python beside uuid and an f-string
  bench b2 [OPTION…] transfers and listings with our B2 client, beside the b2 command line and rclone; --runs N (usually 5),
                     --only large-up|large-down|small-up|small-down|listing, --latency MS (usually 0, then 30),
                     --folder PATH for the files (usually under target)
  bench restore [OPTION…]
                     restores and listings as of a moment, beside rclone with a crypt remote; --runs N (usually 5), --only large|small|many,
                     --latency MS (usually 0, then 30), --folder PATH for the files (usually under target)
  bench python [OPTION…]
                     names, and calls to a simulated appliance beside websocket-client; then transfers and listings beside
                     b2sdk: --runs N (usually 5), --only large-up|large-down|small-up|small-down|listing, --folder PATH
                     for the files
  bench truenas      calls to a simulated appliance with our client, beside a plain Python one; jobs followed at once; memory
                     of idle connections";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["test", options @ ..] if let Some((scope, depth)) = test::options(options) => {
            test::run(scope, depth)
        }
        ["wire"] => Err(Failure::new(
            "there is nothing to hold the transcripts against",
            "run: cargo xtask wire CHECK_WIRE, with the path of the Python program that checks a transcript",
        )),
        ["wire", check] => wire::check(std::path::Path::new(check)),
        ["wine"] => Steps::of(wine::run),
        ["rclone"] => install_rclones(),
        ["stubs"] => write_stubs(),
        ["wheel"] => python::environment().and_then(|venv| wheel::build(&venv)),
        ["bench", "names"] => bench_names(),
        ["bench", "b2", options @ ..] => bench_b2(options),
        ["bench", "restore", options @ ..] => bench_restore(options),
        ["bench", "python", options @ ..] => bench_python(options),
        ["bench", "truenas"] => bench_truenas(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(3);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nfailed: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// An optimised build on both sides: a debug build would measure the compiler.
fn bench_names() -> Result<(), Failure> {
    let venv = python::environment()?;
    venv.install(&python::TOOLS)?;
    rust::bench_names()?;
    bindings::install(&venv, "release")?;
    bindings::bench_names(&venv)
}

fn bench_b2(options: &[&str]) -> Result<(), Failure> {
    let clients = Clients::install(&python::environment()?)?;
    rust::bench_b2(&clients, options)
}

fn bench_restore(options: &[&str]) -> Result<(), Failure> {
    let clients = Clients::install(&python::environment()?)?;
    rust::bench_restore(&clients, options)
}

fn bench_python(options: &[&str]) -> Result<(), Failure> {
    let venv = python::environment()?;
    venv.install(&python::TOOLS)?;
    venv.install(&python::B2_CLI)?;
    venv.install(&python::BENCH_TOOLS)?;
    bindings::install(&venv, "release")?;
    bindings::bench_names(&venv)?;
    bindings::bench_truenas(&venv)?;
    bindings::bench_b2(&venv, options)
}

fn bench_truenas() -> Result<(), Failure> {
    let venv = python::environment_in("bench")?;
    venv.install(&python::BENCH_TOOLS)?;
    rust::bench_truenas(&venv.path_of("python"))
}

fn install_rclones() -> Result<(), Failure> {
    for rclone in rclone::install(&python::environment()?)? {
        println!("{}={}", rclone.variable(), rclone.program.display());
    }
    Ok(())
}

fn write_stubs() -> Result<(), Failure> {
    let venv = python::environment()?;
    venv.install(&python::TOOLS)?;
    stubs::write(&venv)
}
