//! Upload URLs: issued by the service, used by one upload at a time, discarded after a failure.

use std::time::{Duration, Instant};

use http_core::{Call, Service as _, Wait};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::outgoing::Outgoing;
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::idle_urls::{Target, UploadUrl};
use crate::ids::{BucketId, FileId};
use crate::operations;
use crate::service::{self, B2};
use crate::subject::Subject;

#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
enum Ask<'a> {
    Bucket { bucket_id: &'a BucketId },
    LargeFile { file_id: &'a FileId },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct IssuedUrl {
    upload_url: String,
    authorization_token: String,
}

/// How a failed attempt of an upload is handled.
#[derive(Debug, PartialEq, Eq)]
enum Reaction {
    /// The upload fails.
    Fail,
    /// The attempt is repeated with the same URL after a wait.
    Wait,
    /// The attempt is repeated with another URL.
    Renew,
}

impl Client {
    /// Uploads one body. `call` builds the request for each attempt. A failed attempt is repeated with a new URL, the first time
    /// immediately, later after an increasing backoff (reference: Backblaze, integration checklist). The observer of waits is told of
    /// each; the deadline that it is told limits the waits together and not the time that content takes.
    pub(super) async fn put<T: DeserializeOwned>(
        &self,
        target: &Target,
        subject: Subject<'_>,
        outgoing: &Outgoing,
        call: &(dyn Fn(Call) -> Call + Sync),
    ) -> Result<T, Error> {
        let (mut attempt, mut renew) = (0, false);
        let (started, mut waited) = (Instant::now(), Duration::ZERO);
        loop {
            let idle = if renew { None } else { self.idle_urls.take(target) };
            let url = match idle {
                Some(url) => url,
                None => self.fresh_url(target, subject).await?,
            };
            attempt += 1;
            outgoing.begin();
            let request = service::upload(target.upload(), &url.url, &url.token)
                // An upload URL is valid for a day; before that, only the idle timeout ends an attempt.
                .single_attempt(Duration::from_hours(24));
            match self.core.send(call(request).subject(subject)).await {
                Ok(answer) => {
                    self.idle_urls.put(target, url);
                    return Ok(answer);
                }
                Err(cause) => {
                    let after = cause.retry_after();
                    let error = Error::from_core(cause, Vec::new()).at(&url.address);
                    let error = error.tried(attempt, started.elapsed());
                    let operation = target.upload().name();
                    if let Some(broken) = outgoing.take_source_error() {
                        let text = format!("the source could not be read: {broken}");
                        let error = Error::new(operation, ErrorKind::SourceFailed, text);
                        return Err(error.on(subject).because(broken));
                    }
                    let reaction = reaction(&error);
                    if reaction == Reaction::Fail {
                        return Err(error);
                    }
                    renew = reaction == Reaction::Renew;
                    if !renew {
                        self.idle_urls.put(target, url);
                    }
                    // The first time, another URL replaces the wait.
                    let at_once = renew && attempt == 1;
                    let asked = after.filter(|_| !at_once);
                    let Some(backoff) = self.retry.next_backoff(attempt, asked, waited) else {
                        return Err(error);
                    };
                    let backoff = if at_once { Duration::ZERO } else { backoff };
                    tracing::warn!(attempt, %error, "uploading again");
                    let left = self.retry.deadline.saturating_sub(waited);
                    let wait = Wait::new(B2::NAME, operation, attempt + 1, error.reason());
                    let wait = wait.on(Some(subject.to_string())).of(self.retry.attempts);
                    self.wait(wait.lasting(backoff, left)).await;
                    waited += backoff;
                }
            }
        }
    }

    async fn fresh_url(&self, target: &Target, subject: Subject<'_>) -> Result<UploadUrl, Error> {
        let (operation, ask) = match target {
            Target::Bucket(bucket_id) => (operations::GET_UPLOAD_URL, Ask::Bucket { bucket_id }),
            Target::LargeFile(file_id) => (operations::GET_UPLOAD_PART_URL, Ask::LargeFile { file_id }),
        };
        let issued: IssuedUrl = self.send(service::call(operation, &ask).subject(subject)).await?;
        let url = self.core.service().guarded(operation.name(), &issued.upload_url);
        let url = url.map_err(|cause| Error::from_core(cause, Vec::new()).on(subject))?;
        let (address, token) = (service::origin(&url), issued.authorization_token.into());
        Ok(UploadUrl { url: issued.upload_url, address, token })
    }
}

fn reaction(error: &Error) -> Reaction {
    match error.kind() {
        ErrorKind::RateLimited => Reaction::Wait,
        // A 401 with a code about the token refers to the URL's token; a checksum mismatch means damage in transit.
        ErrorKind::Unreachable | ErrorKind::CredentialsRejected | ErrorKind::ChecksumMismatch => {
            Reaction::Renew
        }
        _ => Reaction::Fail,
    }
}
