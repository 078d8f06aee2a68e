/** What the status bar says about a plugin. Knows nothing of VS Code, so that a test can ask it. */

import type { Verdicts } from './protocol';

export interface Status {
  readonly text: string;
  /** Markdown with icons of the theme and links to our commands. */
  readonly tooltip: string;
  readonly refused: boolean;
}

/** The commands that the tooltip links to. */
export const LINKED = ['difylint.checkWorkspace', 'difylint.compare'];

export function statusOf(plugin: Verdicts): Status {
  const stages = Object.entries(plugin.verdicts);
  const refusing = stages.filter(([, verdict]) => verdict === 'reject').map(([stage]) => stage);
  const refused = refusing.length > 0;
  const where = refusing.length === stages.length ? 'every stage' : refusing.join(', ');
  const rows = stages.map(([stage, verdict]) =>
    verdict === 'reject' ? `$(error) ${stage} **refuses**` : `$(pass) ${stage} accepts`,
  );
  const links = '[Check workspace](command:difylint.checkWorkspace) · [Compare with a package](command:difylint.compare)';
  return {
    text: refused ? `$(error) Dify: refused at ${where}` : `$(pass) Dify: accepted`,
    tooltip: [`**${escape(plugin.title)}**`, rows.join('  \n'), counts(plugin), links].join('\n\n'),
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
