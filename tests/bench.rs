//! The benchmark measures sound plugins: what its generator writes is as sound as what it copies.

#[path = "../examples/bench/synthetic.rs"]
mod synthetic;

use difylint::plugin::discover;
use difylint::policy::Policy;
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn generated_plugins_are_sound_and_differ_in_name() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/good");
    let templates = synthetic::templates(&corpus);
    let folder = tempfile::tempdir().unwrap();
    let count = 2 * templates.len() + 1;
    synthetic::write(folder.path(), &templates, count);
    let mut names = BTreeSet::new();
    for target in discover(&[folder.path().to_path_buf()]).unwrap() {
        let report = difylint::check(target.files, &target.display, &Policy::default());
        let messages: Vec<&str> = report
            .findings
            .iter()
            .map(|it| it.message.as_str())
            .collect();
        assert!(messages.is_empty(), "{}: {messages:?}", target.display);
        assert!(report.files > 1, "{} has no documents", target.display);
        names.insert(report.name.unwrap());
    }
    assert_eq!(names.len(), count);
}
