//! Whole plugins: one of our own, with one file replaced by the input.
//!
//! Such an input begins with a line that names the plugin and the file, as in
//! `tool/tools/count_text.yaml`; what follows is the file. A line that names nothing stands for
//! the first file of all.

use super::text;
use difylint::compare::{Side, compare as compare_sides, report as compared};
use difylint::finding::{Applicability, Place, Severity};
use difylint::fix;
use difylint::policy::{Policy, Selector};
use difylint::report::{FORMATS, Look, PluginReport, Run, Summary};
use difylint::source::{Files, Folder, Memory, Package, SourceFile, join};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write as _};
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// Between the two texts of a comparison.
const SEPARATOR: &str = "\n%%%%\n";

type Texts = BTreeMap<String, Vec<u8>>;

/// Our sound plugins, by name.
fn bases() -> &'static BTreeMap<String, Texts> {
    static BASES: OnceLock<BTreeMap<String, Texts>> = OnceLock::new();
    BASES.get_or_init(|| {
        let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
        let good = above
            .map(|it| it.join("corpus/good"))
            .find(|it| it.is_dir());
        let Some(good) = good else {
            panic!("the corpus is not there");
        };
        let plugins = Folder::new(&good).list("").unwrap_or_default();
        plugins
            .into_iter()
            .map(|plugin| {
                let mut texts = Texts::new();
                read(&Folder::new(good.join(&plugin.name)), "", &mut texts);
                (plugin.name, texts)
            })
            .collect()
    })
}

fn read(files: &Folder, folder: &str, into: &mut Texts) {
    for entry in files.list(folder).unwrap_or_default() {
        let path = join(folder, &entry.name);
        if entry.kind.is_folder() {
            read(files, &path, into);
        } else if let Ok(content) = files.read(&path) {
            into.insert(path, content.to_vec());
        }
    }
}

/// The files of all plugins whose names end so, with the lines that name them.
pub fn files_with(ending: &str) -> impl Iterator<Item = (String, &'static [u8])> + '_ {
    bases().iter().flat_map(move |(plugin, texts)| {
        let files = texts.iter().filter(move |(path, _)| path.ends_with(ending));
        files.map(move |(path, bytes)| (format!("{plugin}/{path}"), bytes.as_slice()))
    })
}

fn seeds_of(ending: &str) -> Vec<Vec<u8>> {
    files_with(ending)
        .map(|(name, bytes)| [name.as_bytes(), b"\n", bytes].concat())
        .collect()
}

pub fn seeds() -> Vec<Vec<u8>> {
    let endings = [
        ".yaml",
        ".py",
        ".md",
        ".svg",
        "requirements.txt",
        ".difyignore",
    ];
    endings.into_iter().flat_map(seeds_of).collect()
}

pub fn yaml_seeds() -> Vec<Vec<u8>> {
    seeds_of(".yaml")
}

pub fn pair_seeds() -> Vec<Vec<u8>> {
    let pairs = files_with(".yaml")
        .map(|(name, bytes)| [name.as_bytes(), b"\n", bytes, SEPARATOR.as_bytes(), bytes].concat());
    pairs.collect()
}

/// The plugin, the file and its content.
fn split(data: &[u8]) -> (&'static Texts, String, &[u8]) {
    let end = data
        .iter()
        .position(|it| *it == b'\n')
        .unwrap_or(data.len());
    let (name, content) = data.split_at(end);
    let content = content.strip_prefix(b"\n").unwrap_or(content);
    let name = text(name);
    let named = name.split_once('/').and_then(|(plugin, path)| {
        let texts = bases().get(plugin)?;
        texts.contains_key(path).then(|| (texts, path.to_owned()))
    });
    let first = || {
        bases()
            .values()
            .next()
            .map(|it| (it, "manifest.yaml".to_owned()))
    };
    match named.or_else(first) {
        Some((texts, path)) => (texts, path, content),
        None => panic!("the corpus is empty"),
    }
}

fn with(texts: &Texts, path: &str, content: &[u8]) -> Memory {
    let mut files = Memory::new();
    for (path, bytes) in texts {
        files.insert(path.clone(), bytes.as_slice());
    }
    files.insert(path, content);
    files
}

/// Every rule takes part.
fn policy() -> Policy {
    Policy {
        select: vec![Selector::All],
        ..Policy::default()
    }
}

/// Checks one of our plugins with this file in it.
pub fn check_with(plugin: &str, path: &str, content: &[u8]) {
    let files = with(&bases()[plugin], path, content);
    let report = difylint::check(Arc::new(files), "plugin", &policy());
    is_sound(&report);
}

pub fn check(data: &[u8]) {
    let (texts, path, content) = split(data);
    let report = difylint::check(Arc::new(with(texts, &path, content)), "plugin", &policy());
    is_sound(&report);
    is_told(report);
}

/// Places are ranges of their texts, fixes can be applied, no rule failed.
fn is_sound(report: &PluginReport) {
    let suppressed = report.suppressed.iter().map(|it| &it.finding);
    for finding in report.findings.iter().chain(suppressed) {
        assert_ne!(finding.rule.category(), "internal", "{}", finding.message);
        assert!(!finding.message.is_empty());
        // the other way round a stage may be one that does not matter
        assert!(!finding.stages.is_empty() || finding.severity < Severity::Error);
        let labels = finding.labels.iter().map(|it| &it.place);
        std::iter::once(&finding.place)
            .chain(labels)
            .for_each(|it| is_place(report, it));
        for fix in &finding.fixes {
            let mut edits: Vec<_> = fix.edits.iter().map(|it| (&it.file, it.span)).collect();
            edits.sort();
            for pair in edits.windows(2) {
                let apart = pair[0].0 != pair[1].0 || pair[0].1.end <= pair[1].1.start;
                assert!(apart, "{}: edits overlap: {fix:?}", finding.rule);
            }
            for edit in &fix.edits {
                is_place(
                    report,
                    &Place {
                        file: edit.file.clone(),
                        span: edit.span,
                    },
                );
            }
        }
    }
}

fn is_place(report: &PluginReport, place: &Place) {
    if let Some(source) = report.sources.get(&place.file) {
        assert!(
            source.text().get(place.span.range()).is_some(),
            "{place:?} is no range of its text"
        );
        report.start_of(place);
        report.lines_of(place);
    }
}

/// Every form of output takes it.
fn is_told(report: PluginReport) {
    let mut summary = Summary::default();
    summary.add(&report);
    let run = Run::new(1);
    for form in FORMATS {
        let mut writer = (form.make)(&Look::PLAIN);
        let mut out = Vec::new();
        let written = writer
            .begin(&mut out, &run)
            .and_then(|()| writer.plugin(&mut out, &report))
            .and_then(|()| writer.end(&mut out, &summary));
        assert!(written.is_ok(), "{}: {written:?}", form.name);
        let Ok(out) = String::from_utf8(out) else {
            panic!("{} is not UTF-8", form.name);
        };
        if matches!(form.name, "json" | "sarif" | "gitlab" | "rdjson") {
            let read: Result<serde_json::Value, _> = serde_json::from_str(&out);
            assert!(read.is_ok(), "{}: {read:?}", form.name);
        }
    }
}

/// Applies all fixes, the unsafe ones last, until none is left.
pub fn fixes(data: &[u8]) {
    let (texts, path, content) = split(data);
    let files: Arc<dyn Files> = Arc::new(with(texts, &path, content));
    let policy = policy();
    let safe = fix::fix(files, "plugin", &policy, &|_, fix| {
        fix.applicability == Applicability::Safe
    });
    settled(&safe, "safe");
    let all = fix::fix(safe.files, "plugin", &policy, &|_, _| true);
    settled(&all, "all");
}

fn settled(outcome: &fix::Outcome, which: &str) {
    is_sound(&outcome.report);
    for changed in &outcome.changed {
        let written = outcome.files.read(&changed.path);
        assert_eq!(written.as_deref(), Ok(changed.after.as_bytes()), "{which}");
        assert_ne!(
            changed.before.as_deref(),
            Some(changed.after.as_str()),
            "{which}"
        );
    }
    // a proof may fail, and then says why; the fix is not applied
    assert!(outcome.failed.iter().all(|it| it.failure.is_some()));
    assert!(outcome.applied.iter().all(|it| it.failure.is_none()));
    let again = difylint::check(outcome.files.clone(), "plugin", &policy());
    assert_eq!(again.rejected, outcome.report.rejected, "{which}");
    assert_eq!(
        again.findings, outcome.report.findings,
        "{which}: the report is of these files"
    );
}

pub fn compare(data: &[u8]) {
    let (texts, path, content) = split(data);
    let content = text(content);
    let (old, new) = content
        .split_once(SEPARATOR)
        .unwrap_or((&content, &content));
    let side =
        |content: &str, root| Side::load(Arc::new(with(texts, &path, content.as_bytes())), root);
    let (before, after) = (side(old, "old"), side(new, "new"));
    let Ok(comparison) = compare_sides(&before, &after, &policy()) else {
        return;
    };
    assert!(
        old != new
            || comparison
                .changes
                .iter()
                .all(|it| it.grade != difylint::compare::Grade::Breaking)
    );
    compared::full(&comparison, &Look::PLAIN);
    compared::markdown(&comparison);
    assert!(compared::json(&comparison).is_ok());
    is_told(compared::findings(&comparison));
}

pub fn package_seeds() -> Vec<Vec<u8>> {
    let methods = [
        zip::CompressionMethod::Stored,
        zip::CompressionMethod::Deflated,
    ];
    let packed = methods.map(|method| archive(&bases()["tool"], method));
    let mut bundle = bases()["bundle"].clone();
    bundle.insert("tool.difypkg".to_owned(), packed[1].clone());
    let bundle = archive(&bundle, zip::CompressionMethod::Stored);
    let mut few = Texts::new();
    few.insert("manifest.yaml".to_owned(), b"type: plugin\n".to_vec());
    few.insert("a/b.yaml".to_owned(), b"x: y\n".repeat(20));
    let few = methods.map(|method| archive(&few, method));
    packed.into_iter().chain([bundle]).chain(few).collect()
}

fn archive(texts: &Texts, method: zip::CompressionMethod) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(method);
    for (path, bytes) in texts {
        let written = writer
            .start_file(path.as_str(), options)
            .map(|()| writer.write_all(bytes));
        assert!(matches!(written, Ok(Ok(()))), "{path} is not packed");
    }
    match writer.finish() {
        Ok(cursor) => cursor.into_inner(),
        Err(error) => panic!("{error}"),
    }
}

pub fn package(data: &[u8]) {
    let package = Package::from_bytes(data.to_vec());
    if let Some(archive) = package.archive() {
        for entry in archive.entries() {
            let proved = archive.prove(entry);
            if let (Some(path), Ok(())) = (entry.path(), proved) {
                let size = package.size(&path);
                let read = package.read(&path);
                let whole = read.as_ref().is_ok_and(|it| Some(it.len() as u64) == size);
                assert!(
                    whole || read.is_err() || size.is_none(),
                    "`{path}` is not of its size"
                );
            }
        }
    }
    let mut folders = vec![String::new()];
    let mut seen = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in package.list(&folder).unwrap_or_default() {
            let path = join(&folder, &entry.name);
            assert!(
                package.kind(&path).is_some(),
                "`{path}` is listed and is not there"
            );
            if entry.kind.is_folder() && seen.insert(path.clone()) {
                folders.push(path);
            } else if let Ok(bytes) = package.read(&path) {
                SourceFile::new(&path, bytes);
            }
        }
    }
    let report = difylint::check(Arc::new(package), "x.difypkg", &policy());
    is_sound(&report);
}
