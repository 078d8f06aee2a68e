use super::*;
use crate::source::Memory;

fn read(files: &[(&str, &str)]) -> Requirements {
    let mut memory = Memory::new();
    for (name, text) in files {
        memory.insert(*name, text.as_bytes().to_vec());
    }
    Requirements::read(&memory)
}

fn names(found: &Requirements) -> Vec<(&str, Option<String>)> {
    let words = |it: &Requirement| it.specifiers().map(ToString::to_string);
    found
        .entries
        .iter()
        .map(|it| (it.name.as_str(), words(it)))
        .collect()
}

#[test]
fn lines_of_requirements() {
    let text = "\u{feff}# 依赖\nDify_Plugin >=0.5.0, <0.6.0  # the SDK\r\n\
                -r other.txt\n./wheel.whl\ngit+https://example.org/x\n\
                requests==2.32.0 \\\n  --hash=sha256:00\nname @ https://example.org/n.zip\nbare\n";
    let found = read(&[(REQUIREMENTS, text)]);
    assert!(found.lists && found.includes && found.project.is_none());
    assert_eq!(
        names(&found),
        [
            ("dify-plugin", Some(">=0.5.0, <0.6.0".to_owned())),
            // pip takes these two, PEP 508 does not
            ("-", None),
            ("git", None),
            ("requests", Some("==2.32.0".to_owned())),
            ("name", None),
            ("bare", Some(String::new())),
        ]
    );
    let span = found.entries[0].place.span;
    assert_eq!(&text[span.range()], "Dify_Plugin >=0.5.0, <0.6.0");
    assert_eq!(found.installed_from, Some(REQUIREMENTS));
}

#[test]
fn pyproject_comes_first() {
    let text = "[project]\nname = \"x\"\nrequires-python = \">=3.12\"\n\
                dependencies = [\n  \"dify_plugin>=0.9.0\",\n]\n";
    let found = read(&[(PYPROJECT, text), (REQUIREMENTS, "requests\n")]);
    assert_eq!(found.installed_from, Some(PYPROJECT));
    assert_eq!(found.entries.len(), 2);
    assert_eq!(
        &text[found.entries[0].place.span.range()],
        "dify_plugin>=0.9.0"
    );
    let python = found.requires_python.expect("it is there");
    assert_eq!(&text[python.place.span.range()], ">=3.12");
}

#[test]
fn groups_are_for_development() {
    let text = "\u{feff}[project]\ndependencies = ['''a''', \"b\"]\n\
                optional-dependencies.test = [\"c>=1\"]\n\
                [dependency-groups]\nlint = [\"d\", {include-group = \"test\"}]\n";
    let found = read(&[(PYPROJECT, text)]);
    let told = found.entries.iter().map(|it| {
        let there = &text[it.place.span.range()];
        (it.name.as_str(), it.development, there)
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            ("a", false, "'''a'''"),
            ("b", false, "b"),
            ("c", true, "c>=1"),
            ("d", true, "d"),
        ]
    );
    assert!(found.of("a").next().is_some() && found.of("c").next().is_none());
}

#[test]
fn what_cannot_be_read_is_told() {
    for text in ["dify_plugin>=0.4.2,<0.5.0.\n", "dify_plugin^0.5\n"] {
        let found = read(&[(REQUIREMENTS, text)]);
        let [entry] = found.entries.as_slice() else {
            panic!("{text}: {:?}", found.entries);
        };
        assert!(
            entry.asked.is_err() && entry.name == "dify-plugin",
            "{text}"
        );
        assert_eq!(entry.place.span.range(), 0..text.trim_end().len());
    }
    let python = read(&[(PYPROJECT, "[project]\nrequires-python = \"new\"\n")]).requires_python;
    assert!(python.is_some_and(|it| it.specifiers.is_none()));
    let of = |text: &str| read(&[(PYPROJECT, text)]).project;
    assert!(
        matches!(of("x = 1\n[project\n"), Some(Project::NoToml { place, .. }) if place.span.start > 6)
    );
    assert_eq!(of("[tool.uv]\n"), Some(Project::OtherTables));
    assert_eq!(
        of("[project]\ndependencies = \"a\"\n"),
        Some(Project::Project)
    );
}

#[test]
fn nothing_is_nothing() {
    let found = read(&[]);
    assert!(found.entries.is_empty() && !found.lists && found.project.is_none());
    assert_eq!(found.installed_from, None);
}

#[test]
fn requirements_that_the_parser_cannot_bear() {
    let pairs: Vec<String> = (0..60)
        .map(|n| format!("(extra == 'a{n}' and extra == 'b{n}')"))
        .collect();
    let markers = [
        pairs.join(" or "),
        format!("{}os_name == 'x'{}", "(".repeat(3000), ")".repeat(3000)),
        "(".repeat(8000),
    ];
    for marker in &markers {
        let found = read(&[(REQUIREMENTS, &format!("name >= 1; {marker}\n"))]);
        assert_eq!(names(&found), [("name", Some(">=1".to_owned()))]);
    }
    let long = format!("name @ https://x/{}", "y".repeat(10_000));
    for written in [
        "y_[",
        "y_ >= 1",
        "y-",
        "y[a-]",
        "y[a, b_ ] > 1",
        "_",
        "[",
        &long,
    ] {
        let found = read(&[(REQUIREMENTS, written)]);
        assert!(found.entries[0].asked.is_err(), "{written}");
    }
}
