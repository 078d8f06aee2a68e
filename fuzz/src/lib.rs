//! What fuzzers feed: functions of any bytes that must neither panic nor hang, and in which what
//! is always true is asserted.
//!
//! The same functions run under cargo-fuzz (`fuzz_targets/`, nightly) and, with seeds from the
//! corpus and a small mutator, in `tests/fuzz.rs` on every toolchain.

mod documents;
mod languages;
mod messages;
mod patterns;
mod plugins;
mod settings;

/// A thing to feed.
pub struct Target {
    /// The name of its file in `fuzz_targets/`.
    pub name: &'static str,
    /// Feeds it; panics when something is wrong with difylint.
    pub one: fn(&[u8]),
    /// Sound inputs, to begin with.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// Feeds the target of this name.
#[allow(dead_code, reason = "for the programs in `fuzz_targets/`")]
pub fn feed(name: &str, data: &[u8]) {
    match TARGETS.iter().find(|target| target.name == name) {
        Some(target) => (target.one)(data),
        None => panic!("there is no target `{name}`"),
    }
}

/// All of them.
pub const TARGETS: [Target; 15] = [
    target("yaml_tree", documents::tree, documents::yaml_seeds),
    target("yaml_readings", documents::readings, documents::yaml_seeds),
    target("shapes", documents::shapes, documents::yaml_seeds),
    target("package", plugins::package, plugins::package_seeds),
    target("plugin", plugins::check, plugins::seeds),
    target("fixes", plugins::fixes, plugins::yaml_seeds),
    target("compare", plugins::compare, plugins::pair_seeds),
    target("ignore_patterns", patterns::ignore, patterns::seeds),
    target("go_globs", patterns::go, patterns::seeds),
    target("python_globs", patterns::python, patterns::seeds),
    target(
        "suppressions",
        languages::suppressions,
        languages::suppression_seeds,
    ),
    target("python_sources", languages::python, languages::python_seeds),
    target(
        "requirements",
        languages::requirements,
        languages::requirement_seeds,
    ),
    target("settings", settings::one, settings::seeds),
    target("messages", messages::one, messages::seeds),
];

const fn target(name: &'static str, one: fn(&[u8]), seeds: fn() -> Vec<Vec<u8>>) -> Target {
    Target { name, one, seeds }
}

/// The bytes as text; fuzzers come upon more with every input taken than with most refused.
fn text(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}
