//! Sessions and tokens.

use truenas_client::Client as Nas;
use truenas_client::sessions as there;

use super::failure::Failure;
use super::hidden::Hidden;
use super::shown::{Shown, found, words};
use crate::held::Held;
use crate::rt::Timeout;
use crate::twins::twins;
use crate::values::{Many, Time};

words!(there::LoggedInWith);

found! {
    /// Somebody who is logged in (TrueNAS middleware 13.3 to 26, ``auth.sessions``). What a release does not say is ``None``.
    Session of there::Session {
        /// Its identifier.
        id: String,
        /// Whether it is this connection.
        current: bool,
        /// Whether the appliance made it for itself.
        internal: bool,
        /// The address that it comes from.
        origin: Option<String> = None,
        /// What it was logged in with.
        credentials: String,
        /// Who it is.
        who: Who,
        /// When it began.
        created_at: Option<Time> = None,
        /// Whether it came over TLS, from 25.04 on.
        secure_transport: Option<bool> = None,
    }
}

found! {
    /// Who is logged in.
    Who of there::Who {
        /// The user's name, from 24.10 on.
        username: Option<String> = None,
        /// The API key, where it was one.
        api_key: Option<KeyOfSession> = None,
    }
}

found! {
    /// The API key that somebody logged in with.
    KeyOfSession of there::KeyOfSession {
        /// Its number.
        id: i64,
        /// Its name.
        name: String,
    }
}

twins! {
    /// Who is logged in, and tokens for others to log in with.
    "Sessions" in "dtc.truenas" and "dtc.truenas.aio", Failure: Sessions / AioSessions(Held<Nas>) {
        both {}
        blocking {}
        asyncio {}

        /// Everybody who is logged in now, this connection included.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "auth.sessions"
        fn list() -> Many<Session> = |nas| {
            Ok(nas.sessions().list().await?.shown())
        }

        /// Makes a token that logs in as this user for a while. Whoever has it may do all that this user may: a read-only client makes none.
        ///
        /// Errors by their ``kind``: ``unsupported`` for a condition that the release cannot hold to; ``outcome_unknown`` when the answer is lost: a
        /// token that nobody knows then expires by itself.
        #[pyo3(signature = (*, any_address = false, once = false, lasting = None, timeout = None))]
        Write "auth.generate_token"
        fn make_token(any_address: bool, once: bool, lasting: Option<Timeout>) -> Hidden = |nas| {
            let mut token =
                if any_address { there::NewToken::for_any_address() } else { there::NewToken::for_this_address() };
            if once {
                token = token.once();
            }
            if let Some(time) = lasting {
                token = token.lasting(time.get());
            }
            Ok(nas.sessions().make_token(&token).await?.shown())
        }
    }
}
