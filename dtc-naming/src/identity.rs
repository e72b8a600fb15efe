//! The identities of a backup: organisation, location and device, each with its own UUID type.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::error::{Breach, Error, ErrorKind, RuleId};
use crate::text_form::text_form;
use crate::uuid_text::{self, Spelling};
use crate::versions::{Accepted, UuidVersions};

macro_rules! identity {
    ($(#[$doc:meta])+ $name:ident, $subject:literal, $rule:ident) => {
        $(#[$doc])+
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            pub(crate) fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// Returns the 16 bytes, most significant first.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// Returns the UUID version, from 1 to 8.
            pub fn version(self) -> u8 {
                self.0.as_bytes()[6] >> 4
            }

            #[doc = concat!("Checks that the ", $subject, " has an accepted version, and returns it with this proof.")]
            ///
            /// # Errors
            /// [`ErrorKind::Version`] when the version is not accepted.
            pub fn accept(self, versions: &UuidVersions) -> Result<Accepted<Self>, Error> {
                if versions.contains(self.version()) {
                    return Ok(Accepted::proven(self));
                }
                let breach = Breach {
                    rule: RuleId::$rule,
                    kind: ErrorKind::Version,
                    span: 14..15,
                    problem: format!("it is a version {} UUID; the accepted versions are: {versions}", self.version()),
                    remedy: "issue a new one, or add the version to the accepted ones",
                };
                Err(breach.of($subject, &self.to_string()))
            }
        }

        impl FromStr for $name {
            type Err = Error;

            /// Parses any RFC 9562 UUID except nil and max, in any case: dashed, undashed, braced or `urn:uuid:`.
            fn from_str(text: &str) -> Result<Self, Error> {
                uuid_text::read(text, Spelling::Any, RuleId::$rule)
                    .map(Self)
                    .map_err(|breach| breach.of($subject, text))
            }
        }

        /// Formats in lower case with dashes.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.0.as_hyphenated().encode_lower(&mut [0; 36]))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl From<Accepted<$name>> for $name {
            fn from(accepted: Accepted<$name>) -> Self {
                accepted.into_inner()
            }
        }

        text_form!($name);
    };
}

identity! {
    /// The UUID of the client organisation (I1, I2). It is not part of any name (N3).
    ///
    /// ```
    /// let organisation: dtc_naming::OrgUuid = "urn:uuid:0190163D-8694-739B-AEA5-966C26F8AD91".parse()?;
    /// assert_eq!(organisation.to_string(), "0190163d-8694-739b-aea5-966c26f8ad91");
    /// # Ok::<(), dtc_naming::Error>(())
    /// ```
    OrgUuid, "organisation UUID", I2
}

identity! {
    /// The UUID of the client's location, which the bucket is named after (I1, I2, N1).
    ///
    /// ```
    /// use dtc_naming::{LocationUuid, UuidVersions};
    ///
    /// let location: LocationUuid = "{A1B2C3D4-E5F6-7071-8293-A4B5C6D7E8F9}".parse()?;
    /// assert_eq!(location.version(), 7);
    /// let accepted = location.accept(&UuidVersions::default())?;      // the first step of provisioning
    /// assert_eq!(accepted.get(), &location);
    /// # Ok::<(), dtc_naming::Error>(())
    /// ```
    LocationUuid, "location UUID", I2
}

impl LocationUuid {
    pub(crate) fn uuid(self) -> Uuid {
        self.0
    }
}

identity! {
    /// The GUID of the appliance, which its folders are named after (I3, N4).
    DeviceGuid, "Device GUID", I3
}

impl DeviceGuid {
    /// Creates a version 4 GUID (I3) from 16 bytes of a cryptographic random generator.
    ///
    /// ```
    /// let guid = dtc_naming::DeviceGuid::from_random_bytes([0xff; 16]);
    /// assert_eq!(guid.to_string(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    /// ```
    pub fn from_random_bytes(bytes: [u8; 16]) -> Self {
        Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }
}
