//! Whole flows, crash points and tidy checks.
