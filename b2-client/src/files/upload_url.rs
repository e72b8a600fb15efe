//! Upload URLs: handed out by the service, used by one upload at a time, thrown away after any failure.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use http_core::{Call, Idempotency};
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::outgoing::Outgoing;
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::ids::{BucketId, FileId};
use crate::service;

/// What an upload goes to: a bucket, or an unfinished large file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Target {
    Bucket(BucketId),
    LargeFile(FileId),
}

impl Target {
    fn upload(&self) -> &'static str {
        match self {
            Self::Bucket(_) => "b2_upload_file",
            Self::LargeFile(_) => "b2_upload_part",
        }
    }
}

/// An address for one upload at a time, with the token that goes there and nowhere else.
pub(crate) struct UploadUrl {
    url: String,
    token: SecretString,
}

/// The upload URLs that nobody uses at the moment. One that is taken out comes back only after a success (or a refusal that
/// leaves it good): an upload that failed, timed out or was dropped may still hold its URL on the other side.
#[derive(Default)]
pub(crate) struct IdleUrls(Mutex<HashMap<Target, Vec<UploadUrl>>>);

impl IdleUrls {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Target, Vec<UploadUrl>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, target: &Target) -> Option<UploadUrl> {
        self.lock().get_mut(target)?.pop()
    }

    fn put(&self, target: &Target, url: UploadUrl) {
        self.lock().entry(target.clone()).or_default().push(url);
    }

    /// Forgets a large file's URLs, once it is finished or cancelled.
    pub(crate) fn forget(&self, target: &Target) {
        self.lock().remove(target);
    }
}

#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
enum Ask<'a> {
    Bucket { bucket_id: &'a BucketId },
    LargeFile { file_id: &'a FileId },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HandedOut {
    upload_url: String,
    authorization_token: String,
}

/// What follows from a failed upload.
#[derive(Debug, PartialEq, Eq)]
enum Reaction {
    /// Nothing: it is final.
    Give,
    /// Wait as told, and use the same URL again.
    Wait,
    /// Use another URL.
    Renew,
}

impl Client {
    /// Uploads one body: `call` makes the request anew for each attempt. A failed attempt costs its URL and is followed by one
    /// with a fresh URL, at once the first time, after growing pauses from then on (reference: Backblaze, integration checklist).
    pub(super) async fn put<T: DeserializeOwned>(
        &self,
        target: &Target,
        outgoing: &Outgoing,
        call: &(dyn Fn(Call) -> Call + Sync),
    ) -> Result<T, Error> {
        let (mut attempt, mut renew) = (0, false);
        let (started, mut paused) = (Instant::now(), Duration::ZERO);
        loop {
            let idle = if renew { None } else { self.idle_urls.take(target) };
            let url = match idle {
                Some(url) => url,
                None => self.fresh_url(target).await?,
            };
            attempt += 1;
            outgoing.begin();
            let request = service::upload(target.upload(), &url.url, &url.token)
                // An upload URL is good for a day; silence, not length, ends an attempt before that.
                .once(Duration::from_hours(24));
            match self.core.send(call(request)).await {
                Ok(answer) => {
                    self.idle_urls.put(target, url);
                    return Ok(answer);
                }
                Err(cause) => {
                    let after = cause.retry_after();
                    let error = Error::from_core(cause, None).tried(attempt, started.elapsed());
                    if let Some(broken) = outgoing.take_fault() {
                        let text = format!("the source could not be read: {broken}");
                        return Err(
                            Error::new(target.upload(), ErrorKind::SourceFailed, text).because(broken)
                        );
                    }
                    let reaction = reaction(&error);
                    if reaction == Reaction::Give {
                        return Err(error);
                    }
                    renew = reaction == Reaction::Renew;
                    if !renew {
                        self.idle_urls.put(target, url);
                    }
                    // The first time another URL is as good as a pause.
                    let asked = if renew && attempt == 1 { Some(Duration::ZERO) } else { after };
                    let Some(pause) = self.retry.next_pause(attempt, asked, paused) else {
                        return Err(error);
                    };
                    tracing::warn!(attempt, %error, "uploading again");
                    paused += pause;
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }

    async fn fresh_url(&self, target: &Target) -> Result<UploadUrl, Error> {
        let (operation, ask) = match target {
            Target::Bucket(bucket_id) => ("b2_get_upload_url", Ask::Bucket { bucket_id }),
            Target::LargeFile(file_id) => ("b2_get_upload_part_url", Ask::LargeFile { file_id }),
        };
        let handed: HandedOut = self.send(service::call(operation, Idempotency::Read, &ask)).await?;
        let url = self.core.service().guarded(operation, &handed.upload_url);
        url.map_err(|cause| Error::from_core(cause, None))?;
        Ok(UploadUrl { url: handed.upload_url, token: handed.authorization_token.into() })
    }
}

fn reaction(error: &Error) -> Reaction {
    match error.kind() {
        ErrorKind::RateLimited => Reaction::Wait,
        // A 401 whose code names the token is the URL's, not the key's; a checksum that differs was damaged on the way.
        ErrorKind::Unavailable | ErrorKind::KeyRejected | ErrorKind::ChecksumMismatch => Reaction::Renew,
        _ => Reaction::Give,
    }
}
