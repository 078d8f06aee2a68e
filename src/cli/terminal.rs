//! What standard output can show.

use super::args::{ColorWhen, LookArgs};
use crate::report::Look;
use std::env;
use std::io::{self, IsTerminal};

/// Lines of prose get hard to read beyond this.
const MAX_WIDTH: usize = 120;

/// How text looks on standard output.
pub fn look(args: &LookArgs) -> Look {
    let terminal = io::stdout().is_terminal();
    let color = color(args.color, terminal);
    Look {
        color,
        unicode: !args.ascii && draws_unicode(terminal),
        links: color && terminal && shows_links(),
        width: if terminal { width() } else { Look::PLAIN.width },
        ..Look::PLAIN
    }
}

/// Whether to use colours on a stream. An explicit answer stands over the environment;
/// of that, NO_COLOR (no-color.org) over CLICOLOR_FORCE (bixense.com/clicolors).
pub fn color(when: ColorWhen, terminal: bool) -> bool {
    match when {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto if is_set("NO_COLOR") => false,
        ColorWhen::Auto if is_set("CLICOLOR_FORCE") && !is("CLICOLOR_FORCE", "0") => true,
        ColorWhen::Auto => terminal && !is("TERM", "dumb") && !is("CLICOLOR", "0"),
    }
}

fn is_set(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| !value.is_empty())
}

fn is(name: &str, value: &str) -> bool {
    env::var_os(name).is_some_and(|set| set == value)
}

/// Whether a stream can show more than ASCII: a terminal by its locale, a file or pipe always.
pub fn draws_unicode(terminal: bool) -> bool {
    if !terminal || cfg!(any(windows, target_os = "macos")) {
        return true;
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(|name| env::var(name).ok())
        .find(|value| !value.is_empty());
    locale.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

/// There is no way to ask a terminal; these are known to show links, and the others might show
/// the sequences themselves.
fn shows_links() -> bool {
    let program = env::var("TERM_PROGRAM").unwrap_or_default();
    let term = env::var("TERM").unwrap_or_default();
    let vte = env::var("VTE_VERSION").ok().and_then(|v| v.parse().ok());
    is_set("WT_SESSION")
        || is_set("KONSOLE_VERSION")
        || matches!(vte, Some(5000u32..))
        || matches!(
            program.as_str(),
            "iTerm.app" | "WezTerm" | "vscode" | "ghostty" | "Hyper"
        )
        || matches!(
            term.as_str(),
            "xterm-kitty" | "xterm-ghostty" | "alacritty" | "foot"
        )
}

fn width() -> usize {
    let columns = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    columns.unwrap_or(Look::PLAIN.width).clamp(40, MAX_WIDTH)
}
