/**
 * The bundled extension, loaded with a stand-in for VS Code that takes note of what it is asked. It
 * shows that the bundle loads, registers what `package.json` promises, and speaks up when there is
 * no server. That VS Code itself is satisfied it cannot show.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import Module from 'node:module';
import * as path from 'node:path';
import test from 'node:test';

/** Whether the workspace holds a plugin. */
let manifests: string[] = [];

const heard = { commands: new Map<string, () => Promise<void>>(), warnings: [] as string[], opened: [] as unknown[] };

/** Anything that a library may want of VS Code while it loads. */
function anything(own: Record<string, unknown>): unknown {
  return new Proxy(own, {
    get: (target, name) => (name in target ? target[String(name)] : class {}),
  });
}

const disposable = { dispose: (): void => undefined };

function vscode(settings: Record<string, string>): unknown {
  const item = { hide: (): void => undefined, show: (): void => undefined };
  return anything({
    StatusBarAlignment: { Left: 1 },
    Disposable: { from: () => disposable },
    EventEmitter: class {
      event = (): unknown => disposable;
      fire(): void {}
      dispose(): void {}
    },
    Uri: { parse: (text: string) => text },
    env: { openExternal: (uri: string) => heard.opened.push(uri) },
    languages: { onDidChangeDiagnostics: () => disposable },
    commands: {
      registerCommand: (name: string, run: () => Promise<void>): unknown => {
        heard.commands.set(name, run);
        return disposable;
      },
    },
    window: {
      createStatusBarItem: () => item,
      createOutputChannel: () => disposable,
      onDidChangeActiveTextEditor: () => disposable,
      showWarningMessage: (text: string, ...buttons: string[]): Promise<unknown> => {
        heard.warnings.push(text);
        return Promise.resolve(buttons[0]);
      },
    },
    workspace: {
      workspaceFolders: [],
      registerTextDocumentContentProvider: () => disposable,
      onDidChangeConfiguration: () => disposable,
      findFiles: () => Promise.resolve(manifests),
      getConfiguration: (section: string) => ({
        get: (name: string, otherwise: string) => settings[`${section}.${name}`] ?? otherwise,
      }),
    },
  });
}

test('the bundle does what package.json promises, and says when there is no server', async () => {
  const stand = vscode({ 'difylint.path': '/nowhere/difylint' });
  const loader = Module as unknown as { _load(name: string, ...rest: unknown[]): unknown };
  const load = loader._load;
  loader._load = (name, ...rest) => (name === 'vscode' ? stand : load.call(loader, name, ...rest));
  const require = Module.createRequire(path.resolve('package.json'));
  const extension = require('./dist/extension.js') as {
    activate(context: { subscriptions: unknown[] }): Promise<void>;
    deactivate(): Promise<void>;
  };
  loader._load = load;
  const subscriptions: unknown[] = [];
  await extension.activate({ subscriptions });
  await settled();
  assert.ok(subscriptions.length > 0);
  const promised = JSON.parse(readFileSync('package.json', 'utf8')) as {
    contributes: { commands: { command: string }[] };
  };
  assert.deepEqual([...heard.commands.keys()].sort(), promised.contributes.commands.map((it) => it.command).sort());
  assert.deepEqual(heard.warnings, [], 'nobody wants it where there is no plugin');

  await heard.commands.get('difylint.restart')?.();
  await settled();
  const missing =
    'difylint is not found (looked for /nowhere/difylint). Install it in the workspace\'s .venv or on PATH, or set "difylint.path".';
  assert.deepEqual(heard.warnings, [missing]);
  assert.deepEqual(heard.opened, ['https://github.com/difylint/difylint/blob/main/docs/editors.md']);

  manifests = ['manifest.yaml'];
  await extension.activate({ subscriptions });
  await settled();
  assert.deepEqual(heard.warnings, [missing, missing]);

  await heard.commands.get('difylint.fixAll')?.();
  assert.match(heard.warnings.at(-1) ?? '', /^difylint is not running/u);
  await extension.deactivate();
});

/** What was started and not waited for has come to its end. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
