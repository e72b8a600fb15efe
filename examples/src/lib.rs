//! Programs worth copying.
