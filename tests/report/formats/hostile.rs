//! Plugins that want to be misread, and plugins in odd places.

use crate::report::{Plugin, finding};
use difylint::finding::{Applicability, Edit, Fix, Label, Severity, Suppressed, SuppressedBy};
use difylint::report::PluginReport;

/// What every form takes for its own: escape sequences, line ends, ends of sections and cells,
/// HTML, mentions, commands of a runner, marks that turn the line, what XML does not allow.
const EVIL: &str = "`]]>` </details><script>alert(1)</script> @admin #1 a|b ```\n```\r\n\
::error file=x::y %0A::stop-commands::z ##vso[x]y ##[error]z \u{1b}[31m\u{202e}\u{0}\u{fffe} [x](https://evil) **b** $x$ \
&lt; <!-- www.evil.example -->";

pub(super) fn hostile() -> PluginReport {
    let mut plugin = Plugin::new("plugins/a|b`c @admin");
    let path = "tools/名,称:100%\n\u{1b}[31m<b>`x`.yaml";
    plugin.file(path, &format!("a: 1\nkey: {}\n", EVIL.replace('\n', " ")));
    let mut place = plugin.at(path, "key");
    let mut evil = finding("yaml/evil", Severity::Error, place.clone(), EVIL);
    evil.pointer = Some("/a~1b\n".to_owned());
    evil.remark = EVIL.to_owned();
    evil.note = Some(EVIL.to_owned());
    evil.help = Some(EVIL.to_owned());
    evil.labels.push(Label {
        place: place.clone(),
        message: EVIL.to_owned(),
    });
    evil.fixes.push(Fix {
        title: EVIL.to_owned(),
        applicability: Applicability::Unsafe,
        edits: vec![Edit {
            file: path.into(),
            span: place.span,
            text: EVIL.to_owned(),
        }],
    });
    plugin.add(evil.clone());
    // in a file without text, and as a file as a whole
    place.file = "_assets/图 标.png".into();
    plugin.add(finding(
        "asset/evil",
        Severity::Warning,
        place.clone(),
        EVIL,
    ));
    place.span = difylint::finding::Span::at(0);
    plugin.add(finding("asset/evil", Severity::Info, place, "`"));
    let mut report = plugin.report;
    report.name = Some(format!("::error::{EVIL}"));
    report.version = Some("1\n2".to_owned());
    report.suppressed = vec![Suppressed {
        finding: evil,
        by: SuppressedBy::Comment,
        reason: Some(EVIL.to_owned()),
    }];
    report
}

/// The same finding below roots here, outside, absolute, and of Windows.
pub(super) fn roots() -> Vec<PluginReport> {
    [
        ".",
        "../other",
        "/home/me/my plugin",
        "C:/plugins/demo",
        "demo.difypkg",
    ]
    .into_iter()
    .map(|root| {
        let mut plugin = Plugin::new(root);
        plugin.file("tools/名 称.yaml", "标签: 🚀 x\n");
        let place = plugin.at("tools/名 称.yaml", "🚀");
        plugin.add(finding("yaml/x", Severity::Error, place, "`🚀`"));
        plugin.report
    })
    .collect()
}
