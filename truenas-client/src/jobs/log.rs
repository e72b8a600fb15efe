//! The whole log of a job.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use serde_json::json;

use super::Job;
use crate::call::Call;
use crate::{Error, ErrorKind, Feature, operations};

impl<T> Job<T> {
    /// The log of a job that writes one, such as a cloud sync, as a stream of pieces: as far as it has come, when the job is under way. It holds
    /// whatever the programs said that the job ran.
    ///
    /// # Errors
    /// `JobVanished`, `Unsupported` on CORE; `Rejected` when the job has no log; `Unreachable`, and those of every reading call; also as
    /// the last piece of the stream.
    pub async fn log(&self) -> Result<JobLog, Error> {
        let (operation, id) = (operations::CORE_JOB_DOWNLOAD_LOGS, self.id());
        let params = [id.get().into(), json!(format!("job-{id}.log")), false.into()];
        let lacking = |kind| Error::new(operation.name(), self.client.subject(), kind);
        self.client.require(Feature::JobLog).map_err(lacking)?;
        // A number that is another job's by now has another job's log. Once more afterwards: the appliance may have restarted in between.
        self.identity.look(&self.client).await?;
        let target: String = self.client.carry_out(Call::new(operation, params)).await?;
        self.identity.look(&self.client).await?;
        let subject = format!("job {id}");
        // The address holds a token that opens this log once: it must not stand in an error.
        if !target.starts_with("/_download/") {
            return Err(Error::new(operation.name(), subject, ErrorKind::NotUnderstood { path: ".".into() }));
        }
        let response = self.client.dialer().fetch(operation, &target, &subject).await?;
        let pieces = response
            .into_stream()
            .map(move |piece| piece.map_err(|cause| Error::http(subject.clone(), cause)));
        Ok(JobLog { pieces: Box::pin(pieces) })
    }
}

/// A job's log while it is fetched.
pub struct JobLog {
    pieces: Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>,
}

impl Stream for JobLog {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.pieces.poll_next_unpin(context)
    }
}

impl fmt::Debug for JobLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobLog").finish_non_exhaustive()
    }
}
