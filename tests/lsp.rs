//! The language server, spoken to as an editor speaks to it.

mod configuration;
mod diagnostics;
mod features;
mod ignore;
mod kinds;
mod lifecycle;
mod robust;
mod session;
