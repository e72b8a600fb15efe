//! The real rclone against the simulated B2. `SIMULATOR_RCLONES` names the programs to try, as `PATH` names folders;
//! without it there is nothing to try.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tokio::process::Command;

use super::{Account, text};

const NEEDED: [&str; 4] = ["listBuckets", "listFiles", "readFiles", "writeFiles"];

/// A remote of one rclone: `b2:` with a key, and `crypt:` over a bucket of it.
struct Remote {
    program: PathBuf,
    variables: Vec<(String, String)>,
}

impl Remote {
    fn new(program: &Path, url: &str, key: &Value, bucket: &str) -> Self {
        let variables = [
            ("RCLONE_CONFIG", "/dev/null".to_owned()),
            ("RCLONE_RETRIES", "1".to_owned()),
            ("RCLONE_LOW_LEVEL_RETRIES", "1".to_owned()),
            ("RCLONE_CONFIG_B2_TYPE", "b2".to_owned()),
            ("RCLONE_CONFIG_B2_ACCOUNT", text(&key["applicationKeyId"])),
            ("RCLONE_CONFIG_B2_KEY", text(&key["applicationKey"])),
            ("RCLONE_CONFIG_B2_ENDPOINT", url.to_owned()),
            ("RCLONE_CONFIG_CRYPT_TYPE", "crypt".to_owned()),
            ("RCLONE_CONFIG_CRYPT_REMOTE", format!("b2:{bucket}/crypt")),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value)).to_vec();
        Self { program: program.to_owned(), variables }
    }

    async fn run(&self, arguments: &[&str]) -> Result<String, String> {
        let mut command = Command::new(&self.program);
        let output = command.args(arguments).envs(self.variables.clone()).output().await.unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() { Ok(String::from_utf8(output.stdout).unwrap()) } else { Err(error) }
    }

    async fn ok(&self, arguments: &[&str]) -> String {
        let outcome = self.run(arguments).await;
        assert!(outcome.is_ok(), "{} {arguments:?}: {outcome:?}", self.program.display());
        outcome.unwrap()
    }
}

fn programs() -> Vec<PathBuf> {
    std::env::var_os("SIMULATOR_RCLONES")
        .map(|list| std::env::split_paths(&list).collect())
        .unwrap_or_default()
}

/// A folder with what makes names and sizes hard.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, data: &[u8]| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, data).unwrap();
    };
    put("Archive/empty", b"");
    put("archive/a b+c%20;'(1).txt", b"names");
    put("Ünï/ço.de", &vec![7; 70_000]);
    put("large", &(0..12_000_000_u32).map(|i| i.to_le_bytes()[1]).collect::<Vec<_>>());
    for number in 0..20 {
        put(&format!("many/{number}"), format!("{number}").as_bytes());
    }
    folder
}

#[tokio::test]
async fn rclone_copies_checks_and_syncs_with_the_least_of_keys() {
    for program in programs() {
        let (sim, account) = Account::open().await;
        let id = account.bucket("for-rclone").await;
        let key = account.key(3, &id, &NEEDED).await;
        let mut remote = Remote::new(&program, &sim.addresses().b2.url, &key, "for-rclone");
        let password = remote.ok(&["obscure", "secret"]).await.trim().to_owned();
        remote.variables.push(("RCLONE_CONFIG_CRYPT_PASSWORD".to_owned(), password));
        let folder = folder();
        let here = folder.path().to_str().unwrap();
        let parts = ["--b2-chunk-size", "5M", "--b2-upload-cutoff", "6M"];
        for there in ["b2:for-rclone/plain", "crypt:"] {
            remote.ok(&[&["copy", here, there], &parts[..]].concat()).await;
            remote.ok(&["check", here, there, "--download"]).await;
        }
        remote.ok(&["cryptcheck", here, "crypt:"]).await;
        remote.ok(&["copy", here, "b2:for-rclone/single", "--b2-chunk-size", "96M"]).await;
        std::fs::remove_dir_all(folder.path().join("many")).unwrap();
        std::fs::write(folder.path().join("Archive/empty"), "no more").unwrap();
        for there in ["b2:for-rclone/plain", "crypt:"] {
            remote.ok(&[&["sync", here, there], &parts[..]].concat()).await;
            remote.ok(&["check", here, there, "--download"]).await;
        }
        let sums = remote.ok(&["sha1sum", "b2:for-rclone/plain"]).await;
        assert_eq!(sums.lines().count(), 4);
        let large = sums.lines().find(|line| line.ends_with("  large")).unwrap();
        assert_eq!(large.split_once(' ').unwrap().0.len(), 40);
        let hidden = sim.b2().versions("for-rclone").iter().filter(|file| file["action"] == "hide").count();
        assert_eq!(hidden, 40);
        assert_eq!(sim.faults().requests(), 2 + 1);
    }
}

#[tokio::test]
async fn rclone_before_1_73_is_refused_with_a_restricted_key_of_version_4() {
    for program in programs() {
        let (sim, account) = Account::open().await;
        let id = account.bucket("two-worlds").await;
        let key = account.key(4, &id, &NEEDED).await;
        let remote = Remote::new(&program, &sim.addresses().b2.url, &key, "two-worlds");
        let version = remote.ok(&["version"]).await;
        let minor: u32 = version.split('.').nth(1).unwrap().parse().unwrap();
        let listed = remote.run(&["lsf", "b2:two-worlds"]).await;
        assert_eq!(listed.is_ok(), minor >= 73, "{version}: {listed:?}");
    }
}
