import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import test from 'node:test';
import { findServer, type Places } from '../src/server';
import { folder } from './places';

function executable(...parts: string[]): string {
  const file = path.join(...parts);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '#!/bin/sh\n', { mode: 0o755 });
  return file;
}

function places(more: Partial<Places>): Places {
  return { configured: '', folders: [], interpreter: '', environment: {}, platform: 'linux', ...more };
}

test('the virtual environment comes before the interpreter, that before PATH', () => {
  const [first, second, python, search] = [folder(), folder(), folder(), folder()];
  const all = places({
    folders: [first, second],
    interpreter: path.join(python, 'bin/python'),
    environment: { PATH: ['', '/nowhere', search].join(path.delimiter) },
  });
  const looked = [
    path.join(first, '.venv/bin/difylint'),
    path.join(second, '.venv/bin/difylint'),
    path.join(python, 'bin/difylint'),
    '/nowhere/difylint',
    path.join(search, 'difylint'),
  ];
  assert.deepEqual(findServer(all), { found: undefined, looked });
  for (const wanted of [looked[4], looked[2], looked[1]]) {
    assert.ok(wanted);
    executable(wanted);
    assert.deepEqual(findServer(all), { found: wanted });
  }
});

test('what is configured excludes all else', () => {
  const [workspace, home] = [folder(), folder()];
  executable(workspace, '.venv/bin/difylint');
  const of = (configured: string): unknown =>
    findServer(places({ configured, folders: [workspace], environment: { HOME: home } }));
  assert.deepEqual(of('/nowhere/difylint'), { found: undefined, looked: ['/nowhere/difylint'] });
  const own = executable(workspace, 'tools/difylint');
  assert.deepEqual(of('tools/difylint'), { found: own });
  assert.deepEqual(of('${workspaceFolder}/tools/difylint'), { found: own });
  const athome = executable(home, 'bin/difylint');
  assert.deepEqual(of('~/bin/difylint'), { found: athome });
});

test('what cannot be run is passed over', () => {
  const workspace = folder();
  mkdirSync(path.join(workspace, '.venv/bin/difylint'), { recursive: true });
  const text = path.join(folder(), 'difylint');
  writeFileSync(text, '', { mode: 0o644 });
  const search = findServer(places({ folders: [workspace], environment: { PATH: path.dirname(text) } }));
  assert.equal(search.found, undefined);
});

test('a bare interpreter names no folder', () => {
  assert.deepEqual(findServer(places({ interpreter: 'python3', folders: ['/w'] })), {
    found: undefined,
    looked: ['/w/.venv/bin/difylint'],
  });
});

test('other names on Windows', () => {
  const search = findServer(places({ folders: ['/w'], platform: 'win32' }));
  assert.deepEqual(search, { found: undefined, looked: ['/w/.venv/Scripts/difylint.exe'] });
});
