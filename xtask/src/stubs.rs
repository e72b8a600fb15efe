//! The stubs are generated from the bindings, committed, and held against a fresh generation byte by byte.

use crate::failure::Failure;
use crate::python::Venv;
use crate::workspace::{root, target};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const REMEDY: &str = "run: cargo xtask stubs, and commit what it writes";

/// Where the native module's stubs stand in the package.
fn committed() -> PathBuf {
    root().join("py-bindings").join("python").join("dtc").join("_dtc")
}

/// Fails when the committed stubs are not what the bindings generate.
pub(crate) fn compare(venv: &Venv) -> Result<(), Failure> {
    let fresh = read(&generate(venv)?)?;
    let committed = read(&committed())?;
    match first_difference(&fresh, &committed) {
        None => Ok(()),
        Some(path) => Err(Failure::new(
            format!("the stub {} is not what the bindings generate", path.display()),
            REMEDY,
        )),
    }
}

/// Replaces the committed stubs by fresh ones.
pub(crate) fn write(venv: &Venv) -> Result<(), Failure> {
    let fresh = read(&generate(venv)?)?;
    let folder = committed();
    remove(&folder)?;
    for (path, text) in &fresh {
        let path = folder.join(path);
        path.parent().map_or(Ok(()), fs::create_dir_all).map_err(|error| unusable(&path, &error))?;
        fs::write(&path, text).map_err(|error| unusable(&path, &error))?;
    }
    println!("{} stubs in {}", fresh.len(), folder.display());
    Ok(())
}

/// Generates stubs under `target/` and returns the folder of the native module's.
fn generate(venv: &Venv) -> Result<PathBuf, Failure> {
    let out = target().join("stubs");
    remove(&out)?;
    let manifest = root().join("py-bindings").join("Cargo.toml");
    venv.program("maturin")
        .args(["generate-stubs", "--quiet", "--features", "stubs", "--manifest-path"])
        .args([&manifest])
        .args(["--out"])
        .args([&out])
        .env("CARGO_TARGET_DIR", target())
        .run()?;
    Ok(out.join("dtc").join("_dtc"))
}

/// Every stub in a folder, by its path there.
fn read(folder: &Path) -> Result<BTreeMap<PathBuf, String>, Failure> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).map_err(|error| unusable(&next, &error))? {
            let path = entry.map_err(|error| unusable(&next, &error))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "pyi") {
                let text = fs::read_to_string(&path).map_err(|error| unusable(&path, &error))?;
                found.insert(path.strip_prefix(folder).unwrap_or(&path).to_owned(), completed(&text));
            }
        }
    }
    Ok(found)
}

/// A stub with what its generator leaves out and `mypy --strict` asks for: what a dictionary holds, and what further keywords are.
fn completed(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with("def ") {
            let line = line.replace("**choices)", "**choices: Any)");
            let line = ["dict]", "dict)", "dict,", "dict |", "dict:"].into_iter().fold(line, |line, bare| {
                let named = bare.replacen("dict", "dict[str, Any]", 1);
                [": ", "[", "| ", "> "].into_iter().fold(line, |line, before| {
                    line.replace(&format!("{before}{bare}"), &format!("{before}{named}"))
                })
            });
            whole.push_str(&line);
        } else {
            whole.push_str(line);
        }
    }
    whole
}

/// The first file that only one side has, or that differs.
fn first_difference(one: &BTreeMap<PathBuf, String>, other: &BTreeMap<PathBuf, String>) -> Option<PathBuf> {
    one.keys().chain(other.keys()).find(|path| one.get(*path) != other.get(*path)).cloned()
}

fn remove(folder: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unusable(folder, &error)),
        _ => Ok(()),
    }
}

fn unusable(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()), REMEDY)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(files: &[(&str, &str)]) -> BTreeMap<PathBuf, String> {
        files.iter().map(|(path, text)| (PathBuf::from(path), (*text).to_owned())).collect()
    }

    #[test]
    fn what_a_dictionary_holds_is_said_once() {
        let bare =
            "    def __new__(cls, /, a: dict, **choices) -> tuple[Any, tuple[dict]]: ...\n    a dict: text\n";
        let whole = "    def __new__(cls, /, a: dict[str, Any], **choices: Any) -> tuple[Any, tuple[dict[str, Any]]]: ...\n    a dict: text\n";
        assert_eq!((completed(bare).as_str(), completed(whole).as_str()), (whole, whole));
    }

    #[test]
    fn stubs_must_agree_byte_by_byte() {
        let one = files(&[("a.pyi", "x\n"), ("b.pyi", "y\n")]);
        assert_eq!(first_difference(&one, &one), None);
        assert_eq!(first_difference(&one, &files(&[("a.pyi", "x\n"), ("b.pyi", "y")])), Some("b.pyi".into()));
        assert_eq!(first_difference(&one, &files(&[("a.pyi", "x\n")])), Some("b.pyi".into()));
        assert_eq!(first_difference(&files(&[]), &one), Some("a.pyi".into()));
    }
}
