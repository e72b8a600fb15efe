//! NinjaOne's public API v2, typed.
