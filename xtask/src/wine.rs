//! The program for Windows, built by mingw, and the tests of its command line and of its files under Wine.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::failure::Failure;
use crate::program::Program;
use crate::steps::Steps;
use crate::workspace::{root, target};

const TARGET: &str = "x86_64-pc-windows-gnu";
const COMPILER: &str = "x86_64-w64-mingw32-gcc";
/// The tests that are built: of the command line, and of the files that people and the program write.
const TESTS: [&str; 11] = [
    "test",
    "--locked",
    "--target",
    TARGET,
    "--package",
    "dtc-cli",
    "--package",
    "dtc-adapters",
    "--lib",
    "--bins",
    "--tests",
];
/// What stands in for a library that Wine 8 lacks.
const SHIM: &str = "bcryptprimitives.dll";
/// Names that Windows refuses, that are devices, or that are one name on its disks; and the length of what is encrypted there.
const FOREIGN: [(&str, u32); 6] = [
    ("CON.bin", 1),
    ("a:b.txt.bin", 0),
    ("trail..bin", 65536),
    ("q?.txt.bin", 0),
    ("Twin.bin", 16),
    ("twin.bin", 140_000),
];
/// Where there are encrypted files of each of these lengths, which rclone made.
const OBJECTS: &str = "rclone-crypt/tests/vectors/objects";
/// With every dependency to be compiled, on a slow machine.
const BUILD_LIMIT: Duration = Duration::from_mins(30);
/// The tests take less than four minutes on two quiet cores, and twice that beside other builds.
const TEST_LIMIT: Duration = Duration::from_mins(15);

/// Builds the program and its tests for Windows, and runs the tests.
pub(crate) fn run(steps: &mut Steps) -> Result<(), Failure> {
    check_tools()?;
    steps.run("dtc for Windows, built", build)?;
    steps.run("dtc for Windows, under Wine", test)
}

fn build() -> Result<(), Failure> {
    cargo().args(["--no-run"]).limit(BUILD_LIMIT).run()
}

fn test() -> Result<(), Failure> {
    let wine = Wine::prepare(&target().join("wine"))?;
    let done = wine.applied_to(cargo()).limit(TEST_LIMIT).run();
    wine.end();
    done
}

fn cargo() -> Program {
    Program::cargo()
        .args(TESTS)
        .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", COMPILER)
        .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", "wine")
        .env("CC_x86_64_pc_windows_gnu", COMPILER)
        // What only Windows compiles is seen by no other check.
        .env("RUSTFLAGS", "-Dwarnings")
}

fn check_tools() -> Result<(), Failure> {
    let tools = [
        (COMPILER, "install mingw-w64: apt-get install gcc-mingw-w64-x86-64"),
        ("wine", "install Wine: apt-get install wine wine64"),
    ];
    for (tool, remedy) in tools {
        if Program::new(tool).args(["--version"]).output().is_none() {
            return Err(Failure::new(format!("{tool} is missing"), remedy));
        }
    }
    let installed = Program::new("rustup").args(["target", "list", "--installed"]).output();
    if installed.is_some_and(|installed| installed.lines().any(|line| line == TARGET)) {
        return Ok(());
    }
    Err(Failure::new(format!("Rust's {TARGET} is missing"), format!("run: rustup target add {TARGET}")))
}

/// A Windows system of our own, and what the tests need beside it.
struct Wine {
    folder: PathBuf,
}

impl Wine {
    fn prepare(folder: &Path) -> Result<Self, Failure> {
        let wine = Self { folder: folder.to_owned() };
        let libraries = make(wine.libraries())?;
        compile("process_prng.c", &libraries.join(SHIM), &["-shared"], &["-ladvapi32"])?;
        compile("console.c", &folder.join("console.exe"), &["-municode"], &[])?;
        let foreign = make(folder.join("foreign"))?;
        for (name, length) in FOREIGN {
            let (file, object) = (foreign.join(name), format!("{OBJECTS}/size-{length}.enc"));
            fs::copy(root().join(object), &file).map_err(|error| unusable(&file, &error))?;
        }
        wine.applied_to(Program::new("wine")).args(["wineboot", "--init"]).run()?;
        // Wine looks for \\server\share here.
        make(wine.prefix().join("dosdevices/unc/server/share"))?;
        Ok(wine)
    }

    fn prefix(&self) -> PathBuf {
        self.folder.join("prefix")
    }

    fn libraries(&self) -> PathBuf {
        self.folder.join("libraries")
    }

    /// The program, in this system.
    fn applied_to(&self, program: Program) -> Program {
        program
            .env("WINEPREFIX", self.prefix())
            .env("WINEPATH", self.libraries())
            .env("WINEDEBUG", "-all")
            .env("DTC_WINE", &self.folder)
    }

    /// Ends whatever still runs in it.
    fn end(&self) {
        let _ = self.applied_to(Program::new("wineserver")).args(["--kill"]).output();
    }
}

fn compile(source: &str, to: &Path, before: &[&str], after: &[&str]) -> Result<(), Failure> {
    let compiler = Program::new(COMPILER).args(["-Wall", "-Wextra", "-Werror", "-O1"]).args(before);
    compiler.args([&root().join("xtask/src/wine").join(source)]).args(after).args(["-o".as_ref(), to]).run()
}

fn make(folder: PathBuf) -> Result<PathBuf, Failure> {
    fs::create_dir_all(&folder).map_err(|error| unusable(&folder, &error))?;
    Ok(folder)
}

fn unusable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()), "the folder target must be writable")
}
