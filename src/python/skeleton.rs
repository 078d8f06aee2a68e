//! The start of a source that the SDK accepts.

use super::base::Base;
use super::sdk::{self, SdkName};
use hashbrown::HashSet;

/// The text of a source with one class for each of these bases, every method still to be written;
/// `stem` is the name of the file. `None` where one of the bases is no class to derive from, as
/// that of all models.
pub fn skeleton(stem: &str, bases: &[Base]) -> Option<String> {
    let (mut imports, mut classes) = (Vec::new(), String::new());
    for base in bases {
        let [key] = base.parents() else { return None };
        let name = base.class_name();
        let module = match sdk::sdk_name("dify_plugin", name) {
            SdkName::Class(found) if found == *key => "dify_plugin",
            _ => sdk::class(key)?.module,
        };
        imports.push(format!("from {module} import {name}\n"));
        classes.push_str(&format!("\n\nclass {}({name}):\n", class_name(stem, name)));
        let methods = abstract_methods(key);
        for (at, method) in methods.iter().enumerate() {
            let gap = if at == 0 { "" } else { "\n" };
            classes.push_str(&format!(
                "{gap}    def {method}(self, *args, **kwargs):\n        raise NotImplementedError\n"
            ));
        }
        if methods.is_empty() {
            classes.push_str("    pass\n");
        }
    }
    imports.sort();
    Some(imports.concat() + &classes)
}

/// `search_web` for a tool is `SearchWebTool`.
fn class_name(stem: &str, base: &str) -> String {
    let words = stem.split(|c: char| !c.is_ascii_alphanumeric());
    let mut name = String::new();
    for word in words {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert(0, '_');
    }
    if name.ends_with(base) && name != base {
        name
    } else {
        name + base
    }
}

/// The methods that a subclass must write, those of the class itself first.
fn abstract_methods(key: &'static str) -> Vec<&'static str> {
    let (mut missing, mut settled) = (Vec::new(), HashSet::new());
    let mut open = vec![key];
    while let Some(class) = open.pop().and_then(|key| Some((key, sdk::class(key)?))) {
        let (key, facts) = class;
        settled.extend(facts.concrete_methods());
        missing.extend(
            facts
                .abstract_methods()
                .filter(|name| settled.insert(*name)),
        );
        open.extend(sdk::sdk_class_bases(key).iter().rev());
        open.retain(|key| sdk::class(key).is_some());
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::Sources;
    use crate::source::Memory;

    #[test]
    fn the_sdk_finds_the_class_of_each_skeleton() {
        for base in Base::ALL {
            let Some(text) = skeleton("2_search-web", &[base]) else {
                assert_eq!(base, Base::AiModel);
                continue;
            };
            let mut files = Memory::new();
            files.insert("a.py", text.clone().into_bytes());
            let sources = Sources::new(&files);
            let found = sources
                .subclasses("a.py", base)
                .expect("it can be imported");
            let [class] = &*found else {
                panic!("{} classes in\n{text}", found.len())
            };
            assert!(class.certain && class.missing_methods.is_empty(), "{text}");
            assert_eq!(class.instantiation, None, "{text}");
        }
    }
}
