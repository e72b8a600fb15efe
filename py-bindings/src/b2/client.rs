//! The client: whose account it is, and the handles for buckets, keys and files.

use std::time::Duration;

use b2_client::{ApplicationKey, Client as B2, Config, KeyId, TestMode};
use pyo3::prelude::*;

use super::buckets::{AioBuckets, Buckets};
use super::failure::Failure;
use super::files::{AioFiles, Files};
use super::found::{Account, Wait};
use super::handle::Handle;
use super::keys::{AioKeys, Keys};
use crate::errors;
use crate::listener::Listener;
use crate::rt::Timeout;
use crate::secret::AnySecret;
use crate::twins::closing_twins;
use crate::values::Time;

/// A client's configuration that tells a listener of every wait.
macro_rules! listening {
    ($config:expr, $listener:expr) => {{
        let (config, listener) = ($config, $listener);
        config.on_wait(move |wait| {
            listener.notify($crate::b2::Wait {
                operation: wait.operation.to_owned(),
                subject: wait.subject.clone(),
                why: wait.why.clone(),
                attempt: wait.attempt,
                attempts: wait.attempts,
                pause: wait.pause,
                given_up_in: wait.given_up_in,
            });
        })
    }};
}

pub(crate) use listening;

/// The settings of a client beside its key.
struct Settings {
    realm: Option<String>,
    user_agent: Option<String>,
    attempts: Option<u32>,
    backoff: Option<(Timeout, Timeout)>,
    deadline: Option<Timeout>,
    connect_timeout: Option<Timeout>,
    idle_timeout: Option<Timeout>,
    copy_timeout: Option<Timeout>,
    minimum_rate: Option<u32>,
    on_wait: Option<Listener<Wait>>,
    read_only: bool,
    test_mode: Option<String>,
}

fn test_mode(name: &str) -> PyResult<TestMode> {
    match name {
        "fail_some_uploads" => Ok(TestMode::FailSomeUploads),
        "expire_some_account_authorization_tokens" => Ok(TestMode::ExpireSomeAccountAuthorizationTokens),
        "force_cap_exceeded" => Ok(TestMode::ForceCapExceeded),
        _ => Err(errors::argument("test mode", name, "is unknown", "use one of the service's")),
    }
}

impl Settings {
    fn client(self, mut config: Config) -> PyResult<Handle> {
        type Set = fn(Config, Duration) -> Config;
        let limits: [(Option<Timeout>, Set); 4] = [
            (self.deadline, Config::deadline),
            (self.connect_timeout, Config::connect_timeout),
            (self.idle_timeout, Config::idle_timeout),
            (self.copy_timeout, Config::copy_timeout),
        ];
        for (limit, set) in limits {
            if let Some(limit) = limit {
                config = set(config, limit.get());
            }
        }
        if let Some(realm) = self.realm {
            config = config.realm(realm);
        }
        if let Some(product) = self.user_agent {
            config = config.user_agent(product);
        }
        if let Some(attempts) = self.attempts {
            config = config.attempts(attempts);
        }
        if let Some((first, longest)) = self.backoff {
            config = config.backoff(first.get(), longest.get());
        }
        if let Some(rate) = self.minimum_rate {
            config = config.minimum_rate(rate);
        }
        if let Some(mode) = self.test_mode {
            config = config.test_mode(test_mode(&mode)?);
        }
        if self.read_only {
            config = config.read_only();
        }
        if let Some(listener) = self.on_wait {
            config = listening!(config, listener);
        }
        Ok(Handle::new(B2::new(config).map_err(Failure::from)?))
    }
}

closing_twins! {
    /// A client for one account of Backblaze B2. It logs in at its first call, keeps its connections, and may be used by several threads.
    ///
    /// Every call takes ``timeout=`` in seconds, beside the time-outs of the client. A read that it ends raises ``TransportError``, a write
    /// ``OutcomeUnknown``. What the service refuses raises a subclass of :class:`dtc.exceptions.DtcError`.
    ///
    /// Times in the constructor are seconds. ``realm`` is the URL to log in at (usually Backblaze's); ``attempts`` (6) how often a call is
    /// made that may be repeated; ``backoff`` (1 and 64) the first and the longest wait in between; ``deadline`` (300) the time for a call
    /// with everything; ``connect_timeout`` (15); ``idle_timeout`` (60) the time without a byte; ``copy_timeout`` (1200) that of copies;
    /// ``minimum_rate`` (256) bytes per second of an answer; ``on_wait`` is called before every wait, and what it raises ends the call that
    /// waits; a ``read_only`` client refuses everything but reads before anything is sent; ``test_mode`` asks the service for failures.
    "Client" in "dtc.b2" and "dtc.b2.aio", Failure: Client / AioClient(Handle) {
        both {
            #[new]
            #[pyo3(signature = (
                *, key_id, application_key, realm = None, user_agent = None, attempts = None, backoff = None,
                deadline = None, connect_timeout = None, idle_timeout = None, copy_timeout = None,
                minimum_rate = None, on_wait = None, read_only = false, test_mode = None
            ))]
            #[allow(clippy::too_many_arguments, reason = "Python passes them by their names")]
            #[expect(clippy::needless_pass_by_value, reason = "PyO3 hands arguments over")]
            fn new(
                key_id: String,
                application_key: AnySecret,
                realm: Option<String>,
                user_agent: Option<String>,
                attempts: Option<u32>,
                backoff: Option<(Timeout, Timeout)>,
                deadline: Option<Timeout>,
                connect_timeout: Option<Timeout>,
                idle_timeout: Option<Timeout>,
                copy_timeout: Option<Timeout>,
                minimum_rate: Option<u32>,
                on_wait: Option<Listener<Wait>>,
                read_only: bool,
                test_mode: Option<String>,
            ) -> PyResult<Self> {
                let config = Config::new(KeyId::new(key_id), ApplicationKey::new(application_key.text()));
                let settings = Settings {
                    realm, user_agent, attempts, backoff, deadline, connect_timeout, idle_timeout, copy_timeout,
                    minimum_rate, on_wait, read_only, test_mode,
                };
                Ok(Self(settings.client(config)?))
            }

            /// A client without a key, which only downloads: from public buckets, or with a download token, whose ``download_url`` it takes.
            #[staticmethod]
            #[pyo3(signature = (download_url, *, user_agent = None))]
            fn anonymous(download_url: String, user_agent: Option<String>) -> PyResult<Self> {
                let settings = Settings {
                    realm: None, user_agent, attempts: None, backoff: None, deadline: None, connect_timeout: None,
                    idle_timeout: None, copy_timeout: None, minimum_rate: None, on_wait: None, read_only: false,
                    test_mode: None,
                };
                Ok(Self(settings.client(Config::anonymous(download_url))?))
            }

            #[expect(clippy::unused_self, reason = "Python calls it on the client, of which it shows nothing")]
            fn __repr__(&self) -> &'static str {
                "Client(application_key='***')"
            }
        }
        blocking {
            /// Buckets.
            #[getter]
            fn buckets(&self) -> Buckets {
                Buckets(self.0.clone())
            }

            /// Application keys.
            #[getter]
            fn keys(&self) -> Keys {
                Keys(self.0.clone())
            }

            /// Files and their versions.
            #[getter]
            fn files(&self) -> Files {
                Files(self.0.clone())
            }
        }
        asyncio {
            /// Buckets.
            #[getter]
            fn buckets(&self) -> AioBuckets {
                AioBuckets(self.0.clone())
            }

            /// Application keys.
            #[getter]
            fn keys(&self) -> AioKeys {
                AioKeys(self.0.clone())
            }

            /// Files and their versions.
            #[getter]
            fn files(&self) -> AioFiles {
                AioFiles(self.0.clone())
            }
        }

        /// The account, and what the key may do in it. Logs in if there is no session yet.
        #[pyo3(signature = (*, timeout = None))]
        Read "b2_authorize_account"
        fn account() -> Account = |b2| {
            Ok(Account::from(&*b2.client.account().await?))
        }

        /// The time by the service's clock, accurate to a second or two. Compute the end of a retention from it: the local clock may be wrong.
        #[pyo3(signature = (*, timeout = None))]
        Read "b2_authorize_account"
        fn service_time() -> Time = |b2| {
            Ok(Time(b2.client.service_time().await?.get()))
        }
    }
}
