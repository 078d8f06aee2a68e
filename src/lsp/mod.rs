//! The language server: the other face.
//!
//! One loop owns the state and never computes ([`server`]); every request works on an immutable
//! [`snapshot`] in a pool of threads, with the unsaved texts of all open documents laid over the
//! disk. Byte offsets become lines and columns of the client's encoding in [`position`], and only
//! there. What is found is what the command line finds on the same texts.

mod capabilities;
mod client;
mod diagnostics;
mod documents;
mod failure;
mod pool;
mod position;
mod projects;
mod publish;
mod pull;
mod requests;
mod server;
mod settings;
mod snapshot;
mod transport;
mod uri;
mod watch;

pub use server::serve;
pub use transport::stdio;
