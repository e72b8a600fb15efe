//! TrueNAS middleware: one typed API.
