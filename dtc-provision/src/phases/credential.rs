//! The cloud credential on the appliance (C1).

use serde::{Deserialize, Serialize};

use super::key::KeyPhase;
use super::{Run, Step, StepKind};
use crate::error::{Error, Refusal};
use crate::facts::{Agreement, Known};
use crate::ids::CredentialId;
use crate::ports::{CredentialSpec, CredentialVerdict, Ports};
use crate::proofs::{Bound, Escrowed};
use crate::secret::ApplicationKey;

/// How often a key that was just minted is tried before it counts as refused: new keys take seconds to be known
/// everywhere.
const VERIFY_ATTEMPTS: u32 = 4;

/// What happens to the credential.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[non_exhaustive]
pub enum CredentialPhase {
    /// It holds the vault's key.
    Keep {
        /// Its id.
        id: CredentialId,
    },
    /// It does not exist.
    Create,
    /// It holds another key.
    Replace {
        /// Its id.
        id: CredentialId,
    },
}

pub(crate) fn plan(seen: Known<'_>, key: &KeyPhase) -> CredentialPhase {
    let Some(found) = seen.credential() else { return CredentialPhase::Create };
    let id = found.id.clone();
    let escrowed = match key {
        KeyPhase::Keep { key } | KeyPhase::ClearIntent { key } => Some(key),
        KeyPhase::Mint { .. } => None,
    };
    let same_id = escrowed.is_some() && found.key_id.as_ref() == escrowed;
    match found.key {
        Agreement::Same | Agreement::Unknowable if same_id => CredentialPhase::Keep { id },
        _ => CredentialPhase::Replace { id },
    }
}

impl CredentialPhase {
    /// The credential on the appliance, where there is one already.
    pub(crate) fn existing(&self) -> Option<&CredentialId> {
        match self {
            Self::Keep { id } | Self::Replace { id } => Some(id),
            Self::Create => None,
        }
    }

    pub(crate) fn describe(&self, name: &str) -> Step {
        let name = format!("cloud credential {name}");
        match self {
            Self::Keep { .. } => Step::new("C1", StepKind::Keep, name),
            Self::Create => {
                Step::new("C1", StepKind::Create, name).detail("tried by the appliance before it is saved")
            }
            Self::Replace { .. } => Step::new("C1", StepKind::Change, name)
                .detail("to the vault's key, tried by the appliance before it is saved"),
        }
    }

    pub(crate) async fn apply(
        &self,
        run: &mut Run<'_>,
        key: &Escrowed<ApplicationKey>,
    ) -> Result<CredentialId, Error> {
        let step = format!("cloud credential {}", run.scope.bucket_name);
        if let Self::Keep { id } = self {
            run.unchanged(&step);
            return Ok(id.clone());
        }
        run.started(&step);
        let spec = CredentialSpec { bucket: run.scope.bucket_name.clone(), device: run.scope.device_guid };
        let credential = key.for_use(&spec)?;
        verified(run, credential).await?;
        let id = run.ports.appliance.put_cloud_credential(self.existing(), credential).await?;
        run.done(&step, "verified by the appliance and saved");
        Ok(id)
    }
}

/// Whether the appliance gets an answer from the store, whatever it is; asked before anything is written (X1c).
pub(crate) async fn reaches_store(ports: &Ports) -> Result<(), Error> {
    match ports.appliance.try_no_key().await? {
        CredentialVerdict::Invalid(words) if no_answer(&words) => {
            let what = format!("the appliance does not reach Backblaze B2: {words}");
            Err(Refusal::precondition("X1c", what, format!("{}; nothing was changed", remedy_for(&words)))
                .into())
        }
        // Whatever else it says, it says because somebody answered, or for a reason that the real key will show (C1).
        CredentialVerdict::Valid | CredentialVerdict::Invalid(_) => Ok(()),
    }
}

/// Whether words of the appliance say that the store did not answer it, in rclone's, Go's or Python's.
fn no_answer(words: &str) -> bool {
    const SAID: [&str; 14] = [
        "no such host",
        "name resolution",
        "name or service not known",
        "connection refused",
        "connection reset",
        "no route",
        "network is unreachable",
        "timed out",
        "timeout",
        "deadline exceeded",
        "x509",
        "certificate",
        "proxy",
        "dial tcp",
    ];
    let words = words.to_ascii_lowercase();
    SAID.iter().any(|said| words.contains(said))
}

/// The appliance logs in with the key before the key is saved (C1).
async fn verified(run: &Run<'_>, credential: Bound<'_, CredentialSpec>) -> Result<(), Error> {
    let mut reason = String::new();
    for _ in 0..VERIFY_ATTEMPTS {
        match run.ports.appliance.verify_cloud_credential(credential).await? {
            CredentialVerdict::Valid => return Ok(()),
            CredentialVerdict::Invalid(words) => reason = words,
        }
        tokio::time::sleep(run.ports.waits.poll_interval).await;
    }
    let what = format!("the appliance could not use the key {}: {reason}", credential.expose().id);
    Err(Refusal::precondition("C1", what, remedy_for(&reason)).into())
}

/// Words of rclone and of Go's network library that the appliance passes on, and what each is about; the first that fits.
const REASONS: [(&[&str], &str); 8] = [
    (
        &["api version"],
        "The key was made for a newer API than the appliance's rclone speaks; a key minted through v3 works (K2a)",
    ),
    (
        &[
            "expired or is not yet valid",
            "not yet valid",
            "is before 2",
            "is after 2",
            "time before",
            "too skewed",
        ],
        "The appliance's clock is wrong, or the certificate is: check date, time zone and NTP servers on the appliance \
         (System › General)",
    ),
    (
        &["x509", "certificate", "tls:"],
        "The certificate that the appliance is shown is not Backblaze's: a firewall that inspects TLS exempts \
         *.backblazeb2.com, or the appliance trusts the firewall's certificate",
    ),
    (
        &["407", "proxy"],
        "A proxy refuses the appliance: check the HTTP proxy in its network settings, with user and password",
    ),
    (
        &["cap exceeded", "cap_exceeded"],
        "Raise the account's cap in Backblaze's console under Caps and Alerts",
    ),
    (
        &["no such host", "name resolution", "lookup "],
        "The appliance does not resolve Backblaze's names: check the DNS servers in its network settings",
    ),
    (
        &["unauthorized", "bad_auth_token", "401"],
        "The appliance refused the escrowed key: it is wrong, revoked, or scoped to another bucket. To have a new one \
         minted, archive its record in the vault and run again",
    ),
    (
        &["refused", "timeout", "timed out", "deadline exceeded", "no route", "unreachable"],
        "The appliance does not reach Backblaze: see its route, and the firewall on port 443",
    ),
];

/// What to do about the reason that the appliance gives.
fn remedy_for(reason: &str) -> &'static str {
    let reason = reason.to_ascii_lowercase();
    let found = REASONS.iter().find(|(words, _)| words.iter().any(|word| reason.contains(word)));
    found.map_or(
        "See whether the appliance reaches Backblaze: name resolution, route, firewall",
        |(_, remedy)| remedy,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each failure is told as what it is, and not every one as a firewall.
    #[test]
    fn c1_the_appliances_own_failures_are_named_as_what_they_are() {
        let auth = "Post \"https://api.backblazeb2.com/b2api/v1/b2_authorize_account\": ";
        for (reason, about) in [
            (
                "tls: failed to verify certificate: x509: certificate signed by unknown authority",
                "inspects TLS",
            ),
            ("x509: certificate is valid for proxy.example, not api.backblazeb2.com", "inspects TLS"),
            (
                "x509: certificate has expired or is not yet valid: current time 2019-01-01T00:00:00Z is before 2026-01-01",
                "clock",
            ),
            ("Proxy Authentication Required (407)", "proxy"),
            ("proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: connection refused", "proxy"),
            ("dial tcp: lookup api.backblazeb2.com: no such host", "DNS"),
            ("dial tcp 1.2.3.4:443: i/o timeout", "port 443"),
            ("dial tcp 1.2.3.4:443: connect: no route to host", "port 443"),
            ("unauthorized (401)", "escrowed key"),
            ("bad_auth_token", "escrowed key"),
            ("Unsupported API version", "newer API"),
            ("Cap exceeded (403 download_cap_exceeded)", "cap"),
            ("something else", "name resolution"),
        ] {
            for said in [reason.to_owned(), format!("{auth}{reason}")] {
                assert!(remedy_for(&said).contains(about), "{said}: {}", remedy_for(&said));
            }
        }
    }
}
