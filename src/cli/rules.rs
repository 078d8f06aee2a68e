use super::args::{ListFormat, RulesArgs};
use super::error::AppError;
use crate::finding::{Stage, Stages};
use crate::policy::nearest;
use crate::report::{Look, Style, count, paint};
use crate::rules::{RULES, RuleMeta, Status};
use serde_json::json;

/// The list of rules that pass the filters.
///
/// # Errors
/// When there is no such category.
pub fn list(args: &RulesArgs, look: &Look) -> Result<String, AppError> {
    let categories = || RULES.iter().map(|rule| rule.id.category());
    if let Some(category) = &args.category
        && !categories().any(|known| known == category)
    {
        return Err(AppError::UnknownRule {
            word: category.clone(),
            help: match nearest(category, categories()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "`difylint rules` lists all rules with their categories".to_owned(),
            },
        });
    }
    let rules: Vec<&RuleMeta> = RULES.iter().filter(|rule| passes(rule, args)).collect();
    Ok(match args.output_format {
        ListFormat::Full => table(&rules, look),
        ListFormat::Json => json(&rules),
    })
}

fn passes(rule: &RuleMeta, args: &RulesArgs) -> bool {
    args.category
        .as_deref()
        .is_none_or(|c| rule.id.category() == c)
        && args
            .severity
            .is_none_or(|severity| rule.severity == severity)
        && args.stage.is_none_or(|stage| rule.stages.contains(stage))
        && (!args.fixable || rule.fixable)
}

fn table(rules: &[&RuleMeta], look: &Look) -> String {
    let rows: Vec<[String; 5]> = rules
        .iter()
        .map(|rule| {
            [
                rule.id.to_string(),
                rule.severity.to_string(),
                stages(rule.stages),
                if rule.fixable { "fix" } else { "" }.to_owned(),
                rule.summary.to_owned(),
            ]
        })
        .collect();
    let head = ["rule", "severity", "stops", "", "what it finds"].map(str::to_owned);
    let mut widths = [0; 4];
    for row in rows.iter().chain([&head]) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.len());
        }
    }
    let line = |row: &[String; 5]| {
        let [rule, severity, stages, fix, summary] = row;
        let [a, b, c, d] = widths;
        let line = format!("{rule:a$}  {severity:b$}  {stages:c$}  {fix:d$}  {summary}");
        line.trim_end().to_owned()
    };
    let mut text = format!("{}\n", paint(look.color, Style::Bold, line(&head)));
    for row in &rows {
        text.push_str(&line(row));
        text.push('\n');
    }
    text.push_str(&format!(
        "\n{}; `difylint explain RULE` tells more\n",
        count(rows.len(), "rule")
    ));
    text
}

/// The stages in words; all five as one.
pub(super) fn stages(stages: Stages) -> String {
    if stages == Stages::ALL {
        return "all".to_owned();
    }
    let words: Vec<&str> = stages.iter().map(Stage::as_str).collect();
    words.join(",")
}

fn json(rules: &[&RuleMeta]) -> String {
    let list: Vec<serde_json::Value> = rules
        .iter()
        .map(|rule| {
            json!({
                "id": rule.id.0,
                "category": rule.id.category(),
                "severity": rule.severity.as_str(),
                "stages": rule.stages.iter().map(Stage::as_str).collect::<Vec<_>>(),
                "fixable": rule.fixable,
                "default": rule.status == Status::Default,
                "since": rule.since,
                "summary": rule.summary,
                "url": rule.url(),
            })
        })
        .collect();
    format!("{:#}\n", serde_json::Value::from(list))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{RuleId, Severity};

    fn meta(id: &'static str, stages: Stages, fixable: bool) -> RuleMeta {
        RuleMeta {
            options: &[],
            id: RuleId(id),
            summary: "a file that the manifest names does not exist",
            severity: Severity::Error,
            stages,
            fixable,
            status: Status::Default,
            since: "0.1.0",
        }
    }

    #[test]
    fn tables_and_json() {
        let rules = [
            &meta("path/missing-file", Stages::DAEMON, false),
            &meta("yaml/tab", Stages::ALL, true),
        ];
        insta::assert_snapshot!("rules_table", table(&rules, &Look::PLAIN));
        insta::assert_snapshot!("rules_json", json(&rules));
    }
}
