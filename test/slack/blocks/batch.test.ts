import fc from 'fast-check';
import { expect, it } from 'vitest';
import { batchMessage, batchModal } from '../../../src/slack/blocks/batch.ts';
import { FIX_STATES } from '../../../src/store/fix-states.ts';
import { draw, expectOpenable, expectPostable } from './draw.ts';
import { change, finding, fixView, plan, powers } from './support.ts';

const names = new Map([
  ['333333333333', 'acme-prod-web'],
  ['444444444444', 'acme-prod-data'],
]);

function fix(account: string, more: Parameters<typeof fixView>[0] = {}) {
  const about = finding({ account, title: 'The log bucket refuses plain HTTP' });
  return fixView({ ...more, proposal: { plan: plan({ changes: [change({})] }), finding: about, ...more.proposal } });
}

it('shows how a set stands, account by account, with what can be decided', () => {
  const fixes = [fix('333333333333', { state: 'pending' }), fix('444444444444', { state: 'pending' })];
  const message = batchMessage({ id: 'batch-1', hash: 'abc', fixes }, { names, approvals: ['U0APPROVER1'], needed: 2 });
  expectPostable(message);
  expect(draw(message)).toMatchSnapshot();
});

it('offers to retry what failed, and nothing else, once all of it is over', () => {
  const fixes = [
    fix('333333333333', { state: 'fixed' }),
    fix('444444444444', { state: 'failed', error: 'It was refused.' }),
  ];
  const shown = draw(batchMessage({ id: 'batch-1', hash: 'abc', fixes }, { names, approvals: [], needed: 1 }));
  expect(shown).toContain('[Retry what failed]');
  expect(shown).not.toContain('[Approve all]');
});

it('shows every call by account before anything is decided', () => {
  const fixes = [fix('333333333333'), fix('444444444444')];
  const view = batchModal({ fixes }, powers({}), { act: 'approve', names, metadata: {} });
  expectOpenable(view);
  expect(draw(view)).toMatchSnapshot();
});

it('forty fixes with any names fit', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.constant('<!channel> *x* `y`'));
  const one = fc.record({ account: text, error: text, state: fc.constantFrom(...FIX_STATES) });
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 40 }), text, (given, summary) => {
      const fixes = given.map(({ account, error, state }) =>
        fix(account, {
          state,
          error,
          reason: error,
          proposal: {
            plan: plan({ summary, warnings: [error], changes: [change({ summary })] }),
            finding: finding({ account, title: summary }),
          },
        }),
      );
      expectPostable(batchMessage({ id: 'batch-1', hash: 'abc', fixes }, { names, approvals: ['U0A'], needed: 2 }));
      expectOpenable(batchModal({ fixes }, powers({}), { act: 'request', names, metadata: {} }));
    }),
    { numRuns: 40 },
  );
});
