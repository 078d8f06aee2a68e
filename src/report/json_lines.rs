use super::json::{Diagnostic, Plugin, SCHEMA_VERSION, Tool, Totals};
use super::{Format, PluginReport, Run, Summary};
use serde::Serialize;
use std::io::{self, Write};

/// The objects of the JSON form, one on each line, each with its `type`, as they come. The findings
/// of a plugin follow its line.
pub(super) struct JsonLines;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Run { schema_version: u32, tool: Tool },
    Plugin(Plugin<'a>),
    Diagnostic(Diagnostic<'a>),
    Summary(Totals),
}

impl Line<'_> {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, self)?;
        out.write_all(b"\n")
    }
}

impl Format for JsonLines {
    fn begin(&mut self, out: &mut dyn Write, _: &Run) -> io::Result<()> {
        Line::Run {
            schema_version: SCHEMA_VERSION,
            tool: Tool::THIS,
        }
        .write(out)
    }

    fn plugin(&mut self, out: &mut dyn Write, report: &PluginReport) -> io::Result<()> {
        Line::Plugin(Plugin::of(report)).write(out)?;
        report
            .findings
            .iter()
            .try_for_each(|finding| Line::Diagnostic(Diagnostic::of(report, finding)).write(out))
    }

    fn end(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        Line::Summary(Totals::of(summary)).write(out)
    }
}
