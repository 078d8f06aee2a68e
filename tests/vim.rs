//! Vim and ALE with the configuration of docs/editors.md. Says that it is skipped where one of them
//! is absent; `DIFYLINT_VIM` names another than the one on `PATH`.

use crate::support::editor::{command, copy, repository};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// What a user does: opens the file, waits for the findings, takes the first action, writes.
const SESSION: &str = r#"
let s:told = []
function! WaitFor(condition)
  let l:tries = 0
  while !eval(a:condition) && l:tries < 1200
    sleep 50m
    let l:tries += 1
  endwhile
endfunction
edit tools/count_text.yaml
call ale#Queue(0)
call WaitFor('!empty(ale#engine#GetLoclist(bufnr("")))')
for it in ale#engine#GetLoclist(bufnr(''))
  call add(s:told, it.lnum . ':' . it.col . ' ' . it.type . ' ' . split(it.text, ' \(note\|refused at\): ')[0])
endfor
call cursor(25, 6)
ALECodeAction
call WaitFor('getline(25) !~# "descripton"')
call add(s:told, 'after: ' . trim(getline(25)))
silent write
call writefile(sort(s:told), '../told')
qall!
"#;

#[test]
fn a_finding_is_shown_and_repaired() {
    let vim = PathBuf::from(std::env::var_os("DIFYLINT_VIM").unwrap_or_else(|| "vim".into()));
    let folder = tempfile::tempdir().unwrap();
    if !has_ale(&vim, folder.path()) {
        println!("skipped: Vim with ALE is not here (Debian: `apt-get install vim vim-ale`)");
        return;
    }
    let plugin = folder.path().join("with space");
    copy(&repository().join("corpus/good/tool"), &plugin);
    let file = plugin.join("tools/count_text.yaml");
    let sound = fs::read_to_string(&file).unwrap();
    let broken = sound.replacen("human_description:", "human_descripton:", 1);
    assert_ne!(broken, sound);
    fs::write(&file, broken).unwrap();

    let session = folder.path().join("session.vim");
    let begin = "runtime plugin/ale.vim\nsilent! packadd ale\nfiletype plugin on\n";
    fs::write(&session, format!("{begin}{}{SESSION}", configuration())).unwrap();
    let mut child = command(&vim, folder.path())
        .args(["-Es", "-u"])
        .arg(settings(folder.path()))
        .arg("-S")
        .arg(&session)
        .current_dir(&plugin)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // ALE asks which of the actions
    child.stdin.take().unwrap().write_all(b"1\n").unwrap();
    assert!(child.wait().unwrap().success());
    insta::assert_snapshot!(fs::read_to_string(folder.path().join("told")).unwrap());
    assert_eq!(fs::read_to_string(&file).unwrap(), sound);
}

/// The configuration that the page gives.
fn configuration() -> String {
    let page = fs::read_to_string(repository().join("docs/editors.md")).unwrap();
    let (_, rest) = page.split_once("```vim\n").expect("the page has one");
    let (block, _) = rest.split_once("```\n").unwrap();
    block.to_owned()
}

/// Settings of nobody: without any, Vim would load no plugins.
fn settings(home: &Path) -> PathBuf {
    let file = home.join("vimrc");
    fs::write(&file, "set nocompatible\n").unwrap();
    file
}

fn has_ale(vim: &Path, home: &Path) -> bool {
    let mut probe = command(vim, home);
    probe.args(["-Es", "-u"]).arg(settings(home));
    probe.args(["-c", "runtime plugin/ale.vim", "-c", "silent! packadd ale"]);
    probe.args(["-c", "if exists(':ALELint') != 2 | cquit | endif"]);
    let status = probe.args(["-c", "qall!"]).stdin(Stdio::null()).output();
    status.is_ok_and(|it| it.status.success())
}
