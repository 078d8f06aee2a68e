//! Tables in Markdown.

use std::time::Duration;

/// Prints the head of a table: the first column on the left, the others on the right.
pub fn head(columns: &[&str]) {
    println!("\n| {} |", columns.join(" | "));
    println!("|---|{}", "---:|".repeat(columns.len() - 1));
}

/// Prints a row.
pub fn row(cells: &[String]) {
    println!("| {} |", cells.join(" | "));
}

/// A time in milliseconds, or in seconds when that is shorter to read.
pub fn time(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 10.0 {
        format!("{:.1} ms", seconds * 1000.0)
    } else {
        format!("{seconds:.1} s")
    }
}

/// An amount of memory.
pub fn memory(mib: Option<f64>) -> String {
    mib.map_or_else(|| "not measured".to_owned(), |mib| format!("{mib:.0} MiB"))
}

/// A target, and whether it was met.
pub fn target(words: &str, met: bool) -> String {
    format!("{words}: {}", if met { "met" } else { "**missed**" })
}
