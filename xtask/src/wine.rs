//! The program for Windows, built by mingw, and its command-line tests under Wine.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::program::Program;
use crate::workspace::{root, target};

const TARGET: &str = "x86_64-pc-windows-gnu";
const COMPILER: &str = "x86_64-w64-mingw32-gcc";
/// What stands in for a library that Wine 8 lacks.
const SHIM: &str = "bcryptprimitives.dll";
/// Names that Windows refuses, that are devices, or that are one name on its disks.
const FOREIGN_NAMES: [&str; 6] =
    ["CON.bin", "a:b.txt.bin", "trail..bin", "q?.txt.bin", "Twin.bin", "twin.bin"];
/// An encrypted file that rclone made, of one byte.
const OBJECT: &str = "rclone-crypt/tests/vectors/objects/size-1.enc";

/// Builds the program and its tests for Windows and runs the tests.
pub(crate) fn test() -> Result<(), Failure> {
    check_tools()?;
    let folder = target().join("wine");
    let libraries = folder.join("libraries");
    for made in [&folder, &libraries] {
        fs::create_dir_all(made).map_err(|error| unusable(made, &error))?;
    }
    let shim = libraries.join(SHIM);
    Program::new(COMPILER)
        .args(["-shared", "-o"])
        .args([&shim, &root().join("xtask/src/wine/process_prng.c")])
        .args(["-ladvapi32"])
        .run()?;
    Program::cargo()
        .args(["test", "--locked", "--package", "dtc-cli", "--target", TARGET])
        .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", COMPILER)
        .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", "wine")
        .env("CC_x86_64_pc_windows_gnu", COMPILER)
        .env("WINEPREFIX", folder.join("prefix"))
        .env("WINEPATH", libraries)
        .env("WINEDEBUG", "-all")
        .env("DTC_FOREIGN_NAMES", foreign_names(&folder.join("foreign"))?)
        .run()
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

/// An encrypted folder as another system leaves it on a share.
fn foreign_names(folder: &Path) -> Result<PathBuf, Failure> {
    fs::create_dir_all(folder).map_err(|error| unusable(folder, &error))?;
    for name in FOREIGN_NAMES {
        let file = folder.join(name);
        fs::copy(root().join(OBJECT), &file).map_err(|error| unusable(&file, &error))?;
    }
    Ok(folder.to_owned())
}

fn unusable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()), "the folder target must be writable")
}
