import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptModal, approveRiskModal, rejectRiskModal } from '../../../src/slack/blocks/accept.ts';
import { acceptedListMessage } from '../../../src/slack/blocks/accepted-list.ts';
import { riskEndedMessage, riskMessage } from '../../../src/slack/blocks/accepted-risk.ts';
import { checkMessage } from '../../../src/slack/blocks/check.ts';
import { findingsModal } from '../../../src/slack/blocks/findings.ts';
import { parseMenuValue } from '../../../src/slack/blocks/ids.ts';
import { snoozeModal } from '../../../src/slack/blocks/snooze.ts';
import { draw, expectOpenable, expectPostable } from './draw.ts';
import { risk } from './risks.ts';
import { AT, CHECK, entry, finding, PEOPLE, powers, run } from './support.ts';

const STATES = ['pending', 'active', 'rejected', 'withdrawn', 'expired', 'superseded', 'ended'] as const;
const DEMAND = { level: 'alias', account: '111111111111', word: 'acme-prod', code: 'ready' } as const;
const NAMES = new Map([['111111111111', 'acme']]);
const SNOOZE = {
  ...{ finding: finding().id, until: new Date('2026-11-27T09:00:00Z'), by: 'U0REQUESTER', at: AT, reason: null },
  ...{ fingerprint: 'f', severity: 'medium' },
};

describe('the menu of a finding', () => {
  const menuOf = (changes: Parameters<typeof entry>[0]) =>
    /\[⋯ ([^\]]*)\]/.exec(draw(checkMessage({ run: run(), check: CHECK, entries: [entry(changes)], more: 0 })))?.[1];
  const ID = finding().id;

  it.each([
    ['that fails', {}, `Accept risk…=accept.${ID}, Snooze…=snooze.${ID}, Explain=explain.${ID}`],
    ['that is snoozed', { snooze: SNOOZE }, `Accept risk…=accept.${ID}, Wake up=wake.${ID}, Explain=explain.${ID}`],
    ['whose acceptance waits', { risk: risk() }, `Snooze…=snooze.${ID}, Explain=explain.${ID}`],
    ['that cannot be read', { finding: finding({ verdict: 'unknown' }) }, `Explain=explain.${ID}`],
    ['that passes', { finding: finding({ verdict: 'pass' }) }, undefined],
  ] as const)('%s', (_, changes, offered) => {
    expect(menuOf(changes)).toBe(offered);
  });

  it('is read back, and nothing else is', () => {
    expect(parseMenuValue(`accept.${ID}`)).toEqual({ act: 'accept', finding: ID });
    expect(parseMenuValue(`destroy.${ID}`)).toBeUndefined();
    expect(parseMenuValue('')).toBeUndefined();
  });
});

describe('a finding that is left as it is', () => {
  const shown = (changes: Parameters<typeof entry>[0]) => {
    const message = checkMessage({ run: run(), check: CHECK, entries: [entry(changes)], more: 0 });
    expectPostable(message);
    return draw(message);
  };

  it('shows as exempt, until when, by whom and why, without a button', () => {
    const exemption = { until: '2026-12-31', reason: 'Replaced in December.', underlying: 'fail' } as const;
    const drawn = shown({
      finding: finding({ verdict: 'exempt', fix: 'none', exemption }),
      risk: risk({ state: 'active' }),
    });
    expect(drawn).toContain('*Accepted risk: Log file validation is on*');
    expect(drawn).toContain('*Accepted risk* until 2026-12-31 · owned by <@U0APPROVER2>');
    expect(drawn).toContain('Replaced in December.');
    expect(drawn).toContain('text: Log file validation is on: accepted in prod');
    expect(drawn).not.toContain('review_fix');
  });

  it('that is snoozed is its name, and is counted', () => {
    const drawn = shown({ snooze: SNOOZE });
    expect(drawn).toContain('💤 *acme-org-trail*');
    expect(drawn).toContain('fails for 1 resource, 1 snoozed');
    expect(drawn).not.toContain('LogFileValidationEnabled');
    expect(drawn).not.toContain('review_fix');
  });

  it('says that its acceptance is asked for', () => {
    expect(shown({ risk: risk() })).toContain('*Accepting the risk waits for approval* · asked by <@U0REQUESTER>');
  });
});

describe('an accepted risk', () => {
  it.each(STATES)('can be posted in state %s', (state) => {
    const decided = state === 'rejected' || state === 'withdrawn' ? { endedBy: 'U0APPROVER1', endedReason: 'No.' } : {};
    const message = riskMessage(risk({ state, ...decided }), { ...PEOPLE, approvals: ['U0APPROVER1'], names: NAMES });
    expectPostable(message);
    expect(draw(message)).toMatchSnapshot();
    expect(draw(message).includes('approve_risk')).toBe(state === 'pending');
    expect(draw(message).includes('withdraw_risk')).toBe(state === 'pending' || state === 'active');
  });

  it('says to its owner that it has ended, and why', () => {
    const message = riskEndedMessage(risk({ state: 'ended', endedReason: 'What was seen has changed.' }), {});
    expectPostable(message);
    expect(draw(message)).toMatchSnapshot();
  });

  it('is asked for in a modal, decided with reasons, and snoozed for some days', () => {
    const context = { powers: powers(), user: 'U0REQUESTER', today: AT, names: NAMES, metadata: '{}' };
    const views = [
      acceptModal(finding(), context),
      approveRiskModal(risk(), { demand: DEMAND, reason: true }),
      rejectRiskModal(risk()),
      snoozeModal(finding(), { names: NAMES, metadata: '{}' }),
    ];
    for (const view of views) {
      expectOpenable(view);
      expect(draw(view)).toMatchSnapshot();
    }
  });

  it('is listed with snoozes and those of the file, what ends soonest first', () => {
    const message = acceptedListMessage({
      risks: [risk({ state: 'active' }), risk({ id: 'risk-2', until: '2026-11-30' })],
      filed: [{ check: 'bucket/*', environment: 'prod', owner: 'sec', reason: 'known for years', end: '2026-12-15' }],
      snoozes: [{ ...SNOOZE, ...finding(), reason: 'noise' }],
      environment: 'prod',
    });
    expectPostable(message);
    expect(draw(message)).toMatchSnapshot();
  });
});

describe('whatever people write', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({ unit: 'grapheme', minLength: 200, maxLength: 600 }),
    fc.constantFrom('', ' ', '\n', '<!channel>', '<https://evil.example|x>', '*b*', '`', ':tada:', '\u202E', '&lt;'),
  );

  it('Slack takes every message, and nothing in it acts', () => {
    fc.assert(
      fc.property(nasty, fc.constantFrom(...STATES), fc.nat({ max: 60 }), (text, state, many) => {
        const hostile = risk({
          ...{ state, title: text, reason: text, resource: text, account: text, region: text, owner: text },
          ...{
            until: text,
            endedReason: text,
            endedBy: text,
            requestedBy: text,
            severity: text,
            evidence: { [text]: text },
          },
        });
        const snooze = { ...SNOOZE, by: text, reason: text };
        const exemption = { until: text, reason: text, underlying: 'fail' } as const;
        const entries = [
          entry({ risk: hostile, snooze }),
          entry({ finding: finding({ verdict: 'exempt', exemption, resource: text }), risk: hostile }),
        ];
        const filed = { check: text, resource: text, owner: text, reason: text, end: text };
        const shown = [
          riskMessage(hostile, { approvals: [text], approvers: [text] }),
          riskEndedMessage(hostile),
          checkMessage({ run: run(), check: CHECK, entries, more: 0 }),
          acceptedListMessage({
            risks: Array.from({ length: many }, () => hostile),
            filed: Array.from({ length: many }, () => filed),
            snoozes: Array.from({ length: many }, () => ({ ...snooze, ...finding({ title: text, resource: text }) })),
          }),
        ];
        const [policy] = powers().policies;
        const policies = policy === undefined ? [] : [{ ...policy, approve: [text] }];
        const modal = acceptModal(finding({ title: text, resource: text, evidence: { [text]: text } }), {
          ...{ powers: powers({ policies }), user: 'U0REQUESTER', today: AT, names: NAMES, metadata: '{}' },
        });
        for (const view of [modal, rejectRiskModal(hostile), findingsModal(entries, 0)]) expectOpenable(view);
        for (const message of shown) {
          expectPostable(message);
          const acting = JSON.stringify(message.blocks, (_, value) =>
            typeof value === 'object' && value !== null && value.type !== 'mrkdwn' && typeof value.text === 'string'
              ? null
              : value,
          );
          expect(acting).not.toMatch(/<!channel>|<!here>|<https:/);
        }
      }),
      { numRuns: 100 },
    );
  });
});
