//! The client that every service client holds: one connection pool, one session, one policy.

use std::fmt;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use tokio::time::timeout_at;
use tracing::{Instrument as _, info};

use crate::attempt::{Answer, Judge, Outcome, Reading, Run};
use crate::call::Call;
use crate::decode::decode;
use crate::disposition::Disposition;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::head::ResponseHead;
use crate::options::Options;
use crate::raw_http::RawHttp;
use crate::request_builder::RequestBuilder;
use crate::response::Response;
use crate::service::Service;
use crate::session::Sessions;

/// Calls one service: authorised, retried where safe, decoded. A clone is a pointer and shares connections and session.
pub struct ServiceClient<S: Service>(Arc<Inner<S>>);

struct Inner<S: Service> {
    service: S,
    http: RawHttp,
    sessions: Sessions<S::Session>,
}

impl<S: Service> Clone for ServiceClient<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Service> fmt::Debug for ServiceClient<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceClient").field("service", &S::NAME).finish_non_exhaustive()
    }
}

impl<S: Service> ServiceClient<S> {
    /// A client of `service` at `endpoint`. Nothing is sent before the first call.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidRequest`] when TLS cannot be set up, as on a machine without root certificates.
    pub fn new(service: S, endpoint: &Endpoint, options: &Options) -> Result<Self, Error> {
        let http = RawHttp::new(S::NAME, endpoint, options)?;
        Ok(Self(Arc::new(Inner { service, http, sessions: Sessions::new() })))
    }

    /// The service this client speaks to.
    pub fn service(&self) -> &S {
        &self.0.service
    }

    /// The current session, opened if there is none yet.
    ///
    /// # Errors
    /// Whatever opening a session ends in.
    pub async fn session(&self) -> Result<S::Session, Error> {
        let (_, session) = self.0.sessions.current(|| self.open()).await?;
        Ok(session)
    }

    /// Makes the call and decodes its answer.
    ///
    /// # Errors
    /// Any kind of [`crate::ErrorKind`].
    pub async fn send<T: DeserializeOwned>(&self, call: Call) -> Result<T, Error> {
        let mut run = Run::start(&self.0.http, &call)?;
        let span = run.span();
        async {
            match self.drive(&call, &mut run, Reading::Whole).await? {
                Answer::Whole(_, body) => decode(&body).map_err(|why| run.not_understood(why)),
                Answer::Stream(_) => Err(run.not_understood("a body that was not read".to_owned())),
            }
        }
        .instrument(span)
        .await
    }

    /// Makes the call and returns its head and, in full and within 16 MiB unless the call sets another bound, its body as it came.
    ///
    /// # Errors
    /// Any kind of [`crate::ErrorKind`].
    pub async fn send_whole(&self, call: Call) -> Result<(ResponseHead, bytes::Bytes), Error> {
        let mut run = Run::start(&self.0.http, &call)?;
        let span = run.span();
        match self.drive(&call, &mut run, Reading::Whole).instrument(span).await? {
            Answer::Whole(head, body) => Ok((head, body)),
            Answer::Stream(_) => Err(run.not_understood("a body that was not read".to_owned())),
        }
    }

    /// Makes the call and returns as soon as a head of success has come; the body follows as a stream. The call's deadline
    /// covers what happens until then, the idle time-out the rest.
    ///
    /// # Errors
    /// Any kind of [`crate::ErrorKind`].
    pub async fn send_raw(&self, call: Call) -> Result<Response, Error> {
        let mut run = Run::start(&self.0.http, &call)?;
        let span = run.span();
        match self.drive(&call, &mut run, Reading::Stream).instrument(span).await? {
            Answer::Stream(response) => Ok(response),
            Answer::Whole(..) => Err(run.not_understood("a refusal that was accepted".to_owned())),
        }
    }

    async fn drive(&self, call: &Call, run: &mut Run<'_>, reading: Reading) -> Result<Answer, Error> {
        let Inner { service, sessions, .. } = &*self.0;
        let opened = timeout_at(run.deadline(), sessions.current(|| self.open())).await;
        let (mut generation, mut session) = opened.map_err(|_| run.out_of_time())??;
        if service.is_due(&session) {
            let newer = timeout_at(run.deadline(), sessions.newer_than(generation, || self.open())).await;
            if let Ok(Ok(newer)) = newer {
                (generation, session) = newer;
            }
        }
        let mut renewed = false;
        loop {
            let mut request = RequestBuilder::new(call);
            service.authorize(&session, &mut request);
            let judge = |head: &ResponseHead, body: &[u8]| service.classify(head, body);
            match run.attempt(request, reading, &judge).await? {
                Outcome::Done(answer) => return Ok(answer),
                Outcome::Again => {}
                Outcome::Reauthorize(refusal) if renewed => return Err(run.refused(refusal)),
                Outcome::Reauthorize(_) => {
                    info!(service = S::NAME, "the session has expired and is renewed");
                    renewed = true;
                    let newer = sessions.newer_than(generation, || self.open());
                    (generation, session) =
                        timeout_at(run.deadline(), newer).await.map_err(|_| run.out_of_time())??;
                }
            }
        }
    }

    async fn open(&self) -> Result<S::Session, Error> {
        self.0.service.open_session(&self.0.http).await
    }
}

impl RawHttp {
    /// Makes a call to an absolute URL and decodes its answer, retrying as the policy says. A judgement of
    /// [`Disposition::Reauthorize`] counts as a refusal: there is no session here to renew.
    ///
    /// # Errors
    /// Any kind of [`crate::ErrorKind`].
    pub async fn send<T: DeserializeOwned>(
        &self,
        call: Call,
        classify: impl Fn(&ResponseHead, &[u8]) -> Disposition + Sync,
    ) -> Result<T, Error> {
        let mut run = Run::start(self, &call)?;
        let span = run.span();
        match self.drive(&call, &mut run, Reading::Whole, &classify).instrument(span).await? {
            Answer::Whole(_, body) => decode(&body).map_err(|why| run.not_understood(why)),
            Answer::Stream(_) => Err(run.not_understood("a body that was not read".to_owned())),
        }
    }

    /// As [`send`](Self::send), but returns as soon as a head of success has come; the body follows as a stream. The call's
    /// deadline covers what happens until then, the idle time-out the rest.
    ///
    /// # Errors
    /// Any kind of [`crate::ErrorKind`].
    pub async fn send_raw(
        &self,
        call: Call,
        classify: impl Fn(&ResponseHead, &[u8]) -> Disposition + Sync,
    ) -> Result<Response, Error> {
        let mut run = Run::start(self, &call)?;
        let span = run.span();
        match self.drive(&call, &mut run, Reading::Stream, &classify).instrument(span).await? {
            Answer::Stream(response) => Ok(response),
            Answer::Whole(..) => Err(run.not_understood("a refusal that was accepted".to_owned())),
        }
    }

    async fn drive(
        &self,
        call: &Call,
        run: &mut Run<'_>,
        reading: Reading,
        judge: Judge<'_>,
    ) -> Result<Answer, Error> {
        loop {
            match run.attempt(RequestBuilder::new(call), reading, judge).await? {
                Outcome::Done(answer) => return Ok(answer),
                Outcome::Again => {}
                Outcome::Reauthorize(refusal) => return Err(run.refused(refusal)),
            }
        }
    }
}
