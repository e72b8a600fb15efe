//! The client and the handles for buckets, keys and files.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http_core::{Access, Call, RetryPolicy, ServiceClient, Wait, WaitObserver};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::account::Account;
use crate::bucket_ids::BucketIds;
use crate::capability::Capability;
use crate::config::Config;
use crate::error::{Error, ErrorKind};
use crate::idle_urls::IdleUrls;
use crate::ids::{AccountId, UnixMillis};
use crate::service::{B2, NO_KEY};

/// A client for one B2 account, authenticated with one application key.
///
/// Cloning is cheap: clones share the connections, the session, the unused upload URLs and the ids of buckets that were named by their
/// names.
#[derive(Clone)]
pub struct Client {
    pub(crate) core: ServiceClient<B2>,
    pub(crate) idle_urls: Arc<IdleUrls>,
    pub(crate) bucket_ids: Arc<BucketIds>,
    pub(crate) retry: RetryPolicy,
    pub(crate) read_only: bool,
    observer: WaitObserver,
    pub(crate) copy_timeout: Duration,
}

impl Client {
    /// Creates a client. No request is sent until the first call, which logs in.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`] when the realm is neither an `https` URL nor an `http` URL of a loopback address, or when TLS
    /// cannot be set up.
    pub fn new(config: Config) -> Result<Self, Error> {
        let (endpoint, options) = (config.endpoint()?, config.options.clone());
        let (retry, copy_timeout) = (options.policy(), config.copy_timeout);
        let core = ServiceClient::new(B2::new(config, endpoint.url().clone()), &endpoint, &options);
        let core = core.map_err(|cause| Error::from_core(cause, Vec::new()))?;
        let (idle_urls, bucket_ids) = (Arc::default(), Arc::default());
        let (read_only, observer) = (options.access() == Access::ReadOnly, options.observer().clone());
        Ok(Self { core, idle_urls, bucket_ids, retry, read_only, observer, copy_timeout })
    }

    /// Returns the account and what the key may do in it. Logs in if there is no session yet.
    ///
    /// # Errors
    /// [`ErrorKind::CredentialsRejected`], [`ErrorKind::KeyTooNew`], [`ErrorKind::Unreachable`]; [`ErrorKind::InvalidRequest`] for a client
    /// [without a key](Config::anonymous).
    pub async fn account(&self) -> Result<Arc<Account>, Error> {
        let realm = self.core.service().realm();
        let failed = |cause| Error::from_core(cause, Vec::new()).at(&realm);
        let login = self.core.session().await.map_err(failed)?;
        login.account.clone().ok_or_else(|| Error::invalid("b2_authorize_account", NO_KEY))
    }

    /// Returns the current time by the service's clock, accurate to a second or two: the `Date` header of the latest answer plus the
    /// time since. Logs in if there was no answer yet.
    ///
    /// Use it to compute the end of a retention period, because the local clock may be wrong.
    ///
    /// # Errors
    /// As [`account`](Self::account); [`ErrorKind::NotUnderstood`] when the answers have no `Date` header.
    pub async fn service_time(&self) -> Result<UnixMillis, Error> {
        self.account().await?;
        let text = "the service's answers have no Date header";
        let unknown = || Error::new("b2_authorize_account", ErrorKind::NotUnderstood, text);
        self.core.service().clock.now().map(UnixMillis::from).ok_or_else(unknown)
    }

    /// Sends a call. Returns the other method's future itself, which stays smaller than one around it.
    pub(crate) fn send<T: DeserializeOwned>(&self, call: Call) -> impl Future<Output = Result<T, Error>> {
        self.send_needing(call, &[])
    }

    /// Sends a call whose request requires further capabilities than its operation does.
    pub(crate) async fn send_needing<T: DeserializeOwned>(
        &self,
        call: Call,
        further: &[Capability],
    ) -> Result<T, Error> {
        match self.core.send(call).await {
            Ok(answer) => Ok(answer),
            Err(cause) => Err(self.explain(cause, further).await),
        }
    }

    /// Converts an error of `http-core`, and adds the address that was called. After a 401 or 403 the missing capabilities are looked up
    /// in the session.
    pub(crate) async fn explain(&self, cause: http_core::Error, further: &[Capability]) -> Error {
        if cause.operation() == "b2_authorize_account" {
            return Error::from_core(cause, Vec::new()).at(&self.core.service().realm());
        }
        // What was sent was sent in a session, so that asking for it sends nothing.
        let sent = cause.attempts() > 0;
        let Some(login) = (if sent { self.core.session().await.ok() } else { None }) else {
            return Error::from_core(cause, Vec::new());
        };
        let forbidden = cause.refusal().is_some_and(|refusal| matches!(refusal.status, 401 | 403));
        let address = login.address(cause.operation());
        let missing = match &login.account {
            Some(account) if forbidden => {
                account.missing(Capability::needed(cause.operation()).iter().chain(further))
            }
            _ => Vec::new(),
        };
        Error::from_core(cause, missing).at(&address)
    }

    /// Adds the address that answered to an error that is about an answer.
    pub(crate) async fn with_address(&self, operation: &str, error: Error) -> Error {
        match self.core.session().await {
            Ok(login) => error.at(&login.address(operation)),
            Err(_) => error,
        }
    }

    /// Waits before an attempt of a loop of this crate's own, and tells the observer of it first.
    pub(crate) async fn wait(&self, wait: Wait) {
        self.observer.tell(&wait);
        tokio::time::sleep(wait.pause).await;
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("b2_client::Client")
    }
}

/// A request body with the account id added, which most operations require.
#[derive(Serialize)]
pub(crate) struct WithAccount<'a, T> {
    #[serde(rename = "accountId")]
    pub(crate) account_id: &'a AccountId,
    #[serde(flatten)]
    pub(crate) request: &'a T,
}

/// Whether `kind` was returned after the answer to an earlier attempt was lost, so that this attempt may have succeeded.
///
/// An attempt that the service refused, as it does with an expired token, has done nothing.
pub(crate) fn done_before(error: &Error, kind: &ErrorKind) -> bool {
    error.lost_answers() > 0 && error.kind() == kind
}
