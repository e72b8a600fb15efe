//! Backblaze B2's native API, typed.
