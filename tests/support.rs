//! What several tests share.

pub mod cases;
pub mod editor;
pub mod folders;
