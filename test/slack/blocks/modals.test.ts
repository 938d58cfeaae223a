import { describe, expect, it } from 'vitest';
import { findingsModal, PAGE_SIZE } from '../../../src/slack/blocks/findings.ts';
import { rejectModal } from '../../../src/slack/blocks/reject.ts';
import { reviewModal } from '../../../src/slack/blocks/review.ts';
import { stepsModal } from '../../../src/slack/blocks/steps.ts';
import { draw, expectOpenable } from './draw.ts';
import { change, entry, finding, fixView, PENDING, plan, powers } from './support.ts';

const ORIGIN = { channel: 'C0AUDITTRAIL', threadKey: 'run:run-6b0f:C0AUDITTRAIL' };

describe('the review of a fix', () => {
  it.each([
    ['Approve for whose word suffices', fixView(), powers({ approve: true, approveAlone: true })],
    ['Request approval for everyone who may ask', fixView(), powers()],
    ['nothing to submit for who may only look', fixView(), powers({ request: false })],
    ['nothing to submit once it waits for approval', fixView(PENDING), powers({ approve: true, approveAlone: true })],
    [
      'an undo under its own name',
      fixView({ kind: 'undo', of: 'fix-1' }),
      powers({ approve: true, approveAlone: true }),
    ],
  ])('offers %s', (_, fix, may) => {
    const view = reviewModal(fix, may, { origin: ORIGIN });
    expectOpenable(view);
    expect(draw(view)).toMatchSnapshot();
  });

  it('can be approved while it waits, by who is waited for, with the reason of who asked', () => {
    const view = reviewModal(fixView(PENDING), powers({ approve: true }), { decides: true });
    expectOpenable(view);
    expect(draw(view)).toContain('[Approve]');
    expect(draw(view)).toContain('Asked by <@U0REQUESTER>: The auditors ask for digests');
  });

  it("says that it was undone before, by whom and why, and stands in nobody's way", () => {
    const undone = { by: 'U0APPROVER1', reason: 'broke <!here> the *export*', at: new Date('2026-11-20T09:00:00Z') };
    const view = reviewModal(fixView(), powers(), { undone });
    expectOpenable(view);
    expect(draw(view)).toContain('undone by <@U0APPROVER1>');
    expect(draw(view)).toContain('&lt;!here&gt;');
    expect(draw(view)).toContain('[Request approval]');
  });

  it('promises no undo where no call has an inverse', () => {
    const { undo: _, ...oneWay } = change();
    const view = reviewModal(fixView({ proposal: { plan: plan({ changes: [oneWay] }) } }), powers(), {});
    expect(draw(view)).toMatch(/Can be undone\*[^\w]+No\b/);
  });

  it('shows each step with its command and its difference, the cost and the warnings', () => {
    const statement = { Sid: 'AWSCloudTrailAclCheck', Effect: 'Allow', Action: 's3:GetBucketAcl' };
    const policy = change({
      operation: 's3:PutBucketPolicy',
      input: { Bucket: 'acme-logs', Policy: JSON.stringify({ Statement: [statement] }) },
      expect: null,
      result: { statements: [{ sid: 'AWSCloudTrailAclCheck', effect: 'Allow' }] },
      target: 'bucket.policy:acme-logs',
      undo: { ...change(), operation: 's3:DeleteBucketPolicy', input: { Bucket: 'acme-logs' }, automatic: true },
      summary: 'Let CloudTrail deliver; every other statement stays.',
    });
    const two = plan({
      changes: [policy, change()],
      warnings: ['arn:aws:s3:::acme-logs may be put back by the code that owns it.'],
      cost: 'About 1 USD a month.',
      risk: 'cost',
    });
    const view = reviewModal(fixView({ proposal: { plan: two } }), powers({ people: 2 }), {});
    expectOpenable(view);
    expect(draw(view)).toMatchSnapshot();
  });

  it('can be opened for a plan of 500 calls with documents of 20 KB, and says what is left out', () => {
    const document = JSON.stringify({ Statement: Array.from({ length: 300 }, (_, at) => ({ Sid: `Statement${at}` })) });
    const changes = Array.from({ length: 500 }, () =>
      change({ input: { Policy: document }, expect: null, result: { Policy: document, Lines: document.split(',') } }),
    );
    const view = reviewModal(fixView({ proposal: { plan: plan({ changes }) } }), powers(), {});
    expectOpenable(view);
    expect(draw(view)).toContain('more characters');
    expect(draw(view)).toContain('more lines');
    expect(draw(view)).toMatch(/… and \d+ more calls of this plan/);
  });
});

it('the rejection asks for a reason', () => {
  const view = rejectModal(fixView(PENDING));
  expectOpenable(view);
  expect(draw(view)).toMatchSnapshot();
});

describe('the steps', () => {
  it('show commands to copy, and why there is no button', () => {
    const steps = [
      { text: 'Sign in as the root user with its MFA device.' },
      { text: 'Turn MFA delete on.', command: 'aws s3api put-bucket-versioning \\\n  --bucket acme-logs' },
    ];
    const view = stepsModal(finding(), steps, { reason: 'Only the root user can do this.' });
    expectOpenable(view);
    expect(draw(view)).toMatchSnapshot();
  });

  it('can be opened without steps and with a thousand', () => {
    expectOpenable(stepsModal(finding(), []));
    const many = Array.from({ length: 1_000 }, () => ({ text: 't'.repeat(2_000), command: 'c'.repeat(9_000) }));
    const view = stepsModal(finding(), many);
    expectOpenable(view);
    expect(draw(view)).toMatch(/… and \d+ more steps/);
  });
});

describe('the list of findings', () => {
  const entries = Array.from({ length: 3_000 }, (_, at) =>
    entry({
      finding: finding({
        id: `f${at}`,
        ...(at > 2 ? { check: 'trail/logging', title: 'Every trail is logging' } : {}),
      }),
    }),
  );

  it.each([
    ['first', 0, false, true],
    ['second', 1, true, true],
    ['last', Math.ceil(3_000 / PAGE_SIZE) - 1, true, false],
    ['nearest, for a page that is not there', 9_999, true, false],
  ])('turns pages on the %s page', (_, page, previous, next) => {
    const view = findingsModal(entries, page, { list: 'run-6b0f' });
    expectOpenable(view);
    const shown = draw(view);
    expect(shown.includes('← Previous page')).toBe(previous);
    expect(shown.includes('Next page →')).toBe(next);
  });

  it('names each check once and says where in the list this is', () => {
    expect(
      draw(findingsModal(entries.slice(0, 12), 0, { list: 'run-6b0f', names: new Map([['111111111111', 'acme']]) })),
    ).toMatchSnapshot();
  });

  it('can be empty', () => {
    expectOpenable(findingsModal([], 0));
  });
});
