/** The real server, spoken to through the library that the extension speaks through. */

import assert from 'node:assert/strict';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import test, { after } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  CodeActionRequest,
  CodeActionResolveRequest,
  CodeActionTriggerKind,
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  TextDocumentEdit,
  WorkspaceDiagnosticRequest,
  type CodeAction,
  type Diagnostic,
  type ProtocolConnection,
  type TextEdit,
} from 'vscode-languageserver-protocol/node';
import { EXPLAIN, VERDICTS, type Explanation, type Verdicts } from '../src/protocol';
import { statusOf } from '../src/status';
import { copyOf, server } from './places';

/** A test that fails does not say goodbye to its server. */
const servers: ChildProcessWithoutNullStreams[] = [];
after(() => servers.forEach((it) => it.kill()));

class Session {
  private constructor(
    readonly connection: ProtocolConnection,
    private readonly process: ChildProcessWithoutNullStreams,
    private readonly root: string,
  ) {}

  static async start(root: string): Promise<Session> {
    const child = spawn(server(), ['lsp']);
    servers.push(child);
    const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    connection.listen();
    // what the client library of VS Code says of itself, as far as the server asks
    const { capabilities } = await connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: [{ uri: pathToFileURL(root).href, name: 'root' }],
      capabilities: {
        general: { positionEncodings: ['utf-16'] },
        textDocument: {
          diagnostic: { relatedDocumentSupport: true },
          codeAction: { dataSupport: true, resolveSupport: { properties: ['edit'] } },
        },
        workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ['create'] } },
      },
    });
    assert.ok(capabilities.diagnosticProvider);
    await connection.sendNotification(InitializedNotification.type, {});
    return new Session(connection, child, root);
  }

  uri(file: string): string {
    return pathToFileURL(path.join(this.root, file)).href;
  }

  async open(file: string): Promise<string> {
    const text = readFileSync(path.join(this.root, file), 'utf8');
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri: this.uri(file), languageId: 'yaml', version: 1, text },
    });
    return text;
  }

  async replace(file: string, version: number, text: string): Promise<void> {
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri: this.uri(file), version },
      contentChanges: [{ text }],
    });
  }

  async diagnostics(file: string): Promise<Diagnostic[]> {
    const report = await this.connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri: this.uri(file) } });
    assert.ok(report.kind === 'full');
    return report.items;
  }

  async verdicts(file: string): Promise<Verdicts> {
    const verdicts = await this.connection.sendRequest<Verdicts | null>(VERDICTS, { textDocument: { uri: this.uri(file) } });
    assert.ok(verdicts);
    return verdicts;
  }

  /** Chooses an action, as a user does. */
  async act(file: string, diagnostics: Diagnostic[], wanted: (action: CodeAction) => boolean): Promise<TextEdit[]> {
    const range = diagnostics[0]?.range;
    assert.ok(range);
    const offered = await this.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri: this.uri(file) },
      range,
      context: { diagnostics, triggerKind: CodeActionTriggerKind.Invoked },
    });
    const actions = (offered ?? []).filter((it): it is CodeAction => !('command' in it && typeof it.command === 'string'));
    const chosen = actions.find(wanted);
    assert.ok(chosen, `none of: ${actions.map((it) => it.title).join('; ')}`);
    const { edit } = await this.connection.sendRequest(CodeActionResolveRequest.type, chosen);
    const changes = (edit?.documentChanges ?? []).filter(TextDocumentEdit.is);
    assert.deepEqual(changes.map((it) => it.textDocument.uri), [this.uri(file)]);
    return changes.flatMap((it) => it.edits).filter((it): it is TextEdit => 'newText' in it);
  }

  /** Says goodbye; the exit status. */
  async leave(): Promise<unknown> {
    const exit = once(this.process, 'exit');
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    const [status] = await exit;
    this.connection.dispose();
    return status;
  }
}

/** The text after edits that do not overlap. */
function edited(text: string, edits: TextEdit[]): string {
  const lines = text.split('\n');
  const offset = ({ line, character }: { line: number; character: number }): number =>
    lines.slice(0, line).reduce((sum, it) => sum + it.length + 1, 0) + character;
  const last = [...edits].sort((a, b) => offset(b.range.start) - offset(a.range.start));
  return last.reduce((all, it) => all.slice(0, offset(it.range.start)) + it.newText + all.slice(offset(it.range.end)), text);
}

test('a broken plugin is repaired from the editor', async () => {
  const session = await Session.start(copyOf('good/tool'));
  const file = 'tools/count_text.yaml';
  const sound = await session.open(file);
  assert.deepEqual(await session.diagnostics(file), []);
  assert.equal(statusOf(await session.verdicts(file)).refused, false);

  // a key that is misspelt, not saved
  const broken = sound.replace('human_description:', 'human_descripton:');
  assert.notEqual(broken, sound);
  await session.replace(file, 2, broken);
  const found = await session.diagnostics(file);
  assert.ok(found.length > 0);
  assert.ok(found.every((it) => it.source === 'difylint'), JSON.stringify(found));
  const verdicts = await session.verdicts(file);
  assert.equal(Object.keys(verdicts.verdicts).join(' '), 'package install start console marketplace');
  assert.ok(verdicts.errors + verdicts.warnings > 0);

  const unknown = found.filter((it) => it.message.toString().includes('human_descripton'));
  const edits = await session.act(file, unknown, (it) => it.kind === 'quickfix' && it.isPreferred === true);
  const repaired = edited(broken, edits);
  assert.equal(repaired, sound);
  await session.replace(file, 3, repaired);
  assert.deepEqual(await session.diagnostics(file), []);
  assert.equal(await session.leave(), 0);
});

test('the verdicts of a plugin that is refused', async () => {
  const session = await Session.start(copyOf('broken/first-look'));
  await session.open('manifest.yaml');
  const verdicts = await session.verdicts('manifest.yaml');
  const status = statusOf(verdicts);
  assert.equal(status.refused, true);
  assert.equal(status.text, '$(error) Dify: refused at every stage');
  assert.equal(verdicts.root, session.uri('').replace(/\/$/u, ''));
  const report = await session.connection.sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds: [] });
  const all = report.items.flatMap((it) => (it.kind === 'full' ? it.items : []));
  assert.equal(all.filter((it) => it.severity === 1).length, verdicts.errors);
  assert.equal(await session.leave(), 0);
});

test('mistakes of the configuration', async () => {
  const session = await Session.start(copyOf('good/tool'));
  await session.connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri: session.uri('difylint.toml'), languageId: 'toml', version: 1, text: 'profil = "author"\n' },
  });
  const [mistake] = await session.diagnostics('difylint.toml');
  assert.match(String(mistake?.message), /`profil`/u);
  await session.replace('difylint.toml', 2, 'profile = "author"\n');
  assert.deepEqual(await session.diagnostics('difylint.toml'), []);
  assert.equal(await session.leave(), 0);
});

test('rules are explained', async () => {
  const session = await Session.start(copyOf('good/tool'));
  const explanation = await session.connection.sendRequest<Explanation>(EXPLAIN, { rule: 'path/missing-file' });
  assert.match(explanation.page, /^# path\/missing-file\n/u);
  const unknown = session.connection.sendRequest(EXPLAIN, { rule: 'path/missing-fil' });
  await assert.rejects(unknown, /did you mean `path\/missing-file`\?/u);
  assert.equal(await session.leave(), 0);
});
