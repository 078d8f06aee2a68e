//! The Python facts against recorded verdicts of the SDK, and against the official plugins.

use difylint::python::{Base, Module, Sources, Usage};
use difylint::source::{Files, Memory, SourceFile};
use serde_json::Value as Json;
use serde_yaml::Value as Yaml;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared");

fn yaml(files: &dyn Files, path: &str) -> Option<Yaml> {
    let bytes = files.read(path).ok()?;
    serde_yaml::from_str(&String::from_utf8_lossy(&bytes)).ok()
}

fn source(document: &Yaml) -> Option<&str> {
    document
        .get("extra")?
        .get("python")?
        .get("source")?
        .as_str()
}

fn texts(document: &Yaml, key: &str) -> Vec<String> {
    let items = document.get(key).and_then(Yaml::as_sequence);
    let items = items.map_or(&[][..], Vec::as_slice);
    items
        .iter()
        .filter_map(Yaml::as_str)
        .map(str::to_owned)
        .collect()
}

/// What stops the start-up for a reason of the Python sources; `None` if nothing does.
fn refusal(files: &dyn Files) -> Option<String> {
    let sources = Sources::new(files);
    if let Some(shadow) = sources.shadows().first() {
        return Some(format!("{} hides {}", shadow.path, shadow.module));
    }
    let manifest = yaml(files, "manifest.yaml")?;
    let plugins = manifest.get("plugins")?;
    let one = |source: Option<&str>, base: Base| -> Option<String> {
        let Some(source) = source else {
            return Some("no source".into());
        };
        let path = match sources.locate(source) {
            Ok(path) => path,
            Err(error) => return Some(error.to_string()),
        };
        match sources.subclasses(&path, base) {
            Err(failure) => Some(failure.message),
            Ok(found) if found.len() == 1 => None,
            Ok(found) => Some(format!("{} of {base:?} in {path}: {found:?}", found.len())),
        }
    };
    let mut problems = Vec::new();
    for (key, children, parent, child) in [
        ("tools", "tools", Some(Base::ToolProvider), Base::Tool),
        ("endpoints", "endpoints", None, Base::Endpoint),
        ("agent_strategies", "strategies", None, Base::AgentStrategy),
        (
            "datasources",
            "datasources",
            Some(Base::DatasourceProvider),
            Base::AiModel,
        ),
        ("triggers", "events", Some(Base::Trigger), Base::Event),
    ] {
        for path in texts(plugins, key) {
            let Some(document) = yaml(files, &path) else {
                continue;
            };
            if let Some(base) = parent {
                problems.extend(one(source(&document), base));
            }
            if key == "triggers"
                && let Some(path) = source(&document).and_then(|s| sources.locate(s).ok())
                && let Ok(found) = sources.subclasses(&path, Base::TriggerSubscriptionConstructor)
            {
                let needed = document
                    .get("subscription_constructor")
                    .is_some_and(Yaml::is_mapping);
                if found.len() > 1 || (needed && found.is_empty()) {
                    problems.push(format!("{} subscription constructors", found.len()));
                }
            }
            let child = match document.get("provider_type").and_then(Yaml::as_str) {
                Some("online_document") => Base::OnlineDocumentDatasource,
                Some("website_crawl") => Base::WebsiteCrawlDatasource,
                Some("online_drive") => Base::OnlineDriveDatasource,
                _ => child,
            };
            for path in texts(&document, children) {
                let Some(document) = yaml(files, &path) else {
                    continue;
                };
                problems.extend(one(source(&document), child));
            }
        }
    }
    for path in texts(plugins, "models") {
        let Some(document) = yaml(files, &path) else {
            continue;
        };
        let python = document.get("extra").and_then(|extra| extra.get("python"));
        let Some(python) = python else {
            problems.push("no extra.python".into());
            continue;
        };
        let provider = python.get("provider_source").and_then(Yaml::as_str);
        let problem = one(provider, Base::ModelProvider);
        if problem.is_none() {
            let path = sources.locate(provider.unwrap()).unwrap();
            let found = sources.subclasses(&path, Base::ModelProvider).unwrap();
            problems.extend(
                found[0]
                    .instantiation
                    .as_ref()
                    .map(|why| format!("{why:?}")),
            );
        }
        problems.extend(problem);
        for source in texts(python, "model_sources") {
            match sources.locate(&source) {
                Err(error) => problems.push(error.to_string()),
                Ok(path) => {
                    if let Err(failure) = sources.subclasses(&path, Base::AiModel) {
                        problems.push(failure.message);
                    }
                }
            }
        }
    }
    (!problems.is_empty()).then(|| problems.join("; "))
}

fn load(root: &Path, folder: &Path, files: &mut Memory) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            load(root, &path, files);
        } else {
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            files.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

#[test]
fn recorded_verdicts() {
    let train = PathBuf::from(SHARED).join("conformance/train");
    let Ok(cases) = std::fs::read_to_string(train.join("cases.jsonl")) else {
        eprintln!("skipped: no conformance data");
        return;
    };
    let mut bases: BTreeMap<String, Memory> = BTreeMap::new();
    let (mut compared, mut wrong) = (0, Vec::new());
    for line in cases.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let operators: Vec<&str> = case["mutations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|mutation| mutation["op"].as_str().unwrap())
            .collect();
        let ours = |operator: &&str| operator.starts_with("py_") || operator.starts_with("src_");
        let start = &case["verdicts"]["start"];
        let error = start["error"].as_str().unwrap_or_default();
        let all_ours = operators.iter().all(ours);
        // a source that is no text is a matter of the document's shape
        let of_shape = error.contains("validation error") && !error.contains("recursion depth");
        let accepted = start["ok"].as_bool().unwrap();
        // of the other cases, those whose documents are sound
        if of_shape || (!all_ours && !accepted) {
            continue;
        }
        let base = case["base"].as_str().unwrap();
        let files = bases.entry(base.to_owned()).or_insert_with(|| {
            let mut files = Memory::new();
            let root = train.join("bases").join(base);
            load(&root, &root, &mut files);
            files
        });
        let mut files = files.clone();
        let ops = case["ops"].as_array().unwrap();
        for op in ops {
            let path = op["path"].as_str().unwrap();
            if op["delete"].as_bool() == Some(true) {
                files.remove(path);
            } else if let Some(new) = op["rename_to"].as_str() {
                let content = files.remove(path).unwrap();
                files.insert(new, content);
            }
        }
        for op in ops {
            if let Some(content) = op["content"].as_str() {
                files.insert(op["path"].as_str().unwrap(), content.as_bytes().to_vec());
            }
        }
        compared += 1;
        let refused = refusal(&files);
        if accepted != refused.is_none() {
            wrong.push(format!(
                "{} {operators:?}: recorded {}, here {refused:?}",
                case["id"], start
            ));
        }
    }
    eprintln!("{compared} cases compared, {} wrong", wrong.len());
    assert!(compared > 2000 && wrong.is_empty(), "{}", wrong.join("\n"));
}

fn missing_constant(why: &str) -> Option<(String, String)> {
    let (_, rest) = why.split_once("cannot import name `")?;
    let mut parts = rest.split('`');
    let name = parts.next()?;
    let module = parts.nth(1)?;
    (!module.starts_with("dify_plugin")).then(|| (name.to_owned(), module.to_owned()))
}

#[test]
fn official_plugins() {
    let official = PathBuf::from(SHARED).join("corpus/official");
    if !official.is_dir() {
        eprintln!("skipped: no corpus");
        return;
    }
    let (mut plugins, mut refused) = (0, Vec::new());
    for kind in std::fs::read_dir(&official).unwrap() {
        let Ok(entries) = std::fs::read_dir(kind.unwrap().path()) else {
            continue;
        };
        for entry in entries {
            let root = entry.unwrap().path();
            if root.join("manifest.yaml").is_file() {
                plugins += 1;
                // files that the corpus itself lacks
                if ["badapple", "attio", "dingo"]
                    .iter()
                    .any(|name| root.ends_with(name))
                {
                    continue;
                }
                let mut files = Memory::new();
                load(&root, &root, &mut files);
                let mut why = refusal(&files);
                // the stubs of the corpus lack constants: put them back
                while let Some((name, module)) = why.as_deref().and_then(missing_constant) {
                    let file = format!("{}.py", module.replace('.', "/"));
                    let package = format!("{}/__init__.py", module.replace('.', "/"));
                    let file = if files.get(&file).is_some() {
                        file
                    } else {
                        package
                    };
                    let mut text = files.get(&file).unwrap().to_vec();
                    text.extend(format!("\n{name} = 0\n").into_bytes());
                    files.insert(file, text);
                    why = refusal(&files);
                }
                refused.extend(why.map(|why| format!("{}: {why}", root.display())));
            }
        }
    }
    eprintln!("{plugins} plugins");
    assert!(
        plugins > 200 && refused.is_empty(),
        "{}",
        refused.join("\n")
    );
}

/// Every source of the official plugins, and hostile ones: facts without errors, and in no time.
#[test]
fn every_source_is_read() {
    let official = PathBuf::from(SHARED).join("corpus/official");
    if !official.is_dir() {
        eprintln!("skipped: no corpus");
        return;
    }
    let mut files = Memory::new();
    load(&official, &official, &mut files);
    let sources: Vec<SourceFile> = files
        .paths()
        .filter(|path| path.ends_with(".py"))
        .map(|path| SourceFile::new(path, files.get(path).unwrap().to_vec()))
        .collect();
    let bytes: usize = sources.iter().map(|source| source.text().len()).sum();
    let start = std::time::Instant::now();
    let wrong: Vec<_> = sources
        .iter()
        .map(Module::new)
        .filter(|module| module.error.is_some() || module.opaque)
        .map(|module| format!("{}: {:?}", module.path, module.error))
        .collect();
    let facts = start.elapsed();
    for source in &sources {
        Usage::new(source);
    }
    eprintln!(
        "{} sources, {bytes} bytes: facts {facts:?}, usage {:?}",
        sources.len(),
        start.elapsed() - facts
    );
    assert!(
        sources.len() > 2000 && wrong.is_empty(),
        "{}",
        wrong.join("\n")
    );
}
