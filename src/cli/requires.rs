use crate::report::{Evidence, Look, PluginReport, Style, clean, paint};

type Part = (
    &'static str,
    fn(&PluginReport) -> Option<&str>,
    fn(&Evidence) -> Option<&str>,
);

const PARTS: [Part; 3] = [
    (
        "Dify",
        |r| r.requires.dify.as_deref(),
        |e| e.dify.as_deref(),
    ),
    (
        "daemon",
        |r| r.requires.daemon.as_deref(),
        |e| e.daemon.as_deref(),
    ),
    ("SDK", |r| r.requires.sdk.as_deref(), |e| e.sdk.as_deref()),
];

/// The version floors of a plugin: for each part of Dify the lowest version, and the places that
/// ask for just that version; then what older releases ignore.
pub fn table(report: &PluginReport, look: &Look) -> String {
    let bold = |text: &str| paint(look.color, Style::Bold, text.to_owned()).to_string();
    let dim = |text: &str| paint(look.color, Style::Dim, text.to_owned()).to_string();
    let place = |cause: &Evidence| {
        let path = report.path_of(&cause.file);
        let place = match cause.pointer.as_str() {
            "" => path,
            pointer => format!("{path} {pointer}"),
        };
        dim(&format!("({})", clean(&place)))
    };
    let mut text = format!("{}\n", bold(&report.title()));
    let causes = &report.requires.because;
    for (part, floor, of_evidence) in PARTS {
        let Some(version) = floor(report) else {
            text.push_str(&format!("  {part:<7} {}\n", dim("any version")));
            continue;
        };
        text.push_str(&format!("  {part:<7} {}\n", bold(&format!(">= {version}"))));
        let hard = causes.iter().filter(|cause| !cause.soft);
        for cause in hard.filter(|cause| of_evidence(cause) == Some(version)) {
            text.push_str(&format!(
                "          {} {}\n",
                clean(&cause.feature),
                place(cause)
            ));
        }
    }
    let soft: Vec<&Evidence> = causes.iter().filter(|cause| cause.soft).collect();
    if !soft.is_empty() {
        text.push_str("  ignored by older releases, and no reason to demand newer ones\n");
    }
    for cause in soft {
        let parts = PARTS.iter().filter_map(|(part, _, of_evidence)| {
            of_evidence(cause).map(|version| format!("{part} {version}"))
        });
        let before = parts.collect::<Vec<_>>().join(", ");
        let feature = clean(&cause.feature);
        text.push_str(&format!(
            "          {feature}: before {before} {}\n",
            place(cause)
        ));
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Stages;
    use crate::report::{Requires, RootKind};

    #[test]
    fn floors_and_their_causes() {
        let cause = |feature: &str, dify: Option<&str>, sdk: Option<&str>| Evidence {
            feature: feature.to_owned(),
            file: "tools/search.yaml".into(),
            pointer: "/parameters/0/type".to_owned(),
            dify: dify.map(str::to_owned),
            sdk: sdk.map(str::to_owned),
            daemon: None,
            soft: false,
        };
        let soft = Evidence {
            soft: true,
            ..cause("manifest icon_dark", Some("1.7.0"), Some("0.5.0"))
        };
        let report = PluginReport {
            root: "plugins/demo".to_owned(),
            kind: RootKind::Plugin,
            author: Some("langgenius".to_owned()),
            name: Some("demo".to_owned()),
            version: Some("0.1.0".to_owned()),
            rejected: Stages::NONE,
            requires: Requires {
                dify: Some("1.9.0".to_owned()),
                sdk: Some("0.5.0".to_owned()),
                daemon: None,
                because: vec![
                    cause("parameter type `checkbox`", Some("1.9.0"), Some("0.5.0")),
                    cause("dynamic options", Some("1.4.0"), Some("0.5.0")),
                    soft,
                ],
            },
            findings: Vec::new(),
            suppressed: Vec::new(),
            fail_on: Some(crate::finding::Severity::Error),
            files: 2,
            sources: Default::default(),
            card: None,
        };
        insta::assert_snapshot!("requires_table", table(&report, &Look::PLAIN));
    }
}
