//! The SSH service.

use std::collections::BTreeMap;

use pyo3::prelude::*;
use truenas_client::Client as Nas;
use truenas_client::ssh as there;

use super::failure::Failure;
use super::keychain::HostKey;
use super::shown::{Shown, found, with};
use crate::held::Held;
use crate::twins::twins;
use crate::values::value_class;

found! {
    /// The SSH service's settings. Private host keys, which some releases send along, are not read.
    SshConfig of there::SshConfig {
        /// The port that it listens at.
        tcpport: u16,
        /// The interfaces that it listens on; empty means all.
        bindiface: Vec<String>,
        /// Whether users may log in with their passwords.
        passwordauth: bool,
        /// The groups whose members may log in with their passwords all the same; none on CORE.
        password_login_groups: Vec<String>,
        /// Whether root may log in with a password: on CORE, the only release that has this.
        rootlogin: Option<bool> = None,
        /// Whether users may log in by Kerberos.
        kerberosauth: bool,
        /// Whether users may forward ports.
        tcpfwd: bool,
        /// Whether connections are compressed.
        compression: bool,
        /// How much SFTP logs, by sshd's name of it; empty means sshd's default.
        sftp_log_level: String,
        /// Under what SFTP logs, by syslog's name of it; empty means sshd's default.
        sftp_log_facility: String,
        /// The weak ciphers that are allowed all the same.
        weak_ciphers: Vec<String>,
        /// Further lines of sshd's configuration.
        options: String,
        /// The RSA host key.
        rsa_host_key: Option<HostKey> = None,
        /// The ECDSA host key.
        ecdsa_host_key: Option<HostKey> = None,
        /// The Ed25519 host key.
        ed25519_host_key: Option<HostKey> = None,
    }

    /// The host keys that it has.
    fn host_keys(&self) -> Vec<HostKey> {
        [&self.rsa_host_key, &self.ecdsa_host_key, &self.ed25519_host_key].into_iter().flatten().cloned().collect()
    }
}

value_class! {
    in "dtc.truenas";
    /// What to change about the SSH service.
    UpdateSsh {
        /// The port that it listens at.
        tcpport: Option<u16> = None,
        /// The interfaces that it listens on; none means all.
        bindiface: Option<Vec<String>> = None,
        /// Whether users may log in with their passwords.
        passwordauth: Option<bool> = None,
        /// The groups whose members may log in with their passwords all the same.
        password_login_groups: Option<Vec<String>> = None,
        /// Whether users may log in by Kerberos.
        kerberosauth: Option<bool> = None,
        /// Whether users may forward ports.
        tcpfwd: Option<bool> = None,
        /// Whether connections are compressed.
        compression: Option<bool> = None,
        /// How much SFTP logs, such as ``INFO``; empty means sshd's default.
        sftp_log_level: Option<String> = None,
        /// Under what SFTP logs, such as ``AUTH``; empty means sshd's default.
        sftp_log_facility: Option<String> = None,
        /// The weak ciphers that are allowed all the same: ``AES128-CBC``, ``NONE``.
        weak_ciphers: Option<Vec<String>> = None,
        /// Further lines of sshd's configuration, all of them.
        options: Option<String> = None,
    }
}

impl UpdateSsh {
    pub(crate) fn given(&self) -> PyResult<there::UpdateSsh> {
        let request = there::UpdateSsh::new();
        let request = with! { request, self;
            tcpport as it => tcpport(*it),
            bindiface as it => bindiface(it),
            passwordauth as it => passwordauth((*it).into()),
            password_login_groups as it => password_login_groups(it),
            kerberosauth as it => kerberosauth((*it).into()),
            tcpfwd as it => tcpfwd((*it).into()),
            compression as it => compression((*it).into()),
            sftp_log_level as it => sftp_log_level(it),
            sftp_log_facility as it => sftp_log_facility(it),
            weak_ciphers as it => weak_ciphers(it),
            options as it => options(it),
        };
        Ok(request)
    }
}

twins! {
    /// The SSH service.
    "Ssh" in "dtc.truenas" and "dtc.truenas.aio", Failure: Ssh / AioSsh(Held<Nas>) {
        both {}
        blocking {}
        asyncio {}

        /// The settings as they are.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "ssh.config"
        fn config() -> SshConfig = |nas| {
            Ok(nas.ssh().config().await?.shown())
        }

        /// Changes settings. A service that runs reads them anew.
        ///
        /// Errors by their ``kind``: ``invalid_request`` for port 0; ``unsupported`` on CORE for groups; ``outcome_unknown`` when the answer is lost
        /// (doing it again is harmless); ``validation``, ``unauthorized``.
        #[pyo3(signature = (changes, *, timeout = None))]
        Write "ssh.update"
        fn update(changes: UpdateSsh) -> SshConfig = |nas| {
            Ok(nas.ssh().update(&changes.given()?).await?.shown())
        }

        /// The interfaces that the service can be bound to, by name, with what they are called.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "ssh.bindiface_choices"
        fn interface_choices() -> BTreeMap<String, String> = |nas| {
            Ok(nas.ssh().interface_choices().await?.shown())
        }
    }
}
