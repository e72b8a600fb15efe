//! The client and its handles.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http_core::{Call, RetryPolicy, ServiceClient};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::account::Account;
use crate::buckets::Buckets;
use crate::config::Config;
use crate::error::{Error, ErrorKind};
use crate::files::{Files, IdleUrls, SILENT};
use crate::ids::{AccountId, UnixMillis};
use crate::keys::Keys;
use crate::service::{B2, NO_KEY};

/// A client of one B2 account, as one application key sees it. A clone is a pointer and shares connections and login.
#[derive(Clone)]
pub struct Client {
    pub(crate) core: ServiceClient<B2>,
    pub(crate) idle_urls: Arc<IdleUrls>,
    pub(crate) retry: RetryPolicy,
    pub(crate) copy_timeout: Duration,
}

impl Client {
    /// A client for this configuration. Nothing is sent before the first call, which logs in.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`] when the realm is not an `https` address, nor `http` on this machine;
    /// [`ErrorKind::Unavailable`] when TLS cannot be set up.
    pub fn new(config: Config) -> Result<Self, Error> {
        let realm = config.parsed_realm()?;
        let options = config.options(&realm);
        let (retry, copy_timeout) = (config.retry, config.copy_timeout);
        let core = ServiceClient::new(B2::new(config, realm), &options);
        let core = core.map_err(|cause| Error::from_core(cause, None))?;
        Ok(Self { core, idle_urls: Arc::default(), retry, copy_timeout })
    }

    /// The account and what the key may do in it; logs in if that has not happened yet.
    ///
    /// # Errors
    /// [`ErrorKind::KeyRejected`], [`ErrorKind::KeyTooNew`], [`ErrorKind::Unavailable`]; [`ErrorKind::InvalidRequest`] for a client
    /// [without a key](Config::anonymous).
    pub async fn account(&self) -> Result<Arc<Account>, Error> {
        let login = self.core.session().await.map_err(|cause| Error::from_core(cause, None))?;
        login.account.clone().ok_or_else(|| Error::invalid("b2_authorize_account", NO_KEY))
    }

    /// What the service's clock says about now, to within a second or two: the `Date` of its latest answer to a call of the API, and
    /// the time since. Logs in if nothing was answered yet. Ends of retention are safely counted from it, whatever the clock of this
    /// machine says.
    ///
    /// # Errors
    /// As [`account`](Self::account); [`ErrorKind::NotUnderstood`] when the answers bear no date.
    pub async fn service_time(&self) -> Result<UnixMillis, Error> {
        self.account().await?;
        let text = "the service's answers bear no date";
        let unknown = || Error::new("b2_authorize_account", ErrorKind::NotUnderstood, text);
        self.core.service().clock.now().map(UnixMillis::from).ok_or_else(unknown)
    }

    /// The account's buckets.
    pub fn buckets(&self) -> Buckets<'_> {
        Buckets { client: self }
    }

    /// The account's application keys.
    pub fn keys(&self) -> Keys<'_> {
        Keys { client: self }
    }

    /// The files in the account's buckets.
    pub fn files(&self) -> Files<'_> {
        Files { client: self, key: None, token: None, meter: &SILENT }
    }

    pub(crate) async fn send<T: DeserializeOwned>(&self, call: Call) -> Result<T, Error> {
        match self.core.send(call).await {
            Ok(answer) => Ok(answer),
            Err(cause) => Err(self.explain(cause).await),
        }
    }

    /// Turns a failure into ours; what a refused key lacks is looked up in its login.
    pub(crate) async fn explain(&self, cause: http_core::Error) -> Error {
        let forbidden = cause.refusal().is_some_and(|refusal| refusal.status == 401);
        if forbidden
            && cause.operation() != "b2_authorize_account"
            && let Ok(login) = self.core.session().await
        {
            return Error::from_core(cause, login.account.as_deref());
        }
        Error::from_core(cause, None)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("b2_client::Client")
    }
}

/// A request together with the account's id, which most operations carry.
#[derive(Serialize)]
pub(crate) struct WithAccount<'a, T> {
    #[serde(rename = "accountId")]
    pub(crate) account_id: &'a AccountId,
    #[serde(flatten)]
    pub(crate) request: &'a T,
}

/// Whether a refusal of a call that was sent more than once only says that an earlier attempt had done it.
pub(crate) fn done_before(error: &Error, kind: &ErrorKind) -> bool {
    error.attempts() > 1 && error.kind() == kind
}
