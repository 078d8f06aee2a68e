//! The recorded cases of the real readers, as plugins in memory.

use difylint::finding::Stage;
use difylint::source::Memory;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The stages as the records call them.
pub const STAGES: [(&str, Stage); 3] = [
    ("package", Stage::Package),
    ("upload", Stage::Install),
    ("start", Stage::Start),
];

pub fn shared() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared")
}

pub fn base_verdicts(train: &Path) -> BTreeMap<String, Vec<bool>> {
    let cases = fs::read_to_string(train.join("cases.jsonl")).unwrap();
    cases
        .lines()
        .take_while(|line| line.contains("-base-"))
        .map(|line| {
            let case: Value = serde_json::from_str(line).unwrap();
            let verdicts = STAGES
                .iter()
                .map(|(name, _)| case["verdicts"][*name]["ok"] == true)
                .collect();
            (case["base"].as_str().unwrap().to_owned(), verdicts)
        })
        .collect()
}

pub fn bases(folder: &Path) -> BTreeMap<String, Memory> {
    let mut bases = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mut files = Memory::new();
        read_into(&path, &path, &mut files);
        bases.insert(
            path.file_name().unwrap().to_string_lossy().into_owned(),
            files,
        );
    }
    bases
}

fn read_into(root: &Path, folder: &Path, files: &mut Memory) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_into(root, &path, files);
        } else {
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_string_lossy()
                .into_owned();
            files.insert(name, fs::read(&path).unwrap());
        }
    }
}

pub fn overlay(base: &Memory, case: &Value) -> Memory {
    let mut files = base.clone();
    let ops = case["ops"].as_array().unwrap();
    for op in ops {
        let path = op["path"].as_str().unwrap();
        if op["delete"] == true {
            files.remove(path);
        } else if let Some(to) = op["rename_to"].as_str()
            && let Some(content) = files.remove(path)
        {
            files.insert(to, content);
        }
    }
    for op in ops {
        let path = op["path"].as_str().unwrap();
        if let Some(content) = op["content"].as_str() {
            files.insert(path, content.as_bytes().to_vec());
        } else if let Some(content) = op["content_b64"].as_str() {
            files.insert(path, base64(content));
        }
    }
    files
}

pub fn base64(text: &str) -> Vec<u8> {
    let digit = |b: u8| match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut bytes = Vec::new();
    for chunk in text.trim_end_matches('=').as_bytes().chunks(4) {
        let bits = chunk
            .iter()
            .fold(0_u32, |bits, b| bits << 6 | u32::from(digit(*b)));
        let bits = bits << (6 * (4 - chunk.len()));
        bytes.extend(bits.to_be_bytes().iter().skip(1).take(chunk.len() * 6 / 8));
    }
    bytes
}
