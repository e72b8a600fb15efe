//! Observe, plan, apply, verify: one appliance from nothing to a proven backup, over ports.
