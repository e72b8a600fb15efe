//! Secrets: what logs in, and addresses that open something to whoever has them.

http_core::secret_types! {
    /// The secret of an API application.
    ClientSecret;
    /// A token that calls are authorised with, until it expires.
    AccessToken;
    /// A token that new access tokens are asked for with.
    RefreshToken;
    /// The code that a log-in by a person ends with; good for one token, for a short time.
    AuthorizationCode;
    /// What proves that whoever asks for a token also began the log-in (RFC 7636).
    CodeVerifier;
    /// An address that is a right.
    LinkUrl;
    /// Addresses that are rights, as the JSON text in which they came.
    SignedUrls;
    /// What a script is given, which may be a secret.
    ScriptParameters;
    /// The value of a header that a webhook sends.
    HeaderValue;
}
