//! Python face of the DTC backup toolkit.
