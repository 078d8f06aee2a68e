import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { LINKED, statusOf } from '../src/status';

const ACCEPTED = { package: 'accept', install: 'accept', start: 'accept', console: 'accept', marketplace: 'accept' } as const;

test('an accepted plugin', () => {
  const status = statusOf({ root: 'file:///p', title: 'me/words 0.1.0', verdicts: ACCEPTED, errors: 0, warnings: 1, infos: 0 });
  assert.equal(status.refused, false);
  assert.equal(status.text, '$(pass) Dify: accepted');
  assert.equal(
    status.tooltip,
    `**me/words 0\\.1\\.0**

$(pass) package accepts  
$(pass) install accepts  
$(pass) start accepts  
$(pass) console accepts  
$(pass) marketplace accepts

0 errors, 1 warning

[Check workspace](command:difylint.checkWorkspace) · [Compare with a package](command:difylint.compare)`,
  );
});

test('a refused plugin with a hostile name', () => {
  const verdicts = { ...ACCEPTED, install: 'reject', console: 'reject' } as const;
  const status = statusOf({ root: 'file:///p', title: '[x](command:y)|$(error)', verdicts, errors: 1, warnings: 0, infos: 2 });
  assert.equal(status.text, '$(error) Dify: refused at install, console');
  const lines = status.tooltip.split('\n');
  assert.equal(lines[0], '**\\[x\\]\\(command:y\\)\\|$\\(error\\)**');
  assert.equal(lines[3], '$(error) install **refuses**  ');
  assert.equal(lines.at(-3), '1 error, 0 warnings, 2 advice');
});

test('a plugin that nobody takes', () => {
  const verdicts = Object.fromEntries(Object.keys(ACCEPTED).map((stage) => [stage, 'reject' as const]));
  const status = statusOf({ root: 'file:///p', title: 'x', verdicts, errors: 5, warnings: 0, infos: 0 });
  assert.equal(status.text, '$(error) Dify: refused at every stage');
});

test('the tooltip links to commands that there are', () => {
  const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as { contributes: { commands: { command: string }[] } };
  const commands = contributes.commands.map((it) => it.command);
  const { tooltip } = statusOf({ root: 'file:///p', title: 'x', verdicts: ACCEPTED, errors: 0, warnings: 0, infos: 0 });
  const linked = [...tooltip.matchAll(/\(command:([^)]*)\)/gu)].map((it) => it[1]);
  assert.deepEqual(linked, LINKED);
  assert.ok(LINKED.every((it) => commands.includes(it)));
});
