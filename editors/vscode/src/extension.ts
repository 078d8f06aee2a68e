/** Starts the language server, and keeps the status item up to date. */

import * as vscode from 'vscode';
import { LanguageClient, type LanguageClientOptions } from 'vscode-languageclient/node';
import * as commands from './commands';
import { VERDICTS, type Verdicts } from './protocol';
import { findServer } from './server';
import { LINKED, statusOf } from './status';

const DOCS = 'https://github.com/difylint/difylint/blob/main/docs/editors.md';

/** Diagnostics of many files come in a burst; the verdicts are asked for once after it. */
const BURST_MS = 100;

const DOCUMENTS: NonNullable<LanguageClientOptions['documentSelector']> = [
  { scheme: 'file', language: 'yaml' },
  { scheme: 'file', language: 'python' },
  { scheme: 'file', pattern: '**/{difylint.toml,.difylint.toml,pyproject.toml,requirements.txt}' },
];

let running: commands.Server | undefined;
let status: vscode.StatusBarItem;
let output: vscode.LogOutputChannel;

/** Ends when no start or stop is under way: a client that is just starting cannot be stopped. */
let turn: Promise<void> = Promise.resolve();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  status = vscode.window.createStatusBarItem('difylint.verdicts', vscode.StatusBarAlignment.Left);
  status.name = 'difylint';
  output = vscode.window.createOutputChannel('difylint', { log: true });
  status.command = 'workbench.actions.view.problems';
  let timer: NodeJS.Timeout | undefined;
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void showVerdicts(), BURST_MS);
  };
  context.subscriptions.push(
    status,
    output,
    commands.register(() => running, () => restart(true)),
    vscode.window.onDidChangeActiveTextEditor(soon),
    vscode.languages.onDidChangeDiagnostics(soon),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('difylint.path')) {
        void restart();
      }
    }),
    { dispose: () => clearTimeout(timer) },
  );
  await restart();
}

export async function deactivate(): Promise<void> {
  turn = turn.then(stop);
  await turn;
}

/** `asked`: the user wants to know when there is no server, whatever is in the workspace. */
async function restart(asked = false): Promise<void> {
  turn = turn.then(stop).then(() => start(asked));
  await turn;
}

async function start(asked: boolean): Promise<void> {
  const search = findServer({
    configured: setting('difylint', 'path'),
    folders: (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath),
    interpreter: setting('python', 'defaultInterpreterPath'),
    environment: process.env,
    platform: process.platform,
  });
  if (search.found === undefined) {
    // not awaited: the message stays until somebody reads it
    void tellMissing(search.looked, asked);
    return;
  }
  const run = { command: search.found, args: ['lsp'] };
  const client = new LanguageClient('difylint', 'difylint', run, { documentSelector: DOCUMENTS, outputChannel: output });
  running = { client, path: search.found };
  try {
    await client.start();
    await showVerdicts();
  } catch (error) {
    running = undefined;
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(`difylint: \`${search.found} lsp\` does not start: ${reason}`);
  }
}

async function stop(): Promise<void> {
  const client = running?.client;
  running = undefined;
  status.hide();
  try {
    await client?.dispose();
  } catch {
    // it has stopped by itself
  }
}

function setting(section: string, name: string): string {
  return vscode.workspace.getConfiguration(section).get<string>(name, '').trim();
}

/** Says that there is no difylint, where somebody asked for it or there is a plugin that wants it. */
async function tellMissing(looked: readonly string[], asked: boolean): Promise<void> {
  if (!asked && !(await hasPlugin())) {
    return;
  }
  const how = 'How to Install';
  const others = looked.length > 1 ? ` and at ${looked.length - 1} other places` : '';
  const first = looked[0] === undefined ? '' : ` (looked for ${looked[0]}${others})`;
  const chosen = await vscode.window.showWarningMessage(
    `difylint is not found${first}. Install it in the workspace's .venv or on PATH, or set "difylint.path".`,
    how,
    'Open Settings',
  );
  if (chosen === how) {
    await vscode.env.openExternal(vscode.Uri.parse(DOCS));
  } else if (chosen !== undefined) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'difylint.path');
  }
}

async function hasPlugin(): Promise<boolean> {
  const manifests = await vscode.workspace.findFiles('**/manifest.yaml', '**/{node_modules,.venv}/**', 1);
  return manifests.length > 0;
}

async function showVerdicts(): Promise<void> {
  const server = running;
  const uri = vscode.window.activeTextEditor?.document.uri;
  if (server === undefined || uri === undefined || uri.scheme !== 'file') {
    status.hide();
    return;
  }
  let plugin: Verdicts | null;
  try {
    plugin = await server.client.sendRequest<Verdicts | null>(VERDICTS, { textDocument: { uri: uri.toString() } });
  } catch {
    // the server went away meanwhile, which the client tells by itself
    plugin = null;
  }
  // the user may have gone to another file while the server thought
  if (uri.toString() !== vscode.window.activeTextEditor?.document.uri.toString()) {
    return;
  }
  if (plugin === null) {
    status.hide();
    return;
  }
  const { text, tooltip, refused } = statusOf(plugin);
  status.text = text;
  status.tooltip = new vscode.MarkdownString(tooltip, true);
  status.tooltip.isTrusted = { enabledCommands: LINKED };
  status.backgroundColor = refused ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
  status.show();
}
