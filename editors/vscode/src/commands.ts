/** What the user can ask for by name. */

import { execFile } from 'node:child_process';
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { EXPLAIN, VERDICTS, type Explanation, type Verdicts } from './protocol';

/** The running server; undefined while there is none. */
export interface Server {
  readonly client: LanguageClient;
  /** The executable. */
  readonly path: string;
}

const PAGES = 'difylint';

/** A comparison that takes longer has gone wrong. */
const PATIENCE_MS = 60_000;

export function register(server: () => Server | undefined, restart: () => Promise<void>): vscode.Disposable {
  const pages = new Pages();
  const command = (name: string, run: (server: Server, argument: unknown) => Promise<void>): vscode.Disposable =>
    vscode.commands.registerCommand(`difylint.${name}`, async (argument: unknown) => {
      const running = server();
      if (running === undefined) {
        await vscode.window.showWarningMessage('difylint is not running; "difylint: Restart Server" looks for it again');
        return;
      }
      try {
        await run(running, argument);
      } catch (error) {
        await vscode.window.showErrorMessage(`difylint: ${error instanceof Error ? error.message : String(error)}`);
      }
    });
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(PAGES, pages),
    pages,
    vscode.commands.registerCommand('difylint.restart', restart),
    command('checkWorkspace', checkWorkspace),
    command('fixAll', fixAll),
    command('showRule', (running, rule) => showRule(running, pages, rule)),
    command('compare', (running) => compare(running, pages)),
  );
}

/** Pages that were made here, shown as Markdown. */
class Pages implements vscode.TextDocumentContentProvider {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.path) ?? '';
  }

  async show(name: string, text: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme: PAGES, path: `/${name}.md` });
    this.texts.set(uri.path, text);
    this.changed.fire(uri);
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  }

  dispose(): void {
    this.changed.dispose();
  }
}

interface WorkspaceReport {
  readonly items: readonly { readonly items?: readonly { readonly severity?: number }[] }[];
}

async function checkWorkspace({ client }: Server): Promise<void> {
  const report = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'difylint checks the workspace' },
    () => client.sendRequest<WorkspaceReport>('workspace/diagnostic', { previousResultIds: [] }),
  );
  const found = report.items.flatMap((file) => file.items ?? []);
  const errors = found.filter((it) => it.severity === 1).length;
  const problems = 'Show Problems';
  const chosen = await vscode.window.showInformationMessage(
    found.length === 0 ? 'difylint finds nothing wrong' : `difylint: ${found.length} findings, ${errors} of them errors`,
    ...(found.length === 0 ? [] : [problems]),
  );
  if (chosen === problems) {
    await vscode.commands.executeCommand('workbench.actions.view.problems');
  }
}

async function fixAll(): Promise<void> {
  await vscode.commands.executeCommand('editor.action.codeAction', { kind: 'source.fixAll.difylint', apply: 'first' });
}

async function showRule({ client }: Server, pages: Pages, named: unknown): Promise<void> {
  const rule = typeof named === 'string' ? named : await chooseRule();
  if (rule !== undefined) {
    const explanation = await client.sendRequest<Explanation>(EXPLAIN, { rule });
    await pages.show(explanation.rule, explanation.page);
  }
}

/** The rule of the finding at the cursor, or one of those in the file. */
async function chooseRule(): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  const own = editor === undefined ? [] : vscode.languages.getDiagnostics(editor.document.uri).filter((it) => it.source === 'difylint');
  const here = own.filter((it) => editor !== undefined && it.range.contains(editor.selection.active));
  const rules = new Map<string, vscode.QuickPickItem>();
  for (const diagnostic of here.length > 0 ? here : own) {
    const label = ruleOf(diagnostic);
    if (label.includes('/') && !rules.has(label)) {
      const [description = ''] = diagnostic.message.split('\n');
      rules.set(label, { label, description });
    }
  }
  const [only] = rules.keys();
  if (rules.size < 2) {
    return only ?? vscode.window.showInputBox({ prompt: 'Name of the rule', placeHolder: 'path/missing-file' });
  }
  return (await vscode.window.showQuickPick([...rules.values()], { placeHolder: 'Which rule?' }))?.label;
}

function ruleOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code ?? '');
}

async function compare({ client, path }: Server, pages: Pages): Promise<void> {
  const document = vscode.window.activeTextEditor?.document.uri;
  const plugin =
    document === undefined
      ? null
      : await client.sendRequest<Verdicts | null>(VERDICTS, { textDocument: { uri: document.toString() } });
  if (plugin === null) {
    await vscode.window.showWarningMessage('open a file of the plugin that is to be compared');
    return;
  }
  if (!(await mayCompare(plugin.root))) {
    return;
  }
  const chosen = await vscode.window.showOpenDialog({
    title: `Compare ${plugin.title} with an older package`,
    openLabel: 'Compare',
    // where packing leaves its packages
    defaultUri: vscode.Uri.joinPath(vscode.Uri.parse(plugin.root), '..'),
    filters: { 'Dify packages': ['difypkg'] },
  });
  const old = chosen?.[0];
  if (old !== undefined) {
    const root = vscode.Uri.parse(plugin.root).fsPath;
    await pages.show('compare', await run(path, ['compare', '--output-format', 'markdown', '--', old.fsPath, root]));
  }
}

/** A run of difylint reads the disk: asks to save what the editor has not written yet. */
async function mayCompare(root: string): Promise<boolean> {
  const inside = `${vscode.Uri.parse(root).toString()}/`;
  const unsaved = vscode.workspace.textDocuments.filter((it) => it.isDirty && it.uri.toString().startsWith(inside));
  if (unsaved.length === 0) {
    return true;
  }
  const save = 'Save and Compare';
  const files = unsaved.length === 1 ? 'A file of the plugin is' : `${unsaved.length} files of the plugin are`;
  const chosen = await vscode.window.showWarningMessage(`${files} not saved. Only what is saved is compared.`, save, 'Compare');
  if (chosen === save) {
    const saved = await Promise.all(unsaved.map((it) => it.save()));
    return saved.every(Boolean);
  }
  return chosen !== undefined;
}

/** What a run of difylint prints. Exit status 1 is an answer too: it found something. */
function run(path: string, words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(path, words, { timeout: PATIENCE_MS, maxBuffer: 64 * 1024 * 1024 }, (error, output, complaint) => {
      if (error === null || error.code === 1) {
        resolve(output);
      } else {
        reject(new Error(complaint.trim() || error.message));
      }
    });
  });
}
