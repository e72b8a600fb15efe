//! The wheel for Linux, built and checked: which C library it needs at least.

use crate::failure::Failure;
use crate::python::{TOOLS, Venv, WHEEL_TOOLS};
use crate::workspace::{root, target};
use std::path::{Path, PathBuf};

const REMEDY: &str = "run the chore on Linux x86_64 with glibc; other platforms' wheels are built by .github/workflows/wheels.yml";

/// Builds the wheel under `target/wheels` with the profile of releases, and says what it needs.
pub(crate) fn build(venv: &Venv) -> Result<(), Failure> {
    venv.install(&TOOLS)?;
    venv.install(&WHEEL_TOOLS)?;
    let out = target().join("wheels");
    if let Err(error) = std::fs::remove_dir_all(&out)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        return Err(Failure::new(format!("{}: {error}", out.display()), "make it writable"));
    }
    venv.program("maturin")
        .args(["build", "--profile", "dist", "--locked", "--manifest-path"])
        .args([&root().join("py-bindings").join("Cargo.toml")])
        .args(["--out"])
        .args([&out])
        .env("CARGO_TARGET_DIR", target())
        .run()?;
    let wheel = only_wheel(&out)?;
    let name = wheel.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    let wanted =
        floor(&name).ok_or_else(|| Failure::new(format!("{name} is no abi3 wheel for glibc"), REMEDY))?;
    let said = venv.program("python").args(["-m", "auditwheel", "show"]).args([&wheel]).output();
    let said = said.ok_or_else(|| Failure::new(format!("auditwheel cannot read {name}"), REMEDY))?;
    let found = consistent(&said)
        .ok_or_else(|| Failure::new(format!("auditwheel names no policy for {name}: {said}"), REMEDY))?;
    if found > wanted {
        let what = format!("{name} says glibc {}.{}, and needs {}.{}", wanted.0, wanted.1, found.0, found.1);
        return Err(Failure::new(what, REMEDY));
    }
    println!("{}\nCPython 3.10 and later, glibc {}.{} and later", wheel.display(), wanted.0, wanted.1);
    Ok(())
}

fn only_wheel(folder: &Path) -> Result<PathBuf, Failure> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut wheels = files.filter(|path| path.extension().is_some_and(|extension| extension == "whl"));
    match (wheels.next(), wheels.next()) {
        (Some(wheel), None) => Ok(wheel),
        _ => Err(Failure::new(format!("not one wheel in {}", folder.display()), REMEDY)),
    }
}

/// The glibc that a wheel's name says it needs, of one that every `CPython` from 3.10 on can load.
fn floor(name: &str) -> Option<(u32, u32)> {
    let (_, tags) = name.strip_suffix(".whl")?.split_once("-cp310-abi3-")?;
    tags.split('.').filter_map(glibc).min()
}

/// The glibc of a platform's tag: `manylinux_2_34_x86_64`.
fn glibc(tag: &str) -> Option<(u32, u32)> {
    let (major, rest) = tag.strip_prefix("manylinux_")?.split_once('_')?;
    let minor = rest.split('_').next()?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// The glibc that auditwheel says the wheel is consistent with.
fn consistent(said: &str) -> Option<(u32, u32)> {
    let mut words = said.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words.find_map(glibc)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wheel_says_which_glibc_it_needs() {
        let name = "dtc_backup-0.1.0-cp310-abi3-manylinux_2_34_x86_64.whl";
        assert_eq!(floor(name), Some((2, 34)));
        assert_eq!(floor("a-1-cp310-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"), Some((2, 17)));
        for other in ["a-1-cp311-cp311-manylinux_2_34_x86_64.whl", "a-1-cp310-abi3-linux_x86_64.whl", "a.zip"]
        {
            assert_eq!(floor(other), None, "{other}");
        }
    }

    #[test]
    fn auditwheel_names_the_policy_that_the_wheel_is_consistent_with() {
        let said = "x.whl\nis consistent with the following platform tag: \"manylinux_2_34_x86_64\".\n\nThis constrains …\n\"manylinux_2_17_x86_64\"";
        assert_eq!(consistent(said), Some((2, 34)));
        assert_eq!(consistent("x.whl is consistent with \"linux_x86_64\""), None);
    }
}
