/** The requests of the server that are no part of the Language Server Protocol. */

export type Verdict = 'accept' | 'reject';

/** The answer to `difylint/verdicts`; null for a file that belongs to no plugin. */
export interface Verdicts {
  /** The URI of the plugin's folder. */
  readonly root: string;
  readonly title: string;
  /** By stage, in the order in which a plugin meets them. */
  readonly verdicts: Readonly<Record<string, Verdict>>;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
}

/** The answer to `difylint/explain`. */
export interface Explanation {
  readonly rule: string;
  readonly summary: string;
  readonly url: string;
  /** Markdown. */
  readonly page: string;
}

export const VERDICTS = 'difylint/verdicts';
export const EXPLAIN = 'difylint/explain';
