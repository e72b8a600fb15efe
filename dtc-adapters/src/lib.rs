//! Binds the provisioning ports to the real services.
