import assert from 'node:assert/strict';
import test from 'node:test';
import { statusOf } from '../src/status';

const ACCEPTED = { package: 'accept', install: 'accept', start: 'accept', console: 'accept', marketplace: 'accept' } as const;

test('an accepted plugin', () => {
  const status = statusOf({ root: 'file:///p', title: 'me/words 0.1.0', verdicts: ACCEPTED, errors: 0, warnings: 1, infos: 0 });
  assert.equal(status.refused, false);
  assert.equal(status.text, '$(pass) Dify: accepted');
  assert.equal(
    status.tooltip,
    `**me/words 0\\.1\\.0**

| stage | |
|---|---|
| package | ✓ accepts |
| install | ✓ accepts |
| start | ✓ accepts |
| console | ✓ accepts |
| marketplace | ✓ accepts |

0 errors, 1 warning`,
  );
});

test('a refused plugin with a hostile name', () => {
  const verdicts = { ...ACCEPTED, install: 'reject', console: 'reject' } as const;
  const status = statusOf({ root: 'file:///p', title: '[x](command:y)|', verdicts, errors: 1, warnings: 0, infos: 2 });
  assert.equal(status.text, '$(error) Dify: refused at install, console');
  const lines = status.tooltip.split('\n');
  assert.equal(lines[0], '**\\[x\\]\\(command:y\\)\\|**');
  assert.equal(lines.at(-1), '1 error, 0 warnings, 2 advice');
});
