//! The class search of the SDK, fact by fact, and sources that mean harm.

use difylint::python::Usage;
use difylint::python::{
    Base, FailureKind, Found, How, Instantiation, LocateError, Module, Sources,
};
use difylint::source::{Memory, SourceFile};
use std::sync::Arc;

fn plugin(files: &[(&str, &str)]) -> Memory {
    let mut memory = Memory::new();
    for (path, text) in files {
        memory.insert(*path, text.as_bytes().to_vec());
    }
    memory
}

fn tools(files: &[(&str, &str)]) -> Vec<Arc<Found>> {
    let files = plugin(files);
    Sources::new(&files)
        .subclasses("tools/t.py", Base::Tool)
        .unwrap()
        .to_vec()
}

fn count(text: &str) -> usize {
    tools(&[(
        "tools/t.py",
        &format!("from dify_plugin import Tool\n{text}"),
    )])
    .len()
}

fn failure(files: &[(&str, &str)]) -> FailureKind {
    let files = plugin(files);
    let sources = Sources::new(&files);
    sources
        .subclasses("tools/t.py", Base::Tool)
        .unwrap_err()
        .kind
}

#[test]
fn sources_are_located() {
    let files = plugin(&[
        ("tools/t.py", ""),
        ("tools/gpt-4.py", ""),
        ("tools/a.b.py", ""),
        ("tools/x.txt", ""),
        ("tools/.h.py", ""),
        ("tools.v1/t.py", ""),
        ("pkg/__init__.py", ""),
        ("types/t.py", ""),
        ("json/t.py", ""),
        ("requests/t.py", ""),
        ("email/__init__.py", ""),
        ("名/工具.py", ""),
    ]);
    let sources = Sources::new(&files);
    for good in [
        "tools/t.py",
        "tools/t",
        "tools/t.yaml",
        "tools/t.pyc",
        "./tools/t.py",
        "tools//t.py",
        "tools.t.py",
    ] {
        assert_eq!(sources.locate(good).as_deref(), Ok("tools/t.py"), "{good}");
    }
    assert_eq!(
        sources.locate("tools/gpt-4.py").as_deref(),
        Ok("tools/gpt-4.py")
    );
    assert_eq!(sources.locate("名/工具.py").as_deref(), Ok("名/工具.py"));
    assert_eq!(sources.locate("pkg").as_deref(), Ok("pkg/__init__.py"));
    assert_eq!(
        sources.locate("pkg/__init__.py").as_deref(),
        Ok("pkg/__init__.py")
    );
    for bad in ["", ".", "/"] {
        assert_eq!(sources.locate(bad), Err(LocateError::Empty), "{bad}");
    }
    for bad in ["../x/t.py", "/abs/t.py", ".py", ".t.py"] {
        assert!(
            matches!(sources.locate(bad), Err(LocateError::Relative { .. })),
            "{bad}"
        );
    }
    for bad in ["tools/../tools/t.py", "tools/.h.py"] {
        assert!(
            matches!(sources.locate(bad), Err(LocateError::EmptyPart { .. })),
            "{bad}"
        );
    }
    for bad in ["types/t.py", "json/t.py", "requests/t.py", "os.py"] {
        let found = sources.locate(bad);
        assert!(
            found.is_err() && bad != "json/t.py" || found.is_err(),
            "{bad}: {found:?}"
        );
    }
    assert!(matches!(
        sources.locate("os.py"),
        Err(LocateError::Installed { .. })
    ));
    assert!(matches!(
        sources.locate("tools"),
        Err(LocateError::NotPython { .. })
    ));
    assert!(matches!(
        sources.locate("tools/x.txt"),
        Err(LocateError::NotPython { .. })
    ));
    assert!(matches!(
        sources.locate("tools/no.py"),
        Err(LocateError::Missing { .. })
    ));
    assert!(matches!(
        sources.locate("TOOLS/T.PY"),
        Err(LocateError::MissingPackage { .. })
    ));
    assert!(matches!(
        sources.locate("tools/T.py"),
        Err(LocateError::Missing { .. })
    ));
    assert!(matches!(
        sources.locate("tools\\t.py"),
        Err(LocateError::Missing { .. })
    ));
    assert!(matches!(
        sources.locate("tools/t.v1.py"),
        Err(LocateError::NotPackage { .. })
    ));
    assert!(matches!(
        sources.locate("tools/a.b.py"),
        Err(LocateError::MissingPackage { dotted: true, .. })
    ));
    assert!(sources.locate("tools.v1/t.py").is_err());
}

#[test]
fn bindings_are_counted() {
    assert_eq!(count("class A(Tool): pass"), 1);
    assert_eq!(count(""), 0, "the parent itself");
    assert_eq!(count("class A(Tool): pass\nB = A"), 2);
    assert_eq!(count("class A(Tool): pass\nclass A(Tool): pass"), 1);
    assert_eq!(count("class A(Tool): pass\ndel A"), 0);
    assert_eq!(count("class A(Tool): pass\nA = 1"), 0);
    assert_eq!(count("class _A(Tool): pass"), 1);
    assert_eq!(count("class A(Tool):\n    class B(Tool): pass"), 1);
    assert_eq!(count("def f():\n    class B(Tool): pass"), 0);
    assert_eq!(
        count("try:\n    class A(Tool): pass\nexcept Exception:\n    pass"),
        1
    );
    assert_eq!(count("if True:\n    class A(Tool): pass"), 1);
    assert_eq!(
        count("if __name__ == '__main__':\n    class A(Tool): pass"),
        0
    );
    assert_eq!(
        count("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    class A(Tool): pass"),
        0
    );
    assert_eq!(count("X = list[Tool]"), 0);
    assert_eq!(count("class A(Tool): pass\nclass B(A): pass"), 2);
    assert_eq!(
        count("import dify_plugin\nclass A(dify_plugin.Tool): pass"),
        1
    );
    assert_eq!(
        count("import dify_plugin.interfaces.tool as t\nclass A(t.Tool): pass"),
        1
    );
    assert_eq!(count("class A(Tool, dict): pass"), 1);
    assert_eq!(
        count(
            "from typing import Generic, TypeVar\nT = TypeVar('T')\nclass A(Tool, Generic[T]): pass"
        ),
        1
    );
}

#[test]
fn imported_classes_count() {
    let base = "from dify_plugin import Tool\nclass Base(Tool): pass\n";
    for (how, number) in [
        ("from tools.base import Base", 2),
        ("from .base import Base", 2),
        ("from tools.base import *", 2),
        ("import tools.base", 1),
        ("from tools import base", 1),
    ] {
        let parent = if number == 2 {
            "Base"
        } else if how.starts_with("from") {
            "base.Base"
        } else {
            "tools.base.Base"
        };
        let text = format!("{how}\nclass A({parent}): pass");
        let found = tools(&[("tools/base.py", base), ("tools/t.py", &text)]);
        assert_eq!(found.len(), number, "{how}: {found:?}");
    }
    let found = tools(&[
        ("tools/base.py", base),
        ("tools/t.py", "from .base import Base as B"),
    ]);
    assert_eq!(
        (found[0].how, found[0].file.as_deref()),
        (How::Imported, Some("tools/base.py"))
    );
    let files = plugin(&[
        (
            "p.py",
            "from dify_plugin import AgentProvider, ToolProvider\nclass P(ToolProvider): pass",
        ),
        ("q.py", "from dify_plugin import OAICompatProvider"),
        (
            "m.py",
            "from dify_plugin import LargeLanguageModel, OAICompatLargeLanguageModel",
        ),
    ]);
    let sources = Sources::new(&files);
    assert_eq!(
        sources
            .subclasses("p.py", Base::ToolProvider)
            .unwrap()
            .len(),
        2
    );
    let provider = sources.subclasses("q.py", Base::ModelProvider).unwrap();
    assert_eq!((provider.len(), &provider[0].instantiation), (1, &None));
    assert_eq!(sources.subclasses("m.py", Base::AiModel).unwrap().len(), 1);
}

#[test]
fn imports_fail() {
    let cases: &[(&str, FailureKind)] = &[
        ("from dify_plugin import Nope", FailureKind::MissingSdkName),
        ("import dify_plugin.nope", FailureKind::MissingModule),
        (
            "from dify_plugin.entities.tool import LogMetadata",
            FailureKind::MissingSdkName,
        ),
        ("from ..utils import x", FailureKind::BeyondTopLevel),
        ("import sibling", FailureKind::Sibling),
        ("from tools.nope import x", FailureKind::MissingModule),
        ("from tools.sibling import nope", FailureKind::MissingName),
        (
            "from tools.sibling.deep import nope",
            FailureKind::MissingModule,
        ),
        ("import json.nope", FailureKind::MissingModule),
        ("class A(Undefined): pass", FailureKind::UndefinedName),
        ("print 1", FailureKind::Syntax),
        ("return 1", FailureKind::Syntax),
        ("x = '\0'", FailureKind::Syntax),
        ("def f(a, a): pass", FailureKind::Syntax),
        ("if 1:\n\tx = 1\n        y = 2", FailureKind::Syntax),
        ("type A[T = int] = list[T]", FailureKind::Syntax),
        ("raise ValueError", FailureKind::Raises),
        (
            "from dify_plugin import Plugin, DifyPluginEnv\np = Plugin(DifyPluginEnv())",
            FailureKind::StartsPlugin,
        ),
        ("import main", FailureKind::StartsPlugin),
    ];
    for (text, kind) in cases {
        let found = failure(&[
            ("tools/t.py", text),
            ("tools/sibling.py", "x = 1"),
            ("utils.py", "x = 1"),
            (
                "main.py",
                "from dify_plugin import Plugin, DifyPluginEnv\nplugin = Plugin(DifyPluginEnv())\nif __name__ == '__main__':\n    plugin.run()",
            ),
        ]);
        assert_eq!(found, *kind, "{text}");
    }
}

#[test]
fn imports_succeed() {
    for text in [
        "import requests, openai, numpy as np",
        "from openai.types import Anything",
        "from utils import x",
        "from tools.sibling import x",
        "from . import sibling",
        "from .sibling import x",
        "try:\n    import dify_plugin.nope\nexcept ImportError:\n    pass",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from dify_plugin import Nope",
        "def f():\n    from dify_plugin import Nope",
        "import sys\nif sys.version_info < (3, 1):\n    from dify_plugin import Nope",
        "from contextlib import suppress\nwith suppress(ImportError):\n    import dify_plugin.nope",
        "import t",
        "import os.path, xml.etree.ElementTree, concurrent.futures, importlib.metadata",
        "from circle import a",
        "globals()['X'] = 1\nclass A(X): pass",
        "from numpy import *\nclass A(ndarray): pass",
        "# -*- coding: latin-1 -*-\nx = 1",
        "\u{feff}x = 1",
        "async def f():\n    return [await x for x in y]",
        "match 1:\n    case 1: pass",
        "type A = int\nclass B[T]: pass",
        "with open('x') as a, open('y') as b: pass",
    ] {
        let found = tools(&[
            ("tools/t.py", text),
            ("tools/sibling.py", "x = 1"),
            ("utils.py", "x = 1"),
            ("circle.py", "import circle\nfrom round import b\na = 1"),
            ("round.py", "import circle\nb = 1"),
        ]);
        let certain = found.iter().any(|found| found.certain);
        assert!(!certain, "{text}: {found:?}");
    }
}

#[test]
fn methods_and_start_up() {
    let files = plugin(&[
        ("mixin.py", "class Mixin:\n    def _invoke(self): pass"),
        (
            "tools/t.py",
            "from dify_plugin import Tool\nfrom mixin import Mixin\nclass A(Tool): pass",
        ),
        (
            "tools/u.py",
            "from dify_plugin import Tool\nfrom mixin import Mixin\nclass A(Mixin, Tool): pass",
        ),
        (
            "p.py",
            "from dify_plugin import ModelProvider\nclass P(ModelProvider):\n    def f(self): pass",
        ),
        (
            "q.py",
            "from dify_plugin import ModelProvider\nclass P(ModelProvider):\n    def validate_provider_credentials(self, c): pass\n    def __init__(self): pass",
        ),
        (
            "r.py",
            "from dify_plugin import ModelProvider\nclass P(ModelProvider):\n    def validate_provider_credentials(self, c): pass\n    def __init__(self, *args, **kwargs): pass",
        ),
    ]);
    let sources = Sources::new(&files);
    let one = |path: &str, base| sources.subclasses(path, base).unwrap()[0].clone();
    assert_eq!(one("tools/t.py", Base::Tool).missing_methods, ["_invoke"]);
    assert!(one("tools/u.py", Base::Tool).missing_methods.is_empty());
    assert!(matches!(
        one("p.py", Base::ModelProvider).instantiation,
        Some(Instantiation::Abstract(_))
    ));
    assert!(matches!(
        one("q.py", Base::ModelProvider).instantiation,
        Some(Instantiation::Init { .. })
    ));
    assert_eq!(one("r.py", Base::ModelProvider).instantiation, None);
}

#[test]
fn roots_that_hide_modules() {
    let files = plugin(&[
        ("types.py", ""),
        ("code.py", ""),
        ("tool.py", ""),
        ("yaml/__init__.py", ""),
    ]);
    let shadows = Sources::new(&files).shadows();
    let paths: Vec<&str> = shadows.iter().map(|shadow| shadow.path.as_str()).collect();
    assert_eq!(paths, ["types.py", "yaml/__init__.py"]);
}

/// No text makes the parser or the readers overflow a stack, hang or panic.
#[test]
fn hostile_sources() {
    let deep = 100_000;
    let words = "False None True and as assert async await break class continue def del elif else \
        except finally for from global if import in is lambda nonlocal not or pass raise return \
        try while with yield match case type print := -> ** // >>= != ... '' \"\"\" f'{ f''' rb' 1 1. \
        1e5 名 \r \t ; {}";
    let words = words
        .split(' ')
        .map(|word| format!("{word} ").repeat(30_000));
    let signs = (0..128u8).map(|sign| char::from(sign).to_string().repeat(deep));
    let written = [
        "(".repeat(deep),
        "[".repeat(199) + &"]".repeat(199),
        "x = ".to_owned() + &"-".repeat(2900) + "1",
        "x = ".to_owned() + &"not ".repeat(2900) + "1",
        "x = ".to_owned() + &"-".repeat(deep) + "1",
        "x = ".to_owned() + &"1+".repeat(deep) + "1",
        "x = ".to_owned() + &"1+".repeat(2900) + "1",
        "x = ".to_owned() + &"a.".repeat(deep) + "a",
        "x = a".to_owned() + &"()".repeat(deep),
        "x = ".to_owned() + &"lambda:".repeat(deep) + "1",
        "x = ".to_owned() + &"1 if 1 else ".repeat(deep) + "1",
        "x = ".to_owned() + &"await ".repeat(deep) + "1",
        "f'{".repeat(5000),
        "f\"{f'{".repeat(2000),
        "x = ".to_owned() + &"a:=".repeat(deep) + "1",
        "x: ".to_owned() + &"1**".repeat(deep) + "1",
        "if 1:\n".to_owned()
            + &(1..1500)
                .map(|n| " ".repeat(n) + "if 1:\n")
                .collect::<String>(),
        "if 1:\n pass\n".to_owned() + &"elif 1:\n pass\n".repeat(deep),
        "@a\n".repeat(deep) + "def f(): pass",
        "match x:\n case ".to_owned() + &"[".repeat(deep),
        "match x:\n case ".to_owned() + &"1|".repeat(deep) + "1: pass",
        "class A: pass\n".to_owned()
            + &(0..20_000)
                .map(|n| format!("class A{n}(A): pass\nA = A{n}\n"))
                .collect::<String>(),
        "if a: ".repeat(deep),
        "while a: ".repeat(deep) + "pass",
        "\\\n".repeat(deep),
        "'a' ".repeat(deep),
        "del (".to_owned() + &"a,".repeat(deep) + ")",
        "def f(): ".repeat(deep),
        "x".to_owned() + &"[1:".repeat(150) + &"]".repeat(150),
        "*".repeat(deep),
        "from ".to_owned() + &".".repeat(deep) + " import a",
        "import a".to_owned() + &".a".repeat(10_000),
        "a = ".repeat(deep) + "1",
        "x = ".to_owned() + &"a and ".repeat(deep) + "b",
        "x = ".to_owned() + &"a < ".repeat(deep) + "b",
        "async ".repeat(deep),
        "try:\n pass\n".repeat(deep),
        "\u{0}\u{feff}名".repeat(100),
    ];
    for text in written.into_iter().chain(words).chain(signs) {
        let start = std::time::Instant::now();
        let file = SourceFile::new("tools/t.py", text.clone().into_bytes());
        Module::new(&file);
        Usage::new(&file);
        let files = plugin(&[("tools/t.py", &text)]);
        let _ = Sources::new(&files).subclasses("tools/t.py", Base::Tool);
        let head: String = text.chars().take(20).collect();
        assert!(
            start.elapsed().as_secs() < 10,
            "{head}: {:?}",
            start.elapsed()
        );
    }
}

#[test]
fn chains_of_imports_end() {
    let mut files = plugin(&[("tools/t.py", "from m0 import x")]);
    for number in 0..5000 {
        let next = number + 1;
        files.insert(
            format!("m{number}.py"),
            format!("from m{next} import x").into_bytes(),
        );
    }
    files.insert("m5000.py", b"x = 1".to_vec());
    let found = Sources::new(&files).subclasses("tools/t.py", Base::Tool);
    assert!(found.unwrap().is_empty());
    assert!(Sources::new(&files).is_cut("tools/t.py"));
}
