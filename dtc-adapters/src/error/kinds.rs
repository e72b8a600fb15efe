//! X6: every kind of every client, and what it means to provisioning. Each table names all variants of its enum, so that a
//! new one is seen here before it is mapped to what claims least.

use std::collections::BTreeSet;

use dtc_provision::PortErrorKind as P;
use truenas_client::JobId;

/// The variants of a client's `ErrorKind`, by name, as its source declares them.
fn declared(source: &'static str) -> BTreeSet<&'static str> {
    let body = source.split("pub enum ErrorKind {").nth(1).unwrap().split("\n}").next().unwrap();
    let variants = body.lines().filter_map(|line| line.strip_prefix("    "));
    let variants = variants.filter(|line| line.starts_with(|first: char| first.is_ascii_uppercase()));
    variants.map(|line| line.split([' ', ',', '(', '{']).next().unwrap()).collect()
}

/// Holds a client's table: its variants are the declared ones, and each means what the table says.
macro_rules! table {
    ($test:ident, $of:expr, $source:literal, $kind:path: $($variant:ident $({ $($field:ident: $value:expr),* })? => $port:ident),+ $(,)?) => {
        #[test]
        fn $test() {
            use $kind as Kind;
            let named = [$(stringify!($variant)),+];
            assert_eq!(declared(include_str!($source)), BTreeSet::from(named));
            $(assert_eq!($of(&Kind::$variant $({ $($field: $value),* })?), P::$port, stringify!($variant));)+
        }
    };
}

table! {
    x6_every_kind_of_b2, super::of_b2, "../../../b2-client/src/error.rs", b2_client::ErrorKind:
    InvalidRequest => Refused,
    ReadOnly => Refused,
    NameTaken => Conflict,
    TooManyBuckets => AccountLimit,
    BucketNotEmpty => Refused,
    RevisionConflict => Conflict,
    LockConflict => Refused,
    Locked => Refused,
    Unauthorized { missing: Vec::new() } => Unauthorized,
    CredentialsRejected => CredentialsRejected,
    KeyTooNew => CredentialsRejected,
    AccountNotReady => AccountLimit,
    AccessDenied => Unauthorized,
    CapExceeded => AccountLimit,
    RateLimited => RateLimited,
    Unreachable => Unreachable,
    OutcomeUnknown => OutcomeUnknown,
    NotFound => NotFound,
    AlreadyHidden => Refused,
    LargeFileGone => NotFound,
    ChecksumMismatch => Damaged,
    TooLargeToCopy => Refused,
    RangeNotSatisfiable => Refused,
    SourceFailed => Unreachable,
    DestinationFailed => Unreachable,
    NotUnderstood => NotUnderstood,
    Unclassified { code: "odd".to_owned(), status: 418 } => Refused,
}

#[test]
fn x6_a_refusal_without_b2s_code_is_not_b2s() {
    let nameless = b2_client::ErrorKind::Unclassified { code: String::new(), status: 404 };
    assert_eq!(super::of_b2(&nameless), P::NotUnderstood);
}

fn fingerprint() -> truenas_client::Sha256Fingerprint {
    "ab".repeat(32).parse().unwrap()
}

fn text() -> String {
    String::new()
}

table! {
    x6_every_kind_of_the_appliance, super::of_truenas, "../../../truenas-client/src/error.rs",
    truenas_client::ErrorKind:
    InvalidRequest { reason: "" } => Refused,
    ReadOnly => Refused,
    PinMismatch { expected: fingerprint(), found: fingerprint() } => WrongMachine,
    Untrusted => WrongMachine,
    Unreachable => Unreachable,
    OutcomeUnknown => OutcomeUnknown,
    NotTrueNas => WrongMachine,
    SocketBlocked { found: text() } => Unreachable,
    AddressNotAllowed => Unauthorized,
    Standby { urls: Vec::new() } => WrongMachine,
    NotProven => WrongMachine,
    CredentialsRejected => CredentialsRejected,
    CredentialsExpired => CredentialsRejected,
    OneTimeCodeRequired => CredentialsRejected,
    ApiAccessDenied => Unauthorized,
    Unauthorized => Unauthorized,
    RateLimited => RateLimited,
    Validation { fields: Vec::new() } => Refused,
    NotFound => NotFound,
    Unsupported { feature: "", release: text(), instead: None } => Unsupported,
    NotStarted { job: JobId::new(1) } => Refused,
    JobVanished { job: JobId::new(1) } => NotFound,
    JobFailed { job: JobId::new(1), reason: text(), fields: Vec::new() } => Refused,
    JobAborted { job: JobId::new(1) } => Refused,
    JobUnfinished { job: JobId::new(1) } => OutcomeUnknown,
    Rejected { errno: 16, errname: text(), reason: text() } => Refused,
    RedactedSecret { field: text() } => Refused,
    TooLong { characters: 2, limit: 1 } => Refused,
    NotUnderstood { path: text() } => NotUnderstood,
}

table! {
    x6_every_kind_of_ninjaone, |kind: &ninja_client::ErrorKind| super::of_ninja(*kind),
    "../../../ninja-client/src/error.rs", ninja_client::ErrorKind:
    InvalidRequest => Refused,
    ReadOnly => Refused,
    CredentialsRejected => CredentialsRejected,
    ScopeNotGranted => Unauthorized,
    Unauthorized => Unauthorized,
    NotFound => NotFound,
    Rejected => Refused,
    RateLimited => RateLimited,
    Unreachable => Unreachable,
    OutcomeUnknown => OutcomeUnknown,
    NotStored => NotUnderstood,
    NotUnderstood => NotUnderstood,
    Unclassified => Refused,
}

table! {
    x6_every_kind_of_it_glue, |kind: &itglue_client::ErrorKind| super::of_itglue(*kind),
    "../../../itglue-client/src/error.rs", itglue_client::ErrorKind:
    InvalidRequest => Refused,
    ReadOnly => Refused,
    CredentialsRejected => CredentialsRejected,
    Unauthorized => Unauthorized,
    NoValue => NotFound,
    Ambiguous => Refused,
    Archived => NotFound,
    NotProven => NotUnderstood,
    NotFound => NotFound,
    Rejected => Refused,
    RateLimited => RateLimited,
    OutcomeUnknown => OutcomeUnknown,
    Unreachable => Unreachable,
    NotUnderstood => NotUnderstood,
    Unclassified => Refused,
}

table! {
    x6_every_kind_of_halopsa, |kind: &halo_client::ErrorKind| super::of_halo(*kind),
    "../../../halo-client/src/error.rs", halo_client::ErrorKind:
    InvalidRequest => Refused,
    ReadOnly => Refused,
    CredentialsRejected => CredentialsRejected,
    Unauthorized => Unauthorized,
    NotFound => NotFound,
    Rejected => Refused,
    RateLimited => RateLimited,
    FilterIgnored => Refused,
    NotStored => Refused,
    OutcomeUnknown => OutcomeUnknown,
    Unreachable => Unreachable,
    NotUnderstood => NotUnderstood,
    Unclassified => Refused,
}

/// What the folder of tickets can meet. `std` does not promise that its kinds stay as they are, so that each is named here; what an operating
/// system says besides (as of a broken disk) has no kind that can be named, and claims least.
#[test]
fn x6_every_kind_of_file_error() {
    use std::io::ErrorKind as Io;
    for (kind, expected) in [
        (Io::NotFound, P::NotFound),
        (Io::PermissionDenied, P::Unauthorized),
        (Io::ReadOnlyFilesystem, P::Unauthorized),
        (Io::StorageFull, P::AccountLimit),
        (Io::QuotaExceeded, P::AccountLimit),
        (Io::AlreadyExists, P::Conflict),
        (Io::ResourceBusy, P::Conflict),
        (Io::ExecutableFileBusy, P::Conflict),
        (Io::Deadlock, P::Conflict),
        (Io::NotADirectory, P::Refused),
        (Io::IsADirectory, P::Refused),
        (Io::DirectoryNotEmpty, P::Refused),
        (Io::InvalidFilename, P::Refused),
        (Io::InvalidInput, P::Refused),
        (Io::FileTooLarge, P::Refused),
        (Io::NotSeekable, P::Refused),
        (Io::TooManyLinks, P::Refused),
        (Io::CrossesDevices, P::Refused),
        (Io::Unsupported, P::Refused),
        (Io::ConnectionRefused, P::Unreachable),
        (Io::ConnectionReset, P::Unreachable),
        (Io::ConnectionAborted, P::Unreachable),
        (Io::NotConnected, P::Unreachable),
        (Io::HostUnreachable, P::Unreachable),
        (Io::NetworkUnreachable, P::Unreachable),
        (Io::NetworkDown, P::Unreachable),
        (Io::StaleNetworkFileHandle, P::Unreachable),
        (Io::TimedOut, P::Unreachable),
        (Io::WouldBlock, P::Unreachable),
        (Io::Interrupted, P::Unreachable),
        (Io::OutOfMemory, P::Unreachable),
        (Io::AddrInUse, P::NotUnderstood),
        (Io::AddrNotAvailable, P::NotUnderstood),
        (Io::BrokenPipe, P::NotUnderstood),
        (Io::InvalidData, P::NotUnderstood),
        (Io::UnexpectedEof, P::NotUnderstood),
        (Io::WriteZero, P::NotUnderstood),
        (Io::ArgumentListTooLong, P::NotUnderstood),
        (Io::Other, P::NotUnderstood),
    ] {
        assert_eq!(P::of_io(kind), expected, "{kind:?}");
    }
}

/// The same, as an operating system says it.
#[cfg(target_os = "linux")]
#[test]
fn x6_every_number_of_a_file_error_is_understood_by_its_kind() {
    for (number, name, expected) in [
        (2, "ENOENT", P::NotFound),
        (1, "EPERM", P::Unauthorized),
        (13, "EACCES", P::Unauthorized),
        (30, "EROFS", P::Unauthorized),
        (28, "ENOSPC", P::AccountLimit),
        (122, "EDQUOT", P::AccountLimit),
        (16, "EBUSY", P::Conflict),
        (17, "EEXIST", P::Conflict),
        (20, "ENOTDIR", P::Refused),
        (21, "EISDIR", P::Refused),
        (27, "EFBIG", P::Refused),
        (36, "ENAMETOOLONG", P::Refused),
        (95, "EOPNOTSUPP", P::Refused),
        (110, "ETIMEDOUT", P::Unreachable),
        (113, "EHOSTUNREACH", P::Unreachable),
        (116, "ESTALE", P::Unreachable),
        (107, "ENOTCONN", P::Unreachable),
        (5, "EIO", P::NotUnderstood),
        (6, "ENXIO", P::NotUnderstood),
        (19, "ENODEV", P::NotUnderstood),
        (24, "EMFILE", P::NotUnderstood),
        (40, "ELOOP", P::NotUnderstood),
        (121, "EREMOTEIO", P::NotUnderstood),
        (123, "ENOMEDIUM", P::NotUnderstood),
    ] {
        assert_eq!(P::of_io(std::io::Error::from_raw_os_error(number).kind()), expected, "{name}");
    }
}
