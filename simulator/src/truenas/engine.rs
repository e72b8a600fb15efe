//! The engine that runs a task where there is no rclone: the same objects, made by rclone-crypt.
//!
//! It keeps no bandwidth limit and knows one extra argument, `--max-delete`. A proof of recoverability against what
//! it wrote is not independent of the code that is proven.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Instant, UNIX_EPOCH};

use rclone_crypt::{
    DirectoryNames, Encryptor, Keys, NameEncoding, NameEncryption, Names, Nonce, b2_name, decrypt_all,
    encrypted_len,
};

use super::b2_access::B2Access;
use super::derived::Derived;
use super::filters::Filters;
use super::jobs::Job;
use super::nas::Nas;
use super::plan::{Mode, Plan};

/// A file to be backed up.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Source {
    path: PathBuf,
    /// Its path below the task's, with `/` between its parts.
    name: String,
    size: u64,
    /// When it was last changed, in milliseconds since the epoch.
    changed: i64,
}

/// How contents and names are written.
#[derive(Debug)]
pub(super) struct Crypt {
    keys: Arc<Keys>,
    names: Names,
}

/// Runs a task; the error is what rclone's log would end with.
pub(super) async fn run(nas: &Arc<Nas>, job: &Job, plan: &Plan) -> Result<(), String> {
    if plan.mode() == Mode::Move {
        return Err("this engine does not move files".to_owned());
    }
    let most_deletions = most_deletions(&plan.arguments())?;
    let filters = Filters::parse(&plan.filter_lines(nas.release))?;
    let crypt = crypt_of(nas, plan).await?;
    let mut sources = Vec::new();
    walk(&plan.source, "", plan.is("follow_symlinks"), &mut sources)?;
    let b2 = B2Access::authorize(&nas.b2_url, &plan.account, &plan.key).await.map_err(|e| e.to_string())?;
    let bucket = b2.bucket(plan.bucket()).await.map_err(|e| e.to_string())?;
    let prefix = if plan.folder().is_empty() { String::new() } else { format!("{}/", plan.folder()) };
    let listed = b2.list(&bucket, &prefix).await.map_err(|e| e.to_string())?;
    let mut there: BTreeMap<String, _> = listed.into_iter().map(|file| (file.name.clone(), file)).collect();

    let mut wanted = Vec::new();
    let mut checks = 0_u64;
    for source in sources.into_iter().filter(|source| filters.copies(&source.name)) {
        let name = stored_name(crypt.as_ref(), &prefix, &source.name)?;
        let size = crypt.as_ref().map_or(source.size, |_| encrypted_len(source.size));
        let same = there.remove(&name).is_some_and(|file| {
            checks += 1;
            file.size == size && file.changed == Some(source.changed)
        });
        if !same {
            wanted.push((source, name));
        }
    }
    // What is left there has no source; what the filters exclude is left alone.
    let gone: Vec<String> = there
        .into_keys()
        .filter(|name| {
            plan.mode() == Mode::Sync && filters.copies(&plain_name(crypt.as_ref(), &prefix, name))
        })
        .collect();
    if most_deletions.is_some_and(|most| gone.len() > most) {
        return Err(
            "Fatal error received - not attempting retries: --max-delete threshold reached".to_owned()
        );
    }
    if plan.is_dry {
        return Ok(());
    }
    let crypt = crypt.map(Arc::new);
    upload(job, &b2, &bucket, wanted, crypt.as_ref(), checks).await?;
    for name in gone {
        b2.hide(&bucket, &name).await.map_err(|e| e.to_string())?;
    }
    Ok(())
}

async fn upload(
    job: &Job,
    b2: &B2Access,
    bucket: &str,
    wanted: Vec<(Source, String)>,
    crypt: Option<&Arc<Crypt>>,
    checks: u64,
) -> Result<(), String> {
    let total: u64 = wanted.iter().map(|(source, _)| source.size).sum();
    let mut done = 0;
    let started = Instant::now();
    if wanted.is_empty() {
        return Ok(());
    }
    let place = b2.upload_place(bucket).await.map_err(|e| e.to_string())?;
    for (source, name) in wanted {
        let size = source.size;
        let changed = source.changed;
        let crypt = crypt.cloned();
        let body = in_background(move || contents(&source.path, crypt.as_deref())).await?;
        place.upload(&name, changed, body).await.map_err(|e| e.to_string())?;
        done += size;
        let percent = (done * 100).checked_div(total).unwrap_or(100);
        let speed = done * 1_000 / u64::try_from(started.elapsed().as_millis()).unwrap_or(1).max(1);
        let left = (total - done) / speed.max(1);
        let text = format!(
            "{} / {}, {percent}%, {}/s, ETA {left}s, checks: {checks} / {checks}",
            size_suffix(done),
            size_suffix(total),
            size_suffix(speed)
        );
        job.progress(percent, &text);
    }
    Ok(())
}

/// Runs what keeps a processor busy where it does not hold up the sockets.
async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    tokio::task::spawn_blocking(work).await.map_err(|e| e.to_string())?
}

/// How a task's contents and names are written; none where they are not encrypted.
pub(super) async fn crypt_of(nas: &Arc<Nas>, plan: &Plan) -> Result<Option<Crypt>, String> {
    let (nas, plan) = (Arc::clone(nas), plan.clone());
    in_background(move || crypt(&nas.derived, &plan)).await
}

impl Crypt {
    /// What an encrypted name stands for.
    pub(super) fn plain(&self, name: &str) -> Option<String> {
        self.names.decode(&String::from_utf8_lossy(&b2_name::decode(name))).ok()
    }
}

/// The content behind what is stored.
pub(super) async fn opened(stored: Vec<u8>, crypt: Option<Arc<Crypt>>) -> Result<Vec<u8>, String> {
    match crypt {
        Some(crypt) => {
            in_background(move || decrypt_all(&crypt.keys, &stored).map_err(|e| e.to_string())).await
        }
        None => Ok(stored),
    }
}

fn crypt(derived: &Derived, plan: &Plan) -> Result<Option<Crypt>, String> {
    if !plan.is("encryption") {
        return Ok(None);
    }
    let keys = derived.keys(plan.text("encryption_password"), plan.text("encryption_salt"))?;
    let names = if plan.is("filename_encryption") {
        let standard = NameEncryption::Standard(NameEncoding::Base32);
        Names::new(&keys, standard, DirectoryNames::Encrypted)
    } else {
        Names::off()
    };
    Ok(Some(Crypt { keys, names }))
}

fn stored_name(crypt: Option<&Crypt>, prefix: &str, name: &str) -> Result<String, String> {
    let stored = match crypt {
        Some(crypt) => crypt.names.encode(name).map_err(|e| e.to_string())?,
        None => name.to_owned(),
    };
    Ok(format!("{prefix}{}", b2_name::encode(stored.as_bytes())))
}

/// The path behind an object; of an object that is not ours, its own name.
pub(super) fn plain_name(crypt: Option<&Crypt>, prefix: &str, object: &str) -> String {
    let below = object.strip_prefix(prefix).unwrap_or(object);
    let stored = String::from_utf8_lossy(&b2_name::decode(below)).into_owned();
    match crypt {
        Some(crypt) => crypt.names.decode(&stored).unwrap_or(stored),
        None => stored,
    }
}

fn contents(path: &Path, crypt: Option<&Crypt>) -> Result<Vec<u8>, String> {
    let failed = |e: std::io::Error| format!("failed to open source object: {e}");
    let mut file = fs::File::open(path).map_err(failed)?;
    let mut body = Vec::new();
    let Some(crypt) = crypt else {
        file.read_to_end(&mut body).map_err(failed)?;
        return Ok(body);
    };
    let nonce = Nonce::random().map_err(|e| e.to_string())?;
    let mut encryptor = Encryptor::new(&crypt.keys, nonce, file);
    while let Some(chunk) = encryptor.next_chunk().map_err(|e| e.to_string())? {
        body.extend_from_slice(chunk);
    }
    Ok(body)
}

/// Finds every file below a directory. Links are skipped unless they are to be followed.
fn walk(dir: &Path, below: &str, follows_links: bool, found: &mut Vec<Source>) -> Result<(), String> {
    let failed = |e: std::io::Error| format!("error reading source directory {below:?}: {e}");
    let mut entries = fs::read_dir(dir).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name =
            entry.file_name().into_string().map_err(|name| format!("{} is not UTF-8", name.display()))?;
        let name = if below.is_empty() { name } else { format!("{below}/{name}") };
        let kind = if follows_links { fs::metadata(&path) } else { fs::symlink_metadata(&path) };
        let kind = kind.map_err(failed)?;
        if kind.is_dir() {
            walk(&path, &name, follows_links, found)?;
        } else if kind.is_file() {
            let age = kind.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            let changed = age.and_then(|age| i64::try_from(age.as_millis()).ok()).unwrap_or_default();
            found.push(Source { path, name, size: kind.len(), changed });
        }
    }
    Ok(())
}

fn most_deletions(arguments: &[String]) -> Result<Option<usize>, String> {
    let text: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse().map_err(|_| format!("invalid argument {text:?}"));
    match text.as_slice() {
        [] => Ok(None),
        ["--max-delete", most] => number(most).map(Some),
        [one] if one.starts_with("--max-delete=") => number(&one["--max-delete=".len()..]).map(Some),
        _ => Err(format!("this engine does not know the arguments {text:?}")),
    }
}

/// A number of bytes as rclone writes it.
fn size_suffix(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "for display")]
    let mut size = bytes as f64;
    let mut units = ["B", "KiB", "MiB", "GiB"].into_iter();
    let mut unit = units.next().unwrap_or_default();
    for larger in units {
        if size < 1_024.0 {
            break;
        }
        size /= 1_024.0;
        unit = larger;
    }
    if unit == "B" { format!("{bytes} B") } else { format!("{size:.3} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_in_rclone_s_statistics() {
        let sizes = [0, 1_023, 1_024, 30 << 20, 5 << 30].map(size_suffix);
        assert_eq!(sizes, ["0 B", "1023 B", "1.000 KiB", "30.000 MiB", "5.000 GiB"]);
    }

    #[test]
    fn deletions_are_limited_by_the_one_argument_known() {
        let arguments =
            |words: &[&str]| most_deletions(&words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>());
        assert_eq!(arguments(&[]), Ok(None));
        assert_eq!(arguments(&["--max-delete", "5"]), Ok(Some(5)));
        assert_eq!(arguments(&["--max-delete=0"]), Ok(Some(0)));
        assert!(arguments(&["--max-delete", "x"]).is_err());
        assert!(arguments(&["--b2-hard-delete"]).is_err());
    }
}
