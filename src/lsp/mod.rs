//! The language server: the other face.
//!
//! One loop owns the state and never computes (`server`); every request works on an immutable
//! `snapshot` in a pool of threads, with the unsaved texts of all open documents laid over the
//! disk. Byte offsets become lines and columns of the client's encoding in `position`, and only
//! there. What is found is what the command line finds on the same texts.

mod actions;
mod capabilities;
mod client;
mod completion;
mod configuration;
mod cursor;
mod diagnostics;
mod documents;
mod edits;
mod explain;
mod failure;
mod fields;
mod hover;
mod ignore;
mod links;
mod mentions;
mod missing;
mod moves;
mod names;
mod paths;
mod pool;
mod position;
mod projects;
mod publish;
mod pull;
mod rename;
mod requests;
mod server;
mod settings;
mod skeleton;
mod snapshot;
mod symbols;
mod transport;
mod uri;
mod verdicts;
mod waiting;
mod watch;

pub use server::serve;
use server::serve_by;
pub use transport::{over, stdio};
