//! Files that are not YAML: comments for difylint in every language, Python, requirements.

use super::plugins::{check_with, files_with};
use super::text;
use difylint::python::{Sources, code_tokens};
use difylint::requirements::{self, Project, Requirements};
use difylint::source::Memory;

/// A file of every language in which comments are read.
const WITH_COMMENTS: [&str; 8] = [
    "manifest.yaml",
    "main.py",
    "README.md",
    "PRIVACY.md",
    "requirements.txt",
    "pyproject.toml",
    ".difyignore",
    "_assets/icon.svg",
];

pub fn suppression_seeds() -> Vec<Vec<u8>> {
    let lines = [
        "# difylint: ignore[path/missing-file] it comes with the build\nname: x\n",
        "name: x # difylint: ignore[ALL, yaml]\n# difylint: ignore-file[shape]\n",
        "# difylint: ignore-file[readme/chinese-text] -- why\n\n- a # noqa # difylint: ignore\n",
        "<!-- difylint: ignore-file[readme/chinese-text] why -->\n\n<!--\ndifylint: ignore[a/b]-->\n",
        "x = '''\n# difylint: ignore[a]\n''' # difylint: ignore[python/missing-class]\n",
        "a: |\n  # difylint: ignore[a]\nb: \"x # difylint: ignore\" # difylint: ignore[b/c\n",
    ];
    lines.map(|it| it.as_bytes().to_vec()).to_vec()
}

pub fn suppressions(data: &[u8]) {
    let which = data.first().map_or(0, |it| usize::from(*it));
    check_with("tool", WITH_COMMENTS[which % WITH_COMMENTS.len()], data);
}

pub fn python_seeds() -> Vec<Vec<u8>> {
    files_with(".py").map(|(_, bytes)| bytes.to_vec()).collect()
}

pub fn python(data: &[u8]) {
    let source = text(data);
    code_tokens(&source);
    let mut files = Memory::new();
    files.insert("a/b.py", data.to_vec());
    files.insert("c.py", b"from a.b import *\nimport a.b as d\n");
    let sources = Sources::new(&files);
    if let Ok(module) = sources.module("a/b.py") {
        for import in &module.imports {
            assert!(source.get(import.span.range()).is_some() || data != source.as_bytes());
        }
    }
    sources.closure("c.py");
    let _ = sources.locate(source.lines().next().unwrap_or(""));
    check_with("tool", "tools/count_text.py", data);
}

pub fn requirement_seeds() -> Vec<Vec<u8>> {
    let more = [
        "dify_plugin>=0.4.0,<0.10.0 # x\n-r more.txt\nrequests[socks]==2.*; python_version<'3.12'\n",
        "[project]\nname = \"x\"\nrequires-python = \">=3.12\"\ndependencies = [\n  \"dify_plugin~=0.5\", # x\n]\n",
        "[tool.uv.sources]\nx = { git = \"y\" }\n[project]\ndependencies = []\n",
    ];
    let own = files_with(".txt").map(|(_, bytes)| bytes.to_vec());
    more.iter()
        .map(|it| it.as_bytes().to_vec())
        .chain(own)
        .collect()
}

pub fn requirements(data: &[u8]) {
    let text = text(data);
    for name in [requirements::PYPROJECT, requirements::REQUIREMENTS] {
        let mut files = Memory::new();
        files.insert(name, text.as_bytes());
        let read = Requirements::read(&files);
        let python = read.requires_python.iter().map(|it| &it.place);
        let broken = read.project.iter().filter_map(|project| match project {
            Project::NoToml { place, .. } => Some(place),
            _ => None,
        });
        let places = read.entries.iter().map(|it| &it.place);
        for place in places.chain(python).chain(broken) {
            assert!(
                text.get(place.span.range()).is_some(),
                "{place:?} is no range of the text"
            );
        }
    }
}
