//! What TLS reports, found in the errors around it.

use rustls::{AlertDescription, CertificateError};

use crate::fingerprint::Sha256Fingerprint;

/// What the verifier reports through rustls when the pin does not fit.
#[derive(Debug, thiserror::Error)]
#[error("the certificate is not the pinned one")]
pub(crate) struct Mismatch {
    pub(crate) expected: Sha256Fingerprint,
    pub(crate) found: Sha256Fingerprint,
}

impl Mismatch {
    /// Finds the mismatch in the errors that TLS wraps around it.
    pub(crate) fn within<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a Self> {
        match tls_error(error)? {
            rustls::Error::InvalidCertificate(CertificateError::Other(other)) => other.0.downcast_ref(),
            _ => None,
        }
    }
}

/// Whether what answered refuses HTTP/1.1, over which alone a WebSocket is opened here.
pub(crate) fn speaks_http_2_only(error: &(dyn std::error::Error + 'static)) -> bool {
    matches!(tls_error(error), Some(rustls::Error::AlertReceived(AlertDescription::NoApplicationProtocol)))
}

/// The error of TLS that lies beneath another.
fn tls_error<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    if let Some(found) = error.downcast_ref() {
        return Some(found);
    }
    // An io::Error's source() leaves out the error it was made of.
    let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    inner.and_then(|e| tls_error(e)).or_else(|| error.source().and_then(tls_error))
}
