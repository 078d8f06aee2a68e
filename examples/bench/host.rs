//! What the host of a virtual machine leaves to it.

use std::fs;

/// How long the host has given the processors of this machine to others, in hundredths of a second;
/// always the same where it does not tell.
pub fn stolen() -> u64 {
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    let all = text.lines().next().unwrap_or_default();
    let steal = all.split_whitespace().nth(8);
    steal.and_then(|it| it.parse().ok()).unwrap_or(0)
}
