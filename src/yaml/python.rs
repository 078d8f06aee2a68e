//! How the SDK (Python, PyYAML) reads a scalar.
