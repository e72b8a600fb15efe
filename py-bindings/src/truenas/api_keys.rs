//! API keys.

use pyo3::prelude::*;
use serde_json::json;
use truenas_client::api_keys as there;
use truenas_client::{ApiKeyId, Client as Nas};

use super::failure::Failure;
use super::hidden::{Hidden, Redactable};
use super::shown::{Shown, found, moment, of_json, taken_away, with};
use crate::errors;
use crate::held::Held;
use crate::twins::twins;
use crate::values::{Many, Nothing, Time, value_class};

value_class! {
    in "dtc.truenas";
    /// Something that a key may call, up to 24.10.
    Allowed {
        /// By which verb: ``CALL``, ``SUBSCRIBE``, one of HTTP's, or ``*``.
        method: String,
        /// What it is: a method, a collection, a path, or several by a star.
        resource: String,
    }

    /// A call over the socket: a method, or several by a star, as in ``pool.*``.
    #[staticmethod]
    fn call(method: String) -> Self {
        there::Allowed::call(method).shown()
    }

    /// The events of a collection.
    #[staticmethod]
    fn subscribe(collection: String) -> Self {
        there::Allowed::subscribe(collection).shown()
    }

    /// Anything whatever.
    #[staticmethod]
    fn everything() -> Self {
        there::Allowed::everything().shown()
    }
}

impl Shown<Allowed> for there::Allowed {
    fn shown(self) -> Allowed {
        Allowed { method: self.method().to_owned(), resource: self.resource().to_owned() }
    }
}

impl Allowed {
    fn given(&self) -> PyResult<there::Allowed> {
        of_json("allowed call", &self.resource, json!({"method": self.method, "resource": self.resource}))
    }
}

fn allowed(calls: &[Allowed]) -> PyResult<Vec<there::Allowed>> {
    calls.iter().map(Allowed::given).collect()
}

value_class! {
    in "dtc.truenas";
    /// A new API key: of a user, from 25.04 on; one that may make certain calls, on 24.x; or one with every right.
    CreateApiKey {
        /// Its name, of at most 200 characters.
        name: String,
        /// The user whose rights it has.
        username: Option<String> = None,
        /// What alone it may call.
        allowlist: Option<Vec<Allowed>> = None,
        /// Whether it has every right, up to 24.10.
        full_access: bool = false,
        /// Until when it holds.
        expires: Option<Time> = None,
    }
}

impl CreateApiKey {
    pub(crate) fn given(&self) -> PyResult<there::CreateApiKey> {
        let name = self.name.as_str();
        let request = match (&self.username, &self.allowlist, self.full_access) {
            (Some(user), None, false) => there::CreateApiKey::of_user(name, user),
            (None, Some(calls), false) => there::CreateApiKey::allowing(name, allowed(calls)?),
            (None, None, true) => there::CreateApiKey::full_access(name),
            _ => {
                let remedy = "give username, or allowlist, or full_access=True";
                return Err(errors::argument(
                    "API key",
                    name,
                    "is to have no or several kinds of rights",
                    remedy,
                ));
            }
        };
        Ok(with! { request, self; expires as it => expires(moment(*it)?) })
    }
}

value_class! {
    in "dtc.truenas";
    /// What to change about an API key.
    UpdateApiKey {
        /// Another name.
        name: Option<String> = None,
        /// Until when it holds.
        expires: Option<Time> = None,
        /// What alone it may call.
        allowlist: Option<Vec<Allowed>> = None,
        /// What is taken away: ``expires``, for a key that holds for ever.
        without: Option<Vec<String>> = None,
    }
}

impl UpdateApiKey {
    pub(crate) fn given(&self) -> PyResult<there::UpdateApiKey> {
        let request = with! { there::UpdateApiKey::new(), self;
            name as it => name(it),
            expires as it => expires(Some(moment(*it)?)),
            allowlist as it => allowing(&allowed(it)?),
        };
        let gone = taken_away(self.without.as_deref(), &["expires"])?;
        Ok(if gone.contains(&"expires") { request.expires(None) } else { request })
    }
}

found! {
    /// An API key as the appliance lists it (TrueNAS middleware 13.3 to 26, ``api_key.query``). What a release does not say is ``None``.
    ApiKeyEntry of there::ApiKeyEntry {
        /// Its number, with which the key begins.
        id: i64,
        /// Its name.
        name: String,
        /// Whose it is, from 25.04 on. Before, keys are nobody's; from 25.10 on also ``None`` when that user is gone.
        username: Option<String> = None,
        /// That user, as the appliance keeps it: the number of its row, or an identifier of a directory service.
        user_identifier: Option<String> = None,
        /// Whether that user is the appliance's own.
        local: Option<bool> = None,
        /// When it was made.
        created_at: Option<Time> = None,
        /// Until when it is good; ``None`` for ever, and for a revoked one.
        expires_at: Option<Time> = None,
        /// Whether it was revoked, as the appliance does with a key that reaches it without TLS.
        revoked: bool,
        /// Why it was revoked, from 25.10 on.
        revoked_reason: Option<String> = None,
        /// Which calls it may make, on 24.x.
        allowlist: Option<Vec<Allowed>> = None,
        /// The hash of it that 25.04 and 25.10 keep.
        keyhash: Redactable = (Redactable::Absent),
        /// In how many rounds it was stretched, on 26.
        iterations: Option<u32> = None,
        /// With which salt, on 26.
        salt: Redactable = (Redactable::Absent),
        /// What 26 checks proofs with.
        stored_key: Redactable = (Redactable::Absent),
        /// What 26 proves itself with.
        server_key: Redactable = (Redactable::Absent),
    }
}

found! {
    /// A key that was just made.
    NewApiKey of there::NewApiKey {
        /// The key itself, which the appliance shows this once.
        key: Hidden,
        /// What the appliance keeps of it.
        entry: ApiKeyEntry,
    }
}

found! {
    /// What a client can keep in place of a key, for logging in by proof (RFC 5802). All of it is as secret as the key.
    KeyProof of there::KeyProof {
        /// The number of the key.
        api_key_id: i64,
        /// In how many rounds it was stretched.
        iterations: u32,
        /// With which salt.
        salt: Redactable = (Redactable::Absent),
        /// What the client proves that it knows.
        client_key: Redactable = (Redactable::Absent),
        /// What the appliance checks that with.
        stored_key: Redactable = (Redactable::Absent),
        /// What the appliance proves that it knows.
        server_key: Redactable = (Redactable::Absent),
    }
}

twins! {
    /// API keys: of users from 25.04 on, of nobody before.
    "ApiKeys" in "dtc.truenas" and "dtc.truenas.aio", Failure: ApiKeys / AioApiKeys(Held<Nas>) {
        both {}
        blocking {}
        asyncio {}

        /// Every API key, without the keys themselves.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "api_key.query"
        fn list() -> Many<ApiKeyEntry> = |nas| {
            Ok(nas.api_keys().list().await?.shown())
        }

        /// One API key, without the key itself.
        ///
        /// Errors by their ``kind``: ``not_found``, and those of every reading call.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "api_key.query"
        fn get(id: i64) -> ApiKeyEntry = |nas| {
            Ok(nas.api_keys().get(ApiKeyId::new(id)).await?.shown())
        }

        /// The API keys of the user whose credentials these are.
        ///
        /// Errors by their ``kind``: ``unsupported`` before 25.04, where a key is nobody's; those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "api_key.my_keys"
        fn mine() -> Many<ApiKeyEntry> = |nas| {
            Ok(nas.api_keys().mine().await?.shown())
        }

        /// Makes an API key. The answer holds it, this once: an appliance never shows it again.
        ///
        /// Errors by their ``kind``: ``invalid_request`` for a name of no or more than 200 characters; ``outcome_unknown`` when the answer is lost:
        /// the key was made or not, nobody has it, and it should be looked for by its name and deleted; ``validation`` (a name that is taken, a user
        /// without roles, a date in the past); ``unauthorized``; ``unsupported`` for a form of keys that the release lacks.
        #[pyo3(signature = (key, *, timeout = None))]
        Write "api_key.create"
        fn create(key: CreateApiKey) -> NewApiKey = |nas| {
            Ok(nas.api_keys().create(&key.given()?).await?.shown())
        }

        /// Changes an API key, but not the key itself.
        ///
        /// Errors by their ``kind``: As ``create``, and ``not_found``.
        #[pyo3(signature = (id, changes, *, timeout = None))]
        Write "api_key.update"
        fn update(id: i64, changes: UpdateApiKey) -> ApiKeyEntry = |nas| {
            Ok(nas.api_keys().update(ApiKeyId::new(id), &changes.given()?).await?.shown())
        }

        /// Gives an API key another secret, which also lets a revoked one be used again. Whoever uses the old one is locked out.
        ///
        /// Errors by their ``kind``: ``outcome_unknown`` when the answer is lost: the old key may be void and the new one known to nobody, so do it
        /// again; ``not_found``, ``unauthorized``.
        #[pyo3(signature = (id, *, timeout = None))]
        Write "api_key.update"
        fn reset(id: i64) -> NewApiKey = |nas| {
            Ok(nas.api_keys().reset(ApiKeyId::new(id)).await?.shown())
        }

        /// Deletes an API key. Connections that were logged in with it stay until they end.
        ///
        /// Errors by their ``kind``: ``not_found``, ``outcome_unknown``, ``unauthorized``.
        #[pyo3(signature = (id, *, timeout = None))]
        Write "api_key.delete"
        fn delete(id: i64) -> Nothing = |nas| {
            Ok(nas.api_keys().delete(ApiKeyId::new(id)).await?.shown())
        }

        /// What a client can keep in place of a key, to log in by proof without it: from 26 on.
        ///
        /// Errors by their ``kind``: ``unsupported`` before 26; ``validation`` when it is no key of this appliance, or is revoked; those of every
        /// reading call.
        #[pyo3(signature = (key, *, timeout = None))]
        Read "api_key.convert_raw_key"
        fn convert(key: Hidden) -> KeyProof = |nas| {
            Ok(nas.api_keys().convert(&key.given()).await?.shown())
        }
    }
}
