//! How the daemon (Go, yaml.v3) reads a scalar.
