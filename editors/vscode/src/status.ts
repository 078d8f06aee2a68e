/** What the status bar says about a plugin. Knows nothing of VS Code, so that a test can ask it. */

import type { Verdicts } from './protocol';

export interface Status {
  readonly text: string;
  /** Markdown. */
  readonly tooltip: string;
  readonly refused: boolean;
}

export function statusOf(plugin: Verdicts): Status {
  const stages = Object.entries(plugin.verdicts);
  const refusing = stages.filter(([, verdict]) => verdict === 'reject').map(([stage]) => stage);
  const refused = refusing.length > 0;
  const rows = stages.map(([stage, verdict]) => `| ${stage} | ${verdict === 'reject' ? '✗ refuses' : '✓ accepts'} |`);
  return {
    text: refused ? `$(error) Dify: refused at ${refusing.join(', ')}` : `$(pass) Dify: accepted`,
    tooltip: [`**${escape(plugin.title)}**`, '', '| stage | |', '|---|---|', ...rows, '', counts(plugin)].join('\n'),
    refused,
  };
}

function counts({ errors, warnings, infos }: Verdicts): string {
  const parts = [
    count(errors, 'error'),
    count(warnings, 'warning'),
    ...(infos > 0 ? [`${infos} advice`] : []),
  ];
  return parts.join(', ');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** The title comes from the manifest, which may hold anything. */
function escape(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+.!|<>~-]/gu, '\\$&');
}
