//! rclone's crypt format: contents and names, both ways.
