//! Names and identities of DTC backups that can only exist when valid.
