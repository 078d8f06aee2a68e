//! Values in `.env` that the SDK refuses.

use crate::finding::{Place, Stage, Stages};
use crate::plugin::Plugin;
use crate::python::env;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let Ok(bytes) = plugin.files.read(".env") else {
        return;
    };
    for (span, problem) in env::check(&bytes) {
        let place = Place {
            file: ".env".into(),
            span,
        };
        cx.report(
            Draft::new(place, problem.message())
                .stages(Stages::only(Stage::Start))
                .note("the SDK reads `.env` when it is imported and stops at a value that it cannot use")
                .help("correct the line or remove it; `.env` should not be packed at all"),
        );
    }
}
