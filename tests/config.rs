//! Configuration: which file counts, what is stronger, what is told about mistakes.

use crate::support::folders::copy;
use difylint::finding::{RuleId, Severity};
use difylint::policy::{
    FILE_NAMES, Layer, OVERRIDE_KEYS, Policy, Resolver, SUPPRESSION_KEYS, Search, Settings,
    TARGET_KEYS, TOP_KEYS,
};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const PROGRAM: &str = env!("CARGO_BIN_EXE_difylint");

/// A repository with two sound plugins, and these files.
struct Project(tempfile::TempDir);

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let project = Self(tempfile::tempdir().unwrap());
        fs::create_dir(project.path(".git")).unwrap();
        for plugin in ["plugins/one", "plugins/two"] {
            copy(
                &repository().join("corpus/good/tool"),
                &project.path(plugin),
            );
        }
        for (name, text) in files {
            project.write(name, text);
        }
        project
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(PROGRAM);
        command.args(["--color", "never"]).args(arguments);
        command.current_dir(self.0.path()).env("LC_ALL", "C.UTF-8");
        command.output().unwrap()
    }

    /// Standard output and standard error, with the exit status.
    fn told(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        format!("{out}{err}exit status {}\n", output.status.code().unwrap())
    }

    fn settings(&self, root: &str) -> Settings {
        let resolver = Resolver::new(self.0.path(), Search::Nearest, Layer::default());
        resolver.settings(Path::new(root)).unwrap()
    }
}

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn of_text(text: &str) -> Policy {
    let settings = Settings::of_text(Path::new("/project/difylint.toml"), text.to_owned());
    settings
        .unwrap_or_else(|error| panic!("{text}: {error:?}"))
        .policy()
}

#[test]
fn every_mistake_is_told_with_its_place() {
    let project = Project::new(&[]);
    for (name, text) in [
        ("toml", "profile = \"author\nselect = []\n"),
        ("toml_twice", "profile = \"author\"\nprofile = \"author\"\n"),
        ("unknown_key", "ignroe = [\"i18n\"]\n"),
        (
            "unknown_key_in_tables",
            "[target]\ndiffy = \"1\"\n[suppressions]\nreason = true\n",
        ),
        (
            "unknown_rule",
            "ignore = [\"path/mising-file\", \"i18m\", \"path\", \"zzz\"]\n",
        ),
        ("unknown_profile", "profile = \"market\"\n"),
        (
            "wrong_types",
            "select = \"path\"\nignore = [1]\nfail-on = true\nseverity = []\noverrides = {}\n\
             target = 1\nsuppressions = {require-reason = \"yes\"}\nrules = 1\nexclude = 2020-01-01\n\
             output-format = 1.5\n",
        ),
        (
            "unknown_severity",
            "fail-on = \"fatal\"\n[severity]\ni18n = \"off\"\n",
        ),
        (
            "empty_pattern",
            "exclude = [\"\"]\n[[overrides]]\npaths = [\"./\", \"a/**b\", \"[\"]\n",
        ),
        (
            "override_without_paths",
            "[[overrides]]\nignore = [\"path\"]\nfiles = [\"x\"]\n",
        ),
        (
            "options",
            "[rules.\"tool/long-llm-description\"]\nmax-characters = 0\nmax = 5\n\
             [rules.\"path/missing-file\"]\nx = 1\n[rules.tool]\n[rules.\"tool/log\"]\n\
             [rules.\"manifest/foreign-author\"]\nallowed = [\"a***\"]\n",
        ),
        ("version", "[target]\ndify = \"latest\"\n"),
        ("extend_missing", "extend = \"../nowhere/difylint.toml\"\n"),
        ("extend_folder", "extend = \"plugins\"\n"),
        ("unknown_format", "output-format = \"jsn\"\n"),
        ("wide_letters", "# 设置\nignore = [\"工具\"]\n"),
    ] {
        project.write("difylint.toml", text);
        insta::assert_snapshot!(format!("mistake_{name}"), project.told(&["check"]));
    }
}

#[test]
fn circles_of_extended_files_end() {
    let project = Project::new(&[
        ("difylint.toml", "extend = \"shared/a.toml\"\n"),
        ("shared/a.toml", "extend = \"b.toml\"\n"),
        ("shared/b.toml", "extend = \"../difylint.toml\"\n"),
    ]);
    insta::assert_snapshot!(project.told(&["check"]));
    project.write("difylint.toml", "extend = \"difylint.toml\"\n");
    assert!(project.told(&["check"]).contains("circle"));
}

#[test]
fn the_nearest_file_counts_up_to_the_repository() {
    let project = Project::new(&[
        ("difylint.toml", "fail-on = \"info\"\n"),
        ("plugins/one/.difylint.toml", "fail-on = \"warning\"\n"),
        (
            "plugins/two/pyproject.toml",
            "[project]\nname = \"difylint\"\n",
        ),
    ]);
    let fail_on = |root: &str| project.settings(root).fail_on.value.to_string();
    assert_eq!(fail_on("plugins/one"), "warning");
    assert_eq!(
        fail_on("plugins/two"),
        "info",
        "a project file that says nothing to us"
    );
    assert_eq!(
        fail_on("plugins/two/x.difypkg"),
        "info",
        "a package in a folder"
    );
    project.write(
        "plugins/two/pyproject.toml",
        "[tool.difylint]\nfail-on = \"never\"\n",
    );
    assert_eq!(fail_on("plugins/two"), "never");
    project.write("plugins/two/.difylint.toml", "fail-on = \"error\"\n");
    assert_eq!(
        fail_on("plugins/two"),
        "error",
        "the order of names: {FILE_NAMES:?}"
    );
    fs::remove_file(project.path("plugins/two/.difylint.toml")).unwrap();
    project.write("plugins/two/pyproject.toml", "[project\n");
    assert_eq!(
        fail_on("plugins/two"),
        "info",
        "a broken project file is a rule's affair"
    );
    fs::remove_file(project.path("plugins/two/pyproject.toml")).unwrap();
    fs::create_dir(project.path("plugins/two/.git")).unwrap();
    assert_eq!(
        fail_on("plugins/two"),
        "error",
        "the search ends at a repository"
    );
    fs::create_dir(project.path("plugins/two/difylint.toml")).unwrap();
    assert_eq!(fail_on("plugins/two"), "error", "a folder is no file");
}

#[test]
fn config_show_says_who_said_it() {
    let project = Project::new(&[
        (
            "difylint.toml",
            "extend = \"shared/difylint.toml\"\nignore = [\"yaml\"]\nextend-select = [\"model\"]\n\
             baseline = \"known.json\"\n[target]\nsdk = \"0.5.0\"\n\
             [rules.\"asset/large-icon\"]\nmax-kib = 50\n",
        ),
        (
            "shared/difylint.toml",
            "profile = \"official\"\nignore = [\"i18n\"]\nextend-ignore = [\"path\"]\n\
             fail-on = \"warning\"\n[severity]\npython = \"info\"\n\
             [[overrides]]\npaths = [\"../plugins/one/**\"]\nignore = [\"tool\"]\n",
        ),
    ]);
    let show = ["config", "show", "plugins/one", "--origin"];
    insta::assert_snapshot!("show_origin", project.told(&show));
    let told = [
        &show[..],
        &[
            "--ignore",
            "tool",
            "--profile",
            "marketplace",
            "--select",
            "path",
        ],
    ];
    insta::assert_snapshot!("show_command_line", project.told(&told.concat()));
    let isolated = ["config", "show", "plugins/one", "--isolated", "-o", "json"];
    let output = project.run(&isolated);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["files"], Value::Array(Vec::new()));
    assert_eq!(json["settings"][0]["value"], "author");
    insta::assert_snapshot!("show_nowhere", project.told(&["config", "show", "nowhere"]));
}

#[test]
fn the_stronger_layer_wins() {
    let project = Project::new(&[
        (
            "difylint.toml",
            "ignore = [\"readme\"]\n[rules.\"readme/too-short\"]\nmin-characters = 99999\n",
        ),
        (
            "other.toml",
            "[rules.\"readme/too-short\"]\nmin-characters = 99999\n",
        ),
    ]);
    let found = |arguments: &[&str]| {
        let all = [&["check", "-o", "concise"][..], arguments].concat();
        project.told(&all).matches("readme/too-short").count()
    };
    assert_eq!(found(&[]), 0, "ignored by the file");
    assert_eq!(
        found(&["--select", "readme"]),
        2,
        "selected by the same word"
    );
    assert_eq!(
        found(&["--extend-select", "readme/too-short"]),
        2,
        "by a narrower one"
    );
    assert_eq!(found(&["--select", "ALL"]), 0, "a wider word is weaker");
    assert_eq!(found(&["--isolated"]), 0, "no file, no option");
    assert_eq!(found(&["--config", "other.toml"]), 2);
    assert_eq!(found(&["--config", "other.toml", "--ignore", "readme"]), 0);
    assert!(
        project
            .told(&["check", "--config", "no.toml"])
            .contains("exit status 2")
    );
}

#[test]
fn overrides_hold_for_their_files_only() {
    let short = "[rules.\"readme/too-short\"]\nmin-characters = 99999\n";
    let project = Project::new(&[]);
    let found = |overrides: &str| {
        project.write("difylint.toml", &format!("{short}{overrides}"));
        let output = project.told(&["check", "-o", "concise"]);
        let lines = output
            .lines()
            .filter(|line| line.contains("readme/too-short"));
        let lines: Vec<String> = lines
            .map(|it| it.split(": ").take(2).collect::<Vec<_>>().join(" "))
            .collect();
        lines.join("\n")
    };
    insta::assert_snapshot!(
        "overrides",
        [
            found(""),
            found("[[overrides]]\npaths = [\"plugins/one/*.md\"]\nignore = [\"readme\"]\n"),
            found("[[overrides]]\npaths = [\"plugins/two\"]\nselect = [\"tool\"]\n"),
            found("[[overrides]]\npaths = [\"plugins/two\"]\nseverity = {readme = \"error\"}\n"),
            found(
                "[[overrides]]\npaths = [\"plugins\"]\nignore = [\"readme\"]\n\
               [[overrides]]\npaths = [\"**/two/**\"]\nextend-select = [\"readme\"]\n"
            ),
        ]
        .join("\n--\n")
    );
}

#[test]
fn an_override_without_files_is_told_when_all_was_checked() {
    let project = Project::new(&[(
        "difylint.toml",
        "[[overrides]]\npaths = [\"plugins/one/tools/*.yaml\", \"plugins/three/**\"]\nignore = [\"tool\"]\n",
    )]);
    insta::assert_snapshot!("unused_override", project.told(&["check", "--quiet"]));
    assert_eq!(
        project.told(&["check", "--quiet", "plugins/two"]),
        "exit status 0\n"
    );
    assert!(
        project
            .told(&["check", "--quiet", "plugins", "."])
            .contains("matches no file")
    );
}

#[test]
fn excluded_plugins_are_checked_when_they_are_named() {
    let project = Project::new(&[("difylint.toml", "exclude = [\"plugins/t*\"]\n")]);
    let plugins = |arguments: &[&str]| {
        let output = project.run(&[&["check", "-o", "json"][..], arguments].concat());
        let json: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        json["plugins"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(plugins(&[]), 1);
    assert_eq!(plugins(&["plugins"]), 1);
    assert_eq!(plugins(&["plugins/two"]), 1);
    assert_eq!(plugins(&["./plugins/one", "plugins/two/"]), 2);
    project.write("difylint.toml", "exclude = [\"plugins\"]\n");
    assert!(project.told(&["check"]).contains("exit status 3"));
}

#[test]
fn each_plugin_fails_by_its_own_measure() {
    let short = "[rules.\"readme/too-short\"]\nmin-characters = 99999\n";
    let project = Project::new(&[("plugins/one/difylint.toml", short)]);
    let status = || project.run(&["check"]).status.code();
    assert_eq!(status(), Some(0));
    project.write("plugins/two/difylint.toml", "fail-on = \"info\"\n");
    assert_eq!(status(), Some(0), "the other plugin has the finding");
    project.write(
        "plugins/one/difylint.toml",
        &format!("fail-on = \"info\"\n{short}"),
    );
    assert_eq!(status(), Some(1));
    let never = project.run(&["check", "--fail-on", "never"]);
    assert_eq!(never.status.code(), Some(0));
}

#[test]
fn the_output_format_is_that_of_the_working_directory() {
    let project = Project::new(&[("plugins/one/difylint.toml", "output-format = \"json\"\n")]);
    assert!(!project.told(&["check"]).starts_with('{'));
    project.write(
        "difylint.toml",
        "output-format = [\"json\", \"concise=found.txt\"]\n",
    );
    assert!(project.told(&["check"]).starts_with('{'));
    assert!(project.path("found.txt").exists());
    assert!(!project.told(&["check", "-o", "full"]).starts_with('{'));
}

#[test]
fn profiles_differ_where_they_should() {
    let author = "manifest.yaml";
    let project = Project::new(&[]);
    let path = project.path("plugins/one").join(author);
    let manifest = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        manifest.replace("author: example-author", "author: langgenius"),
    )
    .unwrap();
    let told = |profile: &str| {
        let arguments = ["check", "--quiet", "-o", "concise", "--profile", profile];
        project.told(&arguments)
    };
    let all = ["author", "marketplace", "official", "pedantic"];
    let all = all.map(|profile| format!("{profile}:\n{}", told(profile)));
    insta::assert_snapshot!("profiles", all.join("\n"));
}

/// The schema knows the keys that the program reads, and both know no other.
#[test]
fn the_schema_and_the_program_know_the_same_keys() {
    let schema = schema();
    let keys = |pointer: &str| {
        let table = schema
            .pointer(pointer)
            .unwrap_or_else(|| panic!("{pointer}"));
        let mut keys: Vec<String> = table.as_object().unwrap().keys().cloned().collect();
        keys.sort();
        keys
    };
    assert_eq!(keys("/properties"), TOP_KEYS);
    assert_eq!(
        keys("/properties/overrides/items/properties"),
        OVERRIDE_KEYS
    );
    assert_eq!(keys("/properties/target/properties"), TARGET_KEYS);
    assert_eq!(
        keys("/properties/suppressions/properties"),
        SUPPRESSION_KEYS
    );
}

fn schema() -> Value {
    let text = fs::read_to_string(repository().join("schemas/config.schema.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Every example can be used, agrees with the schema, and every key is told.
#[test]
fn the_examples_of_the_documentation_work() {
    let text = fs::read_to_string(repository().join("docs/configuration.md")).unwrap();
    let schema = schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut count = 0;
    for block in text.split("\n```toml").skip(1) {
        let (info, rest) = block.split_once('\n').unwrap();
        let body = rest.split("\n```").next().unwrap().to_owned();
        count += 1;
        let value: Value = toml::from_str(&body).unwrap();
        let pyproject = info.contains("file=pyproject.toml");
        let own = if pyproject {
            &value["tool"]["difylint"]
        } else {
            &value
        };
        let problems: Vec<String> = validator.iter_errors(own).map(|e| e.to_string()).collect();
        assert!(problems.is_empty(), "{body}\n{problems:?}");
        let name = if pyproject {
            "/p/pyproject.toml"
        } else {
            "/p/difylint.toml"
        };
        Settings::of_text(Path::new(name), body.clone())
            .unwrap_or_else(|e| panic!("{body}\n{e:?}"));
    }
    assert!(count >= 6, "{count} examples");
    for key in TOP_KEYS {
        assert!(text.contains(&format!("| `{key}` |")), "no row for `{key}`");
    }
    for profile in difylint::policy::profiles() {
        assert!(
            text.contains(&format!("| `{}` |", profile.name)),
            "{}",
            profile.name
        );
    }
}

/// What the schema refuses, the program refuses, and the other way round.
#[test]
fn the_schema_and_the_program_agree() {
    let schema = schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (text, sound) in [
        ("", true),
        ("profile = \"pedantic\"", true),
        ("profile = \"other\"", false),
        ("select = [\"ALL\", \"i18n\", \"path/missing-file\"]", true),
        ("select = [\"all\"]", false),
        ("select = \"ALL\"", false),
        ("fail-on = \"never\"", true),
        ("fail-on = \"off\"", false),
        ("output-format = [\"json=x.json\", \"full\"]", true),
        ("output-format = [1]", false),
        ("exclude = [\"\"]", false),
        ("[severity]\nALL = \"info\"", true),
        ("[severity]\nnone = \"info\"", false),
        ("[severity]\nALL = \"never\"", false),
        ("[[overrides]]\npaths = [\"a\"]\nselect = []", true),
        ("[[overrides]]\nselect = []", false),
        ("[rules.\"asset/small-icon\"]\nmin-pixels = 64", true),
        ("[rules.\"asset/small-icon\"]\nmin-pixels = 0", false),
        ("[rules.\"asset/small-icon\"]\nmin-pixels = \"64\"", false),
        ("[rules.\"asset/small-icon\"]\npixels = 64", false),
        ("[rules.\"asset/missing-icon\"]\nx = 64", false),
        ("[target]\ndify = \"1.9.0\"", true),
        ("[target]\npython = \"3.12\"", false),
        ("[suppressions]\nrequire-reason = true", true),
        ("[suppressions]\nrequire-reason = 1", false),
        ("colour = true", false),
    ] {
        let value: Value = toml::from_str(text).unwrap();
        assert_eq!(validator.is_valid(&value), sound, "the schema: {text}");
        let read = Settings::of_text(Path::new("/p/difylint.toml"), text.to_owned());
        assert_eq!(read.is_ok(), sound, "the program: {text}: {:?}", read.err());
    }
}

#[test]
fn policies_of_texts() {
    let missing = RuleId("path/missing-file");
    let policy = of_text("select = [\"i18n\"]\nextend-select = [\"path/missing-file\"]\n");
    assert!(policy.allows(missing) && policy.allows(RuleId("i18n/too-long")));
    assert!(!policy.allows(RuleId("path/wrong-kind")));
    let policy = of_text("[severity]\nALL = \"info\"\npath = \"warning\"\n");
    assert_eq!(
        policy.severity_of(missing, Severity::Error),
        Severity::Warning
    );
    let text = "baseline = \"../known.json\"\n[suppressions]\nrequire-reason = true\n";
    let settings = Settings::of_text(Path::new("/p/difylint.toml"), text.to_owned()).unwrap();
    let baseline = settings.baseline.as_ref().map(|it| it.value.as_path());
    assert_eq!(baseline, Some(Path::new("/known.json")));
    let policy = settings.policy();
    assert!(policy.require_reason && policy.allows(RuleId("suppression/missing-reason")));
    let policy = of_text("profile = \"pedantic\"\nignore = [\"yaml\"]\n");
    assert!(policy.allows(RuleId("dependency/no-lock")));
    assert!(!policy.allows(RuleId("yaml/crlf")));
}
