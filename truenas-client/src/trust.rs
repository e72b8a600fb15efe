use std::str::FromStr;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, aws_lc_rs, verify_tls12_signature, verify_tls13_signature,
};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme,
};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use crate::error::{Error, ErrorKind};
use crate::fingerprint::Sha256Fingerprint;
use crate::tls_error::Mismatch;

/// Which certificate an appliance may show. There is no variant that accepts any.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Trust {
    /// Certificates that this machine's certificate store accepts.
    #[default]
    System,
    /// The certificates in this PEM text, as authorities or as the appliance's own; the address must be a name in the appliance's certificate.
    Certificate(String),
    /// The one certificate with this fingerprint, whatever names it holds. The way to trust a self-signed appliance.
    Fingerprint(Sha256Fingerprint),
}

impl Trust {
    /// Looks whether connections can be made under it, and sends nothing: every client does so when it connects.
    ///
    /// # Errors
    /// `InvalidRequest` for a text without a certificate, or with one that cannot be used, and for a certificate store that cannot be read.
    pub fn check(&self) -> Result<(), Error> {
        tls(self).map(drop)
    }
}

impl FromStr for Sha256Fingerprint {
    type Err = Error;

    /// Reads 64 hex digits of any case, in one piece or with a colon between bytes.
    fn from_str(text: &str) -> Result<Self, Error> {
        let pairs_are_parted = text.as_bytes().chunks(3).all(|c| c.len() < 3 || c[2] == b':');
        let digits = if pairs_are_parted { text.replace(':', "") } else { text.to_owned() };
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok();
        bytes.and_then(|b| b.try_into().ok()).map(Self::new).ok_or_else(|| {
            let reason = "a fingerprint is 64 hex digits, with or without colons: the SHA-256 of the appliance's certificate";
            Error::new("certificate fingerprint", text, ErrorKind::InvalidRequest { reason })
        })
    }
}

/// The TLS settings for one appliance. HTTP/1.1 is asked for by name: over HTTP/2 the appliance's WebSocket upgrade fails.
pub(crate) fn tls(trust: &Trust) -> Result<ClientConfig, Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match trust {
        Trust::System => {
            let system = rustls_platform_verifier::Verifier::new(provider.clone());
            Arc::new(
                system
                    .map_err(|e| refused("this machine's certificate store cannot be read").with_source(e))?,
            )
        }
        Trust::Certificate(pem) => certificate_verifier(pem, provider.clone())?,
        Trust::Fingerprint(expected) => {
            Arc::new(Pin { expected: *expected, algorithms: provider.signature_verification_algorithms })
        }
    };
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|e| refused("this build offers no TLS version").with_source(e))?;
    let mut config = builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn certificate_verifier(
    pem: &str,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, Error> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate =
            certificate.map_err(|e| refused("the trusted certificate is no PEM text").with_source(e))?;
        roots
            .add(certificate)
            .map_err(|e| refused("the trusted certificate cannot be used").with_source(e))?;
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
        .build()
        .map_err(|e| refused("the PEM text holds no certificate to trust").with_source(e))
}

fn refused(reason: &'static str) -> Error {
    Error::new("certificate trust", "", ErrorKind::InvalidRequest { reason })
}

/// Accepts one certificate by its hash; the handshake's signature is still checked, so the peer must hold its key.
#[derive(Debug)]
struct Pin {
    expected: Sha256Fingerprint,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for Pin {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let found = Sha256Fingerprint::of(end_entity);
        if found == self.expected {
            return Ok(ServerCertVerified::assertion());
        }
        let mismatch = Mismatch { expected: self.expected, found };
        Err(rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(mismatch)))))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_read_in_both_spellings_and_no_other() {
        let plain = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        let shown = plain.parse::<Sha256Fingerprint>().unwrap().to_string();
        assert_eq!(&shown[..8], "9F:86:D0");
        assert_eq!(shown.parse::<Sha256Fingerprint>().unwrap(), plain.parse().unwrap());
        for wrong in [
            "",
            "9f86",
            &plain[1..],
            &plain.replace('9', "g"),
            &shown.replacen(':', " ", 1),
            &format!("9:f{}", &plain[2..]),
        ] {
            assert!(wrong.parse::<Sha256Fingerprint>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_trusted_text_without_a_certificate_is_refused() {
        assert!(Trust::Certificate("no certificate".into()).check().is_err());
    }
}
