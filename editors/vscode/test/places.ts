/** A server to talk to, and a copy of a plugin to talk about. */

import { cpSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { findServer } from '../src/server';

/** The tests run in the folder of the extension. */
const REPOSITORY = path.resolve('../..');

export const CORPUS = path.join(REPOSITORY, 'corpus');

/** The server of `DIFYLINT`, or the one that was built last in the repository. */
export function server(): string {
  const search = findServer({
    configured: process.env['DIFYLINT'] ?? path.join(REPOSITORY, 'target/debug/difylint'),
    folders: [],
    interpreter: '',
    environment: process.env,
    platform: process.platform,
  });
  if (search.found === undefined) {
    throw new Error(`no server: run \`cargo build\`, or set DIFYLINT (looked for ${search.looked.join(', ')})`);
  }
  return search.found;
}

export function folder(): string {
  return realpathSync(mkdtempSync(path.join(tmpdir(), 'difylint-')));
}

/** A copy of a plugin of our own. */
export function copyOf(plugin: string): string {
  const copy = folder();
  cpSync(path.join(CORPUS, plugin), copy, { recursive: true });
  return copy;
}
