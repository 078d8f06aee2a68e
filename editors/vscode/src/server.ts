/** Finds the difylint executable. Knows nothing of VS Code, so that a test can ask it. */

import { accessSync, constants, statSync } from 'node:fs';
import * as path from 'node:path';

/** Where to look. */
export interface Places {
  /** The setting `difylint.path`; empty when it is not set. */
  readonly configured: string;
  /** The folders of the workspace. */
  readonly folders: readonly string[];
  /** The interpreter that the Python extension's setting names; empty when it is not set. */
  readonly interpreter: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

export type Search =
  | { readonly found: string }
  /** Every file that was looked for, in order. */
  | { readonly found: undefined; readonly looked: readonly string[] };

/**
 * The first executable of: the setting, which excludes all else; the virtual environment of a
 * folder; beside the Python interpreter; `PATH`.
 */
export function findServer(places: Places): Search {
  const looked = [...new Set(candidates(places))];
  const found = looked.find((file) => isExecutable(file));
  return found === undefined ? { found, looked } : { found };
}

function candidates(places: Places): string[] {
  const { configured, folders, interpreter, environment, platform } = places;
  if (configured !== '') {
    return inFolders(configured, places);
  }
  const windows = platform === 'win32';
  const name = windows ? 'difylint.exe' : 'difylint';
  const scripts = windows ? 'Scripts' : 'bin';
  const beside = isPath(interpreter)
    ? inFolders(interpreter, places).map((file) => path.join(path.dirname(file), name))
    : [];
  const search = environment['PATH'] ?? environment['Path'] ?? '';
  return [
    ...folders.map((folder) => path.join(folder, '.venv', scripts, name)),
    ...beside,
    // an empty entry would mean the working directory, which nobody chose
    ...search.split(path.delimiter).filter((folder) => folder !== '').map((folder) => path.join(folder, name)),
  ];
}

/** A bare `python` says nothing about where it stands. */
function isPath(interpreter: string): boolean {
  return interpreter.includes('/') || interpreter.includes('\\');
}

/** A path from the settings, which may start at the home folder or at any folder of the workspace. */
function inFolders(text: string, { folders, environment }: Places): string[] {
  const home = environment['HOME'] ?? environment['USERPROFILE'] ?? '';
  const file = text.replace(/^~(?=[/\\])/u, () => home);
  const inside = file.replace(/^\$\{workspaceFolder\}[/\\]?/u, '');
  if (path.isAbsolute(inside)) {
    return [inside];
  }
  return folders.map((folder) => path.join(folder, inside));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
