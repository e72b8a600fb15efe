//! Locks that are due, extended.

use futures_util::{StreamExt as _, stream};
use jiff::Timestamp;
use serde::Serialize;

use super::Progress;
use super::status::{LockStatus, TO_EXTEND, lacking};
use crate::error::{Error, ErrorKind};
use crate::outcome::Outcome;
use crate::port_error::{PortError, PortErrorKind};
use crate::ports::{Bucket, CurrentPage, LockExtension, LockGrant, ObjectStore, Ports};
use crate::proofs::consent::Consents;

/// So many calls are under way at the same time.
const CALLS: usize = 8;
/// So many failures are shown.
const SHOWN: usize = 100;
/// After so many failures without one success the rest is not begun.
const GIVEN_UP: u64 = 50;

/// A lock that could not be extended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FailedExtension {
    /// The object's name.
    pub object: String,
    /// Why.
    pub reason: String,
}

/// What a run has done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LockReport {
    /// Current versions that were listed.
    pub listed: u64,
    /// Locks that were extended.
    pub extended: u64,
    /// The size of their versions, in bytes.
    pub bytes: u64,
    /// The earliest end of the locks that were extended.
    pub until: Option<Timestamp>,
    /// Versions that were gone when their turn came: nothing is left to lock.
    pub gone: u64,
    /// Locks that are due and were left, since the bytes that were consented to were used up.
    pub beyond_consent: u64,
    /// Versions of which the key may not see the lock.
    pub not_shown: u64,
    /// Rows of the listing that are not understood.
    pub not_understood: u64,
    /// Locks that could not be extended.
    pub failures: u64,
    /// The first hundred of them.
    pub failed: Vec<FailedExtension>,
    /// Why the rest was not begun, where it was not.
    pub stopped: Option<String>,
}

impl LockReport {
    /// What the run comes to (X6).
    pub fn outcome(&self) -> Outcome {
        let left = [self.beyond_consent, self.not_shown, self.not_understood, self.failures];
        if self.stopped.is_none() && left.iter().all(|left| *left == 0) {
            Outcome::AsItShouldBe
        } else {
            Outcome::Incomplete
        }
    }
}

/// Extends every lock of a current version that is due, as far as the consent goes. One that cannot be extended stops none of the others.
///
/// # Errors
/// A consent that is missing, or a provisioning key that may not extend locks; nothing was sent then. Or the bucket can no longer be listed, or
/// the account can do nothing more; what was extended stays so, and the next run goes on.
pub async fn extend(
    status: LockStatus,
    mut consents: Consents,
    ports: &Ports,
    on: &(dyn Fn(Progress) + Sync),
) -> Result<LockReport, Error> {
    let mut report = LockReport::default();
    let Some(question) = status.question() else {
        let total = status.total();
        report.listed = total.versions;
        report.not_shown = total.not_shown;
        report.not_understood = status.not_understood_rows;
        return Ok(report);
    };
    if !status.may_extend {
        return Err(lacking(TO_EXTEND).into());
    }
    let consent =
        consents.take(&status.act(), ports.clock.now()).ok_or_else(|| ErrorKind::ConsentMissing {
            subject: question.subject().to_owned(),
            consequence: question.consequence().to_owned(),
        })?;
    let mut grant = LockGrant::new(&status.bucket.name, status.terms, consent)?;
    let mut from: Option<String> = None;
    loop {
        let page = ports.object_store.current_versions(&status.bucket, from.as_deref()).await?;
        let next = page.next.clone();
        let due = report.allowed(&page, &mut grant, &status, ports.clock.now());
        report.send(due, ports.object_store.as_ref(), &status.bucket).await?;
        on(Progress { listed: report.listed, extended: report.extended });
        if report.extended == 0 && report.failures >= GIVEN_UP {
            report.stopped = Some(format!("{} calls failed and none succeeded", report.failures));
        }
        match next {
            Some(next) if report.stopped.is_none() => from = Some(next),
            _ => return Ok(report),
        }
    }
}

impl LockReport {
    /// The extensions of a page that are due and consented to.
    fn allowed(
        &mut self,
        page: &CurrentPage,
        grant: &mut LockGrant,
        status: &LockStatus,
        now: Timestamp,
    ) -> Vec<LockExtension> {
        self.listed += page.versions.len() as u64;
        self.not_understood += page.not_understood.len() as u64;
        let mut due = Vec::new();
        for version in &page.versions {
            match (status.terms.is_due(version.retained, now), grant.take(version, now)) {
                (_, Some(extension)) => due.push(extension),
                (Some(true), None) => self.beyond_consent += 1,
                (Some(false), None) => {}
                (None, None) => self.not_shown += 1,
            }
        }
        due
    }

    async fn send(
        &mut self,
        due: Vec<LockExtension>,
        store: &dyn ObjectStore,
        bucket: &Bucket,
    ) -> Result<(), Error> {
        let calls = due.into_iter().map(|extension| async move {
            let (object, until) = (extension.object().clone(), extension.until());
            (object, until, store.extend_lock(bucket, extension).await)
        });
        let mut calls = stream::iter(calls).buffer_unordered(CALLS);
        let mut ended = None;
        while let Some((object, until, sent)) = calls.next().await {
            match sent {
                Ok(()) => {
                    self.extended += 1;
                    self.bytes = self.bytes.saturating_add(object.size);
                    self.until = Some(self.until.map_or(until, |first| first.min(until)));
                }
                Err(error) if error.kind() == PortErrorKind::NotFound => self.gone += 1,
                Err(error) => {
                    self.failures += 1;
                    if self.failed.len() < SHOWN {
                        let reason = error.to_string();
                        self.failed.push(FailedExtension { object: object.name, reason });
                    }
                    if ends_all(&error) {
                        ended = Some(error);
                    }
                }
            }
        }
        ended.map_or(Ok(()), |error| Err(error.into()))
    }
}

/// Whether what failed concerns the account, so that every other call would fail too.
fn ends_all(error: &PortError) -> bool {
    matches!(error.kind(), PortErrorKind::CredentialsRejected | PortErrorKind::AccountLimit)
}
