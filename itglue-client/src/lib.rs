//! The IT Glue resources that escrow needs, typed.
