//! A source, a job file, and where a copy goes; a real sshd on loopback; and the real programs.

use std::cell::RefCell;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, UNIX_EPOCH};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Said, dtc};

pub(super) const PASSWORD: &str = "p%K2{!rM x:Tq9?c^Zs8<w@L&3n*vB#f";
pub(super) const SALT: &str = "battery staple";
/// Set, it makes a missing rsync or sshd a failure and not a reason to skip.
const REQUIRED: &str = "DTC_REQUIRE_RSYNC";

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into()]);
    folders.map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// Whether there is an rsync, which must be there if the tests were told so.
pub(super) fn has_rsync() -> bool {
    let found = on_path("rsync").is_some();
    assert!(found || std::env::var_os(REQUIRED).is_none(), "apt-get install -y rsync openssh-server");
    found
}

/// The newest rclone, if the environment names one.
pub(super) fn rclone() -> Option<String> {
    let named = std::env::var("DTC_RCLONE_1_75_2").ok();
    assert!(
        named.is_some() || std::env::var_os("DTC_REQUIRE_RCLONE").is_none(),
        "DTC_RCLONE_1_75_2 must name an rclone"
    );
    named
}

/// Our own engine, and every rclone that the environment names, by its program.
pub(super) fn engines() -> Vec<String> {
    let rclones = ["DTC_RCLONE_1_75_2", "DTC_RCLONE_1_70_2", "DTC_RCLONE_1_65_2"];
    let named = rclones.iter().filter_map(|name| std::env::var(name).ok());
    std::iter::once("own".to_owned()).chain(named).collect()
}

/// A job, and its folders.
pub(super) struct Bed {
    folder: TempDir,
    /// Where the server keeps what is carried to it.
    server: RefCell<PathBuf>,
}

impl Bed {
    /// A source of six files, and a job for this engine: `own`, or an rclone's path.
    pub(super) fn new(engine: &str, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = RefCell::new(folder.path().join("server"));
        let bed = Self { folder, server };
        let content = |len: u32| (0..len).map(|i| (i % 251).to_le_bytes()[0]).collect::<Vec<u8>>();
        for (path, len) in [
            ("a.txt", 5),
            ("A.TXT", 6),
            ("deep/er/empty", 0),
            ("deep/über.dat", 200_000),
            ("x.bin", 65_536),
            // As long as a name can be that stays below 255 bytes when it is encrypted.
            (&*format!("long/{}", "n".repeat(143)), 7),
        ] {
            bed.write(&format!("source/{path}"), &content(len));
        }
        bed.write_job(engine, more);
        bed
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn set_server(&self, path: PathBuf) {
        *self.server.borrow_mut() = path;
    }

    pub(super) fn server(&self) -> PathBuf {
        self.server.borrow().clone()
    }

    /// Writes a file with a time of its own: tests do not wait until another second has begun.
    pub(super) fn write(&self, path: &str, content: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        let at = UNIX_EPOCH + Duration::from_secs(1_600_000_000 + content.len() as u64);
        fs::File::options().write(true).open(&path).unwrap().set_modified(at).unwrap();
    }

    pub(super) fn write_secret(&self, path: &str, content: &str) {
        self.write(path, content.as_bytes());
        fs::set_permissions(self.path(path), fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// A script that stands for a program.
    pub(super) fn script(&self, name: &str, lines: &str) -> String {
        self.write(name, format!("#!/bin/sh\n{lines}\n").as_bytes());
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o755)).unwrap();
        self.path(name).display().to_string()
    }

    pub(super) fn write_job(&self, engine: &str, more: &str) {
        let engine = match engine {
            "own" => "engine = \"own\"\n".to_owned(),
            rclone => format!("programs.rclone = {rclone:?}\n"),
        };
        let more = self.placed(more);
        let job = format!(
            "name = \"Documents\"\nsource = \"source\"\ncatalogue = \"catalogue\"\n{engine}{more}\
             [crypt]\npassword = \"env:TEST_PASSWORD\"\nsalt = \"env:TEST_SALT\"\n"
        );
        self.write("documents.toml", job.as_bytes());
    }

    /// The same text with the folder `server` by its whole path, as a job wants it.
    pub(super) fn placed(&self, text: &str) -> String {
        text.replace("to = \"server\"", &format!("to = {:?}", self.path("server").to_string_lossy()))
    }

    /// `dtc copy` with this job, here.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = dtc(self.folder.path());
        command.env("TEST_PASSWORD", PASSWORD).env("TEST_SALT", SALT).env_remove("RCLONE_CONFIG_PASS");
        command.arg("copy").args(arguments).args(["--job", "documents.toml"]);
        command
    }

    /// What it says, in which no secret stands.
    pub(super) fn said(&self, arguments: &[&str]) -> Said {
        let said = Said::by(&mut self.command(arguments));
        let log = fs::read_to_string(self.path("documents.log")).unwrap_or_default();
        for secret in [PASSWORD, SALT] {
            assert!(![&said.out, &said.err, &log].iter().any(|text| text.contains(secret)), "{said:?}");
        }
        said
    }

    /// An rclone with the job's remote as `e:`.
    pub(super) fn rclone(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let (password, salt) =
            (rclone_crypt::obscure(PASSWORD).unwrap(), rclone_crypt::obscure(SALT).unwrap());
        command
            .args(["--config", "/dev/null"])
            .env("RCLONE_CONFIG_E_TYPE", "crypt")
            .env("RCLONE_CONFIG_E_REMOTE", self.path("catalogue"))
            .env("RCLONE_CONFIG_E_PASSWORD", password.expose())
            .env("RCLONE_CONFIG_E_PASSWORD2", salt.expose());
        command
    }

    /// How many files stand in a folder.
    pub(super) fn files(&self, folder: &str) -> usize {
        tree(&self.path(folder)).len()
    }

    /// Dry, for real, nothing left to do, checked, lost and fetched again.
    pub(super) fn round_trip(&self) {
        let server = self.server();
        let planned = self.said(&["plan", "--json"]).ended(0).json();
        assert_eq!(
            (planned["changed"].as_array().unwrap().len(), &planned["tried"]),
            (6, &json!(0)),
            "{planned}"
        );
        let dry = self.said(&["run", "--dry-run", "--json"]).ended(0).json();
        assert_eq!((&dry["encryption"]["written"], &dry["transfer"]), (&json!(6), &Value::Null), "{dry}");
        assert!(
            !self.path("catalogue").exists() && !self.path("documents.log").exists(),
            "a dry run has written"
        );
        let ran = self.said(&["run", "--json"]).ended(0).json();
        assert_eq!(
            (&ran["encryption"]["written"], &ran["transfer"]["files"]),
            (&json!(6), &json!(6)),
            "{ran}"
        );
        assert_eq!(tree(&self.path("catalogue")), tree(&server));
        let log = fs::read_to_string(self.path("documents.log")).unwrap();
        assert!(log.contains("Z rsync: <f+++++++++|") || log.contains("Z rsync: >f+++++++++|"), "{log}");
        let again = self.said(&["run", "--json"]).ended(0).json();
        assert_eq!(
            (&again["encryption"]["written"], &again["transfer"]["files"]),
            (&json!(0), &json!(0)),
            "{again}"
        );
        self.said(&["check"]).ended(0);
        assert!(!self.path("catalogue.scratch").exists());
        // The server lags behind.
        let first = tree(&server).into_iter().next().unwrap().0;
        fs::remove_file(server.join(&first)).unwrap();
        let behind = self.said(&["check", "--json"]).ended(2).json();
        assert_eq!(
            (&behind["destination"]["missing"], &behind["passed"]),
            (&json!([first]), &json!(true)),
            "{behind}"
        );
        self.said(&["run"]).ended(0);
        // The local catalogue is lost.
        let held = tree(&self.path("catalogue"));
        fs::remove_dir_all(self.path("catalogue")).unwrap();
        let would = self.said(&["restore", "--to", "restored", "--dry-run", "--json"]).ended(0).json();
        assert_eq!((&would["fetched"]["files"], &would["dry_run"]), (&json!(6), &json!(true)), "{would}");
        assert!(!self.path("catalogue").exists() && !self.path("catalogue.fetching").exists());
        let back = self.said(&["restore", "--to", "restored", "--json"]).ended(0).json();
        assert_eq!((&back["restored"], &back["fetched"]["files"]), (&json!(6), &json!(6)), "{back}");
        assert_eq!(tree(&self.path("restored")), tree(&self.path("source")));
        assert_eq!(tree(&self.path("catalogue")), held);
        let here = self.said(&["restore", "--to", "restored", "--dry-run", "--json"]).ended(0).json();
        assert_eq!((&here["files"], &here["fetched"]), (&json!(6), &Value::Null));
        assert_eq!(self.said(&["run", "--json"]).ended(0).json()["encryption"]["written"], 0);
    }
}

/// How long the longest file below a folder is.
pub(super) fn longest(folder: &Path) -> u64 {
    let lengths = fs::read_dir(folder).into_iter().flatten().flatten().filter_map(|entry| {
        let found = entry.metadata().ok()?;
        Some(if found.is_dir() { longest(&entry.path()) } else { found.len() })
    });
    lengths.max().unwrap_or_default()
}

/// Every file below a folder, with its content, by its path.
pub(super) fn tree(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(&at).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                let path = entry.path().strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.push((path, fs::read(entry.path()).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// An sshd on loopback, which lets one key in.
pub(super) struct Sshd {
    folder: TempDir,
    child: Child,
    pub(super) port: u16,
    pub(super) host_key: String,
}

impl Sshd {
    /// Starts one; `None` where there is no sshd.
    pub(super) fn start() -> Option<Self> {
        let sshd = on_path("sshd");
        assert!(
            sshd.is_some() || std::env::var_os(REQUIRED).is_none(),
            "apt-get install -y rsync openssh-server"
        );
        let sshd = sshd.filter(|_| has_rsync())?;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["host", "mine"] {
            let made = Command::new("ssh-keygen")
                .args(["-q", "-t", "ed25519", "-N", "", "-f"])
                .arg(at(name))
                .status();
            assert!(made.unwrap().success());
        }
        fs::copy(at("mine.pub"), at("authorized")).unwrap();
        // The port is free again when sshd takes it; somebody else may be quicker, and then it ends.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\nStrictModes no\n\
             PasswordAuthentication no\nKbdInteractiveAuthentication no\nUsePAM no\nPermitRootLogin prohibit-password\n",
            at("host").display(),
            at("authorized").display()
        );
        fs::write(at("config"), config).unwrap();
        // Debian's keeps its empty folder there only while its service runs.
        let _ = fs::create_dir_all("/run/sshd");
        let child =
            Command::new(sshd).arg("-D").arg("-f").arg(at("config")).stderr(Stdio::null()).spawn().unwrap();
        let host_key = fs::read_to_string(at("host.pub")).unwrap();
        let host_key = host_key.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
        let mut server = Self { folder, child, port, host_key };
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(server.child.try_wait().unwrap().is_none(), "sshd has ended");
            std::thread::yield_now();
        }
        Some(server)
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The lines of a job that is carried into this folder of it.
    pub(super) fn job(&self, folder: &str) -> String {
        let user =
            std::env::var("USER").ok().filter(|user| !user.is_empty()).unwrap_or_else(|| "root".to_owned());
        format!(
            "to = \"{user}@127.0.0.1:{}\"\nhost_key = {:?}\nport = {}\nidentity = {:?}\nbandwidth_mbit = 800\n",
            self.path(folder).display(),
            self.host_key,
            self.port,
            self.path("mine").to_string_lossy()
        )
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
