//! Neovim with the configuration of docs/editors.md. Says that it is skipped where there is none;
//! `DIFYLINT_NVIM` names another than the one on `PATH`.

use crate::support::editor::{command, copy, repository};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What a user does: opens the file, waits for the findings, takes the first action, waits
/// until the finding is gone, writes. Works in 0.7 and in 0.11.
const SESSION: &str = r#"
local function say(text) io.stdout:write(text .. "\n") end
local ok, problem = pcall(function()
  vim.cmd("edit tools/count_text.yaml")
  local function wait(what, condition)
    if not vim.wait(60000, condition, 20) then error("no " .. what) end
  end
  local function found() return vim.diagnostic.get(0) end
  wait("diagnostics", function() return #found() > 0 end)
  for _, it in ipairs(found()) do
    say(string.format("%d:%d %s", it.lnum, it.col, vim.split(it.message, "\n")[1]))
  end
  -- Neovim asks which of the actions when there are several
  vim.ui.select = function(actions, options, choose)
    for _, it in ipairs(actions) do
      local offered = options.format_item(it)
      -- a configuration is begun only in a Neovim that creates files
      if not offered:find("difylint.toml", 1, true) then say("offered: " .. offered) end
    end
    choose(actions[1], 1)
  end
  vim.api.nvim_win_set_cursor(0, { found()[1].lnum + 1, found()[1].col })
  vim.lsp.buf.code_action()
  wait("repair", function() return #found() == 0 end)
  vim.cmd("silent write")
end)
if not ok then say("failed: " .. tostring(problem)) end
vim.cmd(ok and "qall!" or "cquit!")
"#;

#[test]
fn a_finding_is_shown_and_repaired() {
    let Some((neovim, version)) = neovim() else {
        println!("skipped: Neovim is not here (Debian: `apt-get install neovim`)");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let plugin = folder.path().join("with space");
    copy(&repository().join("corpus/good/tool"), &plugin);
    let file = plugin.join("tools/count_text.yaml");
    let sound = fs::read_to_string(&file).unwrap();
    let broken = sound.replacen("human_description:", "human_descripton:", 1);
    assert_ne!(broken, sound);
    fs::write(&file, broken).unwrap();

    let init = folder.path().join("init.lua");
    fs::write(&init, configuration(version)).unwrap();
    let session = folder.path().join("session.lua");
    fs::write(&session, SESSION).unwrap();
    let output = run(&neovim, &init, &session, &plugin);
    let told = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{told}");
    insta::assert_snapshot!(told.replace('\r', ""));
    assert_eq!(fs::read_to_string(&file).unwrap(), sound);
}

/// The configuration that the page gives for a version.
fn configuration((major, minor): (u32, u32)) -> String {
    let page = fs::read_to_string(repository().join("docs/editors.md")).unwrap();
    let title = match (major, minor) {
        (0, ..=7) => "0.7, which has no `vim.lsp.start`:",
        (0, 8..=10) => "From 0.8 to 0.10:",
        _ => "From 0.11 on:",
    };
    let (_, rest) = page.split_once(title).expect("the page has the version");
    let (_, rest) = rest.split_once("```lua\n").unwrap();
    let (block, _) = rest.split_once("```\n").unwrap();
    block.to_owned()
}

fn run(neovim: &Path, init: &Path, session: &Path, plugin: &Path) -> Output {
    command(neovim, init.parent().unwrap())
        .args(["--headless", "-i", "NONE", "-n", "-u"])
        .arg(init)
        .arg("-c")
        .arg(format!("luafile {}", session.display()))
        .current_dir(plugin)
        .output()
        .unwrap()
}

/// Neovim and its version.
fn neovim() -> Option<(PathBuf, (u32, u32))> {
    let path = PathBuf::from(std::env::var_os("DIFYLINT_NVIM").unwrap_or_else(|| "nvim".into()));
    let output = Command::new(&path).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version = text.strip_prefix("NVIM v")?;
    let mut parts = version.split(['.', '\n', '-']);
    let mut number = || parts.next()?.parse().ok();
    Some((path, (number()?, number()?)))
}
