//! Configurations and baselines.

use super::text;
use difylint::policy::baseline::Baseline;
use difylint::policy::{Layer, Resolver, Search};
use std::fs;
use std::path::Path;

pub fn seeds() -> Vec<Vec<u8>> {
    let texts = [
        "select = [\"ALL\"]\nignore = [\"i18n\", \"path/missing-file\"]\nfail-on = \"warning\"\n\
         [severity]\n\"yaml\" = \"info\"\n[[overrides]]\npaths = [\"tools/**/*.yaml\", \"!x\"]\nignore = [\"ALL\"]\n",
        "profile = \"marketplace\"\nbaseline = \"b.json\"\nexclude = [\"old/**\"]\noutput-format = \"json=x\"\n\
         [target]\ndify = \"1.9.0\"\nsdk = \"0.5.0\"\n[rules.\"i18n/missing-locale\"]\nlocales = [\"ja_JP\"]\n",
        "extend = \"difylint.toml\"\n[suppressions]\nrequire-reason = true\n",
        "{\"schema_version\": 1, \"plugins\": {\"a/b\": [{\"file\": \"manifest.yaml\", \
         \"rule\": \"path/missing-file\", \"fingerprint\": \"0123456789abcdef\", \"count\": 2}]}}",
    ];
    texts.map(|it| it.as_bytes().to_vec()).to_vec()
}

pub fn one(data: &[u8]) {
    let text = text(data);
    if let Ok(baseline) = Baseline::read(&text, "/x".into(), "/x".into()) {
        let written = baseline.text();
        let again = Baseline::read(&written, "/x".into(), "/x".into());
        let again = again.unwrap_or_else(|error| panic!("{}: {written}", error.message));
        assert_eq!(
            again.text(),
            written,
            "a baseline is read as it was written"
        );
        assert_eq!(again.total(), baseline.total());
    }
    let folder = std::env::temp_dir().join(format!("difylint-fuzz-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    // above it nothing is looked for
    let _ = fs::create_dir(folder.join(".git"));
    for name in ["difylint.toml", "pyproject.toml"] {
        let file = folder.join(name);
        if fs::write(&file, data).is_err() {
            continue;
        }
        let resolver = Resolver::new(&folder, Search::Nearest, Layer::default());
        match resolver.settings(Path::new("plugin")) {
            Ok(settings) => {
                settings.policy();
            }
            Err(error) => {
                for mistake in std::iter::once(&error.first).chain(&error.others) {
                    assert!(!mistake.message.is_empty());
                    if let Some((file, span)) = &mistake.place {
                        assert!(file.text.get(span.range()).is_some(), "{mistake:?}");
                    }
                }
            }
        }
        let _ = fs::remove_file(&file);
    }
    let _ = fs::remove_dir_all(&folder);
}
