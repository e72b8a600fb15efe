//! The appliance's self-signed certificate, made at the start, for clients to pin.

use std::sync::Arc;

use data_encoding::HEXLOWER;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use sha2::{Digest as _, Sha256};

use crate::error::{Error, ErrorKind};

/// A certificate with what a TLS server needs to show it.
#[derive(Debug, Clone)]
pub(super) struct Certificate {
    pub(super) config: Arc<ServerConfig>,
    pem: String,
    fingerprint: String,
    digest: Vec<u8>,
}

impl Certificate {
    /// Makes a certificate for `127.0.0.1` and `localhost`.
    pub(super) fn make() -> Result<Self, Error> {
        let failed = |source: &dyn std::error::Error| {
            Error::new(ErrorKind::Certificate, format!("cannot make the appliance's certificate: {source}"))
        };
        let names = ["127.0.0.1".to_owned(), "localhost".to_owned()];
        let made = rcgen::generate_simple_self_signed(names).map_err(|e| failed(&e))?;
        let der = made.cert.der().clone();
        let digest = Sha256::digest(&der).to_vec();
        let fingerprint = HEXLOWER.encode(&digest);
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().map_err(|e| failed(&e))?;
        let mut config =
            builder.with_no_client_auth().with_single_cert(vec![der], key).map_err(|e| failed(&e))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { config: Arc::new(config), pem: made.cert.pem(), fingerprint, digest })
    }

    /// SHA-256 of the certificate, 64 hexadecimal digits in lower case.
    pub(super) fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// SHA-256 of the certificate.
    pub(super) fn digest(&self) -> &[u8] {
        &self.digest
    }

    pub(super) fn pem(&self) -> &str {
        &self.pem
    }
}
