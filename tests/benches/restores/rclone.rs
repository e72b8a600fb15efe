//! The program that we are measured beside.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rclone_crypt::obscure;

use crate::Row;
use crate::service::{Address, BUCKET, GUID, PASSWORD, SALT};

/// An rclone with a crypt remote for each pool.
pub(crate) struct Rclone {
    program: PathBuf,
    config: PathBuf,
}

impl Rclone {
    pub(crate) fn new(folder: &Path, address: &Address) -> Self {
        let program =
            std::env::var_os("DTC_RCLONE_1_75_2").unwrap_or_else(|| panic!("DTC_RCLONE_1_75_2 is not set"));
        let config = folder.join("rclone.conf");
        let Address { url, key_id, key } = address;
        let [password, salt] = [PASSWORD, SALT].map(|text| obscure(text).unwrap().expose().to_owned());
        let store = format!("[store]\ntype = b2\naccount = {key_id}\nkey = {key}\nendpoint = {url}\n");
        let remotes = Row::ALL.map(|row| {
            format!(
                "[{0}]\ntype = crypt\nremote = store:{BUCKET}/{GUID}/{0}\nfilename_encryption = off\n\
                 password = {password}\npassword2 = {salt}\n",
                row.name()
            )
        });
        fs::write(&config, store + &remotes.concat()).unwrap();
        Self { program: program.into(), config }
    }

    /// What brings a row back. As many files at a time as we fetch; everything else as it is by default.
    pub(crate) fn command(&self, row: Row, down: &Path) -> Command {
        let remote = format!("{}:", row.name());
        let mut command = Command::new(&self.program);
        command.arg("--config").arg(&self.config).env("NO_PROXY", "127.0.0.1").env("no_proxy", "127.0.0.1");
        match row {
            Row::Large | Row::Small => command.args(["copy", "--transfers", "8", &remote]).arg(down),
            Row::Listing => {
                let at = jiff::Timestamp::now().to_string();
                command.args(["lsf", "-R", "--files-only", "--b2-version-at", &at, &remote])
            }
        };
        command
    }
}
