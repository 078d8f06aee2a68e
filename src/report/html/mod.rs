//! A page for people: each plugin as its users will see it, and what is wrong with it.
//!
//! It stands alone: no scripts, nothing from elsewhere, and a policy that would refuse both. Its
//! switches are check boxes that the style sheet looks at; where a browser cannot, all is shown.

mod card;
mod escape;
mod finding;
mod frame;
mod plugin;

use super::card::LOCALES;
use super::counts::Counts;
use super::text::{count, number};
use super::{Format, Look, PluginReport, Run, Summary};
use crate::finding::Severity;
use std::fmt::Write as _;
use std::io::{self, Write};

const STYLE: &str = include_str!("style.css");
/// SHA-256 of the style sheet in base64: the policy of the page allows this one only.
const STYLE_HASH: &str = include_str!("style.sha256");
/// Up to so many plugins are unfolded from the start.
const UNFOLDED: usize = 3;

/// The page. Its index stands above the plugins, so they are kept until all are known.
pub(super) struct Html {
    look: Look,
    run: Run,
    index: String,
    plugins: String,
    number: usize,
}

impl Html {
    pub(super) fn new(look: &Look) -> Self {
        Self {
            look: *look,
            run: Run::new(0),
            index: String::new(),
            plugins: String::new(),
            number: 0,
        }
    }
}

impl Format for Html {
    fn begin(&mut self, _: &mut dyn Write, run: &Run) -> io::Result<()> {
        self.run = *run;
        Ok(())
    }

    fn plugin(&mut self, _: &mut dyn Write, report: &PluginReport) -> io::Result<()> {
        self.number += 1;
        let class = if self.run.plugins > 1 {
            plugin::classes(report)
        } else {
            String::new()
        };
        let of = plugin::Of {
            report,
            look: &self.look,
            at: self.number,
            class: &class,
            open: self.run.plugins <= UNFOLDED,
        };
        of.row(&mut self.index);
        of.section(&mut self.plugins);
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        out.write_all(self.head(summary).as_bytes())?;
        out.write_all(b"<main>\n")?;
        if self.number > 1 {
            let mut table = String::new();
            self.table(&mut table);
            out.write_all(table.as_bytes())?;
        }
        out.write_all(self.plugins.as_bytes())?;
        out.write_all(b"</main>\n")?;
        out.write_all(self.footer(summary).as_bytes())
    }

    fn shows_cards(&self) -> bool {
        !self.look.quiet
    }
}

impl Html {
    fn head(&self, summary: &Summary) -> String {
        let mut counts = Counts::default();
        counts.add(Severity::Error, summary.errors);
        counts.add(Severity::Warning, summary.warnings);
        counts.add(Severity::Info, summary.infos);
        let plugins = count(summary.plugins, "plugin");
        let words = match counts.all() {
            0 => format!("all good in {plugins}"),
            _ => format!("{} in {plugins}", counts.words("nothing found")),
        };
        let hash = STYLE_HASH.trim();
        let mut page = format!(
            "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n\
             <meta http-equiv=Content-Security-Policy content=\"default-src 'none'; \
             style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; form-action 'none'\">\n\
             <meta name=referrer content=no-referrer>\n\
             <meta name=viewport content=\"width=device-width, initial-scale=1\">\n\
             <meta name=color-scheme content=\"light dark\">\n\
             <title>difylint: {words}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <header>\n<h1>difylint <span>{words}</span></h1>\n"
        );
        self.controls(&mut page, counts.all() > 0);
        page.push_str("</header>\n");
        page
    }

    /// Switches: the language of texts, and which findings are shown.
    fn controls(&self, page: &mut String, findings: bool) {
        page.push_str("<div class=controls>\n");
        if self.shows_cards() {
            page.push_str("<fieldset><legend>Language</legend>");
            for (at, locale) in LOCALES.iter().enumerate() {
                let checked = if at == 0 { " checked" } else { "" };
                let _ = write!(
                    page,
                    "<label><input type=radio name=lang id=lang{at}{checked}><span lang={}>{}</span></label>",
                    locale.tag, locale.name
                );
            }
            page.push_str("</fieldset>\n");
        }
        if findings {
            page.push_str("<fieldset><legend>Severity</legend>");
            for severity in [Severity::Error, Severity::Warning, Severity::Info] {
                let _ = write!(
                    page,
                    "<label><input type=checkbox id=show-{severity} checked><span>{severity}</span></label>"
                );
            }
            page.push_str("</fieldset>\n<fieldset><legend>Stops</legend>");
            page.push_str(
                "<label><input type=radio name=stage id=stage-any checked><span>any</span></label>",
            );
            for stage in self.look.stages.iter() {
                let _ = write!(
                    page,
                    "<label><input type=radio name=stage id=stage-{stage}><span>{stage}</span></label>"
                );
            }
            page.push_str("</fieldset>\n");
        }
        if findings && self.number > 1 {
            page.push_str(
                "<fieldset><legend>Plugins</legend><label><input type=checkbox id=only-findings>\
                 <span>with findings</span></label></fieldset>\n",
            );
        }
        page.push_str("</div>\n");
    }

    fn table(&self, out: &mut String) {
        out.push_str(
            "<nav aria-label=Plugins tabindex=0><table>\n<thead><tr><th scope=col>plugin</th>",
        );
        for stage in self.look.stages.iter() {
            let _ = write!(out, "<th scope=col>{stage}</th>");
        }
        out.push_str(
            "<th scope=col>errors</th><th scope=col>warnings</th><th scope=col>info</th></tr></thead>\n<tbody>\n",
        );
        out.push_str(&self.index);
        out.push_str("</tbody></table></nav>\n");
    }

    fn footer(&self, summary: &Summary) -> String {
        let mut page = String::from("<footer><p>difylint ");
        page.push_str(env!("CARGO_PKG_VERSION"));
        let _ = write!(page, ", {}", count(summary.files, "file"));
        if summary.fixable > 0 {
            let fixable = number(summary.fixable);
            let _ = write!(page, ", {fixable} fixable with <code>difylint fix</code>");
        }
        if summary.suppressed > 0 {
            let _ = write!(page, ", {} suppressed", number(summary.suppressed));
        }
        page.push_str("</p></footer>\n</body>\n</html>\n");
        page
    }
}

/// The colour of a severity.
const fn severity_class(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "bad",
        Severity::Warning => "warn",
        Severity::Info => "note",
    }
}
