//! Emacs with the configuration of docs/editors.md. Says that it is skipped where Emacs, eglot or a
//! mode for YAML is absent; `DIFYLINT_EMACS` names another than the one on `PATH`.

use crate::support::editor::{command, copy, repository};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a user does: opens the file, waits for the findings, takes the first action, saves, waits
/// until the finding is gone.
const SESSION: &str = r#"
(defun say (&rest words) (princ (concat (apply #'format words) "\n")))
(defun wait-for (what condition)
  (with-timeout (60 (error "no %s" what))
    (while (not (funcall condition)) (sit-for 0.02))))
(find-file "tools/count_text.yaml")
;; a person would be at the keyboard, not in a menu
(setq last-nonmenu-event t)
;; a command ends: Emacs connects then, and a batch has no commands
(run-hooks 'post-command-hook)
(wait-for "findings" #'flymake-diagnostics)
(dolist (it (sort (flymake-diagnostics)
                  (lambda (a b) (string< (flymake-diagnostic-text a) (flymake-diagnostic-text b)))))
  (say "%d: %s" (line-number-at-pos (flymake-diagnostic-beg it))
       (car (split-string (flymake-diagnostic-text it) "\n"))))
(goto-char (flymake-diagnostic-beg (car (flymake-diagnostics))))
(cl-letf (((symbol-function 'completing-read)
           (lambda (_ offered &rest _)
             ;; a configuration is begun only in an Emacs that creates files
             (dolist (it offered)
               (unless (string-match "difylint.toml" (car it)) (say "offered: %s" (car it))))
             (caar offered))))
  (eglot-code-actions (point) (point) nil t))
(say "after: %s" (string-trim (thing-at-point 'line t)))
;; eglot tells of changes when Emacs is idle, which a batch never is, and when a file is saved
(let ((save-silently t)) (save-buffer))
(wait-for "repair" (lambda () (not (flymake-diagnostics))))
"#;

#[test]
fn a_finding_is_shown_and_repaired() {
    let emacs = PathBuf::from(std::env::var_os("DIFYLINT_EMACS").unwrap_or_else(|| "emacs".into()));
    if !has_all(&emacs) {
        println!(
            "skipped: Emacs with eglot and yaml-mode is not here \
             (Debian: `apt-get install emacs-nox elpa-eglot elpa-yaml-mode`)"
        );
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let plugin = folder.path().join("with space");
    copy(&repository().join("corpus/good/tool"), &plugin);
    let file = plugin.join("tools/count_text.yaml");
    let sound = fs::read_to_string(&file).unwrap();
    let broken = sound.replacen("human_description:", "human_descripton:", 1);
    assert_ne!(broken, sound);
    fs::write(&file, broken).unwrap();

    let init = folder.path().join("init.el");
    fs::write(&init, configuration()).unwrap();
    let session = folder.path().join("session.el");
    fs::write(&session, SESSION).unwrap();
    let output = command(&emacs, folder.path())
        .args(["--batch", "--eval", "(package-initialize)", "--load"])
        .arg(&init)
        .arg("--load")
        .arg(&session)
        .current_dir(&plugin)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    // what Emacs itself says, from its version to its waiting, goes to the other stream
    assert!(
        output.status.success(),
        "{told}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    insta::assert_snapshot!(told);
    assert_eq!(fs::read_to_string(&file).unwrap(), sound);
}

/// The configuration that the page gives.
fn configuration() -> String {
    let page = fs::read_to_string(repository().join("docs/editors.md")).unwrap();
    let (_, rest) = page.split_once("```elisp\n").expect("the page has one");
    let (block, _) = rest.split_once("```\n").unwrap();
    block.to_owned()
}

fn has_all(emacs: &Path) -> bool {
    let wanted = "(progn (package-initialize) (require 'eglot) (require 'yaml-mode))";
    let status = Command::new(emacs)
        .args(["--batch", "--eval", wanted])
        .output();
    status.is_ok_and(|it| it.status.success())
}
