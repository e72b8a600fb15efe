//! Carries one call to an HTTP service and back: retry, session renewal, redaction, spans, decoding.
