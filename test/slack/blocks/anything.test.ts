import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMessage } from '../../../src/slack/blocks/check.ts';
import { breakGlassModal, emergencyMessage, overdueMessage } from '../../../src/slack/blocks/emergency.ts';
import { findingsModal } from '../../../src/slack/blocks/findings.ts';
import { fixMessage } from '../../../src/slack/blocks/fix.ts';
import { homeView } from '../../../src/slack/blocks/home.ts';
import { refusedUndo } from '../../../src/slack/blocks/notice.ts';
import { rejectModal } from '../../../src/slack/blocks/reject.ts';
import { newsMessage, reminderMessage } from '../../../src/slack/blocks/reminder.ts';
import { reviewModal } from '../../../src/slack/blocks/review.ts';
import { runMessage } from '../../../src/slack/blocks/run.ts';
import { statusMessage } from '../../../src/slack/blocks/status.ts';
import { stepsModal } from '../../../src/slack/blocks/steps.ts';
import { withdrawModal } from '../../../src/slack/blocks/withdraw.ts';
import { FIX_STATES } from '../../../src/store/fix-states.ts';
import { expectOpenable, expectPostable } from './draw.ts';
import { AT, CHECK, change, entry, FIXED, finding, fixView, plan, powers, run, summary } from './support.ts';

/* Whatever AWS and people put into names, reasons and documents: Slack takes every message, and nothing in it acts. */

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', minLength: 200, maxLength: 600 }),
  fc.constantFrom(
    '',
    ' ',
    '\n',
    '<!channel>',
    '<@U0APPROVER1>',
    '<https://evil.example|x>',
    '*b*',
    '`',
    ':tada:',
    '\u202E',
    '&lt;',
  ),
);
const json = fc.dictionary(
  nasty,
  fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value))),
  { maxKeys: 8 },
);
const entries = fc.array(
  fc.record({ name: nasty, reason: nasty, evidence: json, state: fc.constantFrom(...FIX_STATES) }),
  { maxLength: 12 },
);

const fixes = fc
  .record({ name: nasty, before: json, after: json, state: fc.constantFrom(...FIX_STATES), many: fc.nat({ max: 30 }) })
  .map(({ name, before, after, state, many }) => {
    const changes = Array.from({ length: many }, () =>
      change({ summary: name, input: { ...before, Name: name }, expect: before, result: after, resource: name }),
    );
    const warnings = [name, name, name, name, name, name, name];
    const nastyPlan = plan({ summary: name, changes, warnings, guards: warnings, cost: name });
    return fixView({
      ...FIXED,
      state,
      reason: name,
      error: name,
      result: { verdict: 'pass', before, after },
      progress: { changes: [], withdrawn: { by: name, reason: name }, difference: warnings, delivery: 'failed' },
      proposal: {
        changed: { reason: name, people: [name, name] },
        plan: nastyPlan,
        finding: finding({ resource: name, account: name, region: name, notes: warnings }),
      },
    });
  });

/** No text that Slack reads as markup holds a mention or link that somebody else wrote. */
function expectInert(shown: object): void {
  const texts = JSON.stringify(shown, (_, value) =>
    typeof value === 'object' && value !== null && value.type !== 'mrkdwn' && typeof value.text === 'string'
      ? null
      : value,
  );
  expect(texts).not.toMatch(/<!channel>|<!here>|<https:/);
}

describe('whatever the data', () => {
  it('check messages and lists of findings are taken', () => {
    fc.assert(
      fc.property(nasty, entries, fc.nat({ max: 5_000 }), (text, many, more) => {
        const made = many.map(({ name, reason, evidence, state }) =>
          entry({
            finding: finding({ resource: `arn:aws:s3:::${name}`, account: name, title: text, reason, evidence }),
            offer: state === 'failed' ? { kind: 'blocked', by: 'x', reason } : { kind: 'fix', fixId: 'fix-1' },
            fix: fixView({ state }),
            approvedBy: [name],
            ...(reason === '' ? { hold: { finding: 'f', by: name, reason: name, at: AT } } : {}),
          }),
        );
        const check = { ...CHECK, title: text, rationale: text, controls: { [text]: [text], security_hub: [text] } };
        const message = checkMessage({ run: run(), check, entries: made, more });
        expectPostable(message);
        expectInert(message.blocks);
        const list = findingsModal(made, 0, { list: 'run-1', names: new Map([[text, text]]) });
        expectOpenable(list);
        expectInert(list.blocks);
      }),
      { numRuns: 150 },
    );
  });

  it('fixes are taken in the thread, in review, in Home and in the status', () => {
    fc.assert(
      fc.property(fixes, nasty, (fix, text) => {
        const people = {
          approvals: [{ user: text }],
          approvers: [text, 'S0GROUP'],
          needed: 2,
          rejection: { user: text, reason: text },
        };
        const status = statusMessage({ runs: [], pending: [fix, fix], version: text, environments: ['prod'] });
        const emergency = {
          by: { user: text, reason: text, at: AT },
          signed: [{ user: text }],
          ...{ overdue: true, environments: ['', text], names: new Map([[text, text]]) },
        };
        const broken = { ...fix, row: { ...fix.row, breakGlass: true } };
        const loud = [emergencyMessage(broken, emergency), overdueMessage(broken, emergency)];
        const revision = fix.state === 'pending' ? fix.revision : 0;
        const told = [
          reminderMessage(fix, { revision, waiting: [text, 'S0GROUP'], approvals: [text] }),
          newsMessage(fix),
          refusedUndo(text, [text, text]),
        ];
        for (const message of [fixMessage(fix, people), status, ...loud, ...told]) {
          expectPostable(message);
          expectInert(message.blocks);
        }
        const home = homeView({ pending: [fix, fix], environments: [], commands: [] });
        const [policy] = powers().policies;
        const policies = policy === undefined ? [] : [{ ...policy, approve: [text] }];
        const proof = { level: 'code', account: text, word: text, code: 'ready' } as const;
        const review = reviewModal(fix, powers({ policies, approveAlone: true }), { proof, breakGlass: true });
        for (const view of [review, breakGlassModal(fix, proof), rejectModal(fix), withdrawModal(fix), home]) {
          expectOpenable(view);
          expectInert(view.blocks);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('runs and steps are taken', () => {
    fc.assert(
      fc.property(
        fc.array(nasty, { maxLength: 40 }),
        nasty,
        fc.constantFrom('queued', 'running', 'failed', 'done'),
        (names, text, state) => {
          const accounts = names.map((name) => ({
            id: name,
            name,
            inScope: true,
            status: 'unreachable' as const,
            reason: name,
          }));
          const failing = names.map((title) => ({
            check: title,
            title,
            severity: 'high' as const,
            findings: [title, title],
          }));
          const raise = names.slice(0, 3).map((check) => ({ check, points: 3 }));
          const missing = names.map((permission) => ({ permission, findings: 1 }));
          const detail = { summary: summary({ accounts, failing, raise, missing }) };
          const message = runMessage(run({ target: text, error: text, state, requestedBy: text }), detail, {
            new: 1,
            mended: 1,
          });
          expectPostable(message);
          expectInert(message.blocks);
          expectOpenable(
            stepsModal(
              finding({ title: text }),
              names.map((name) => ({ text: name, command: name })),
              { reason: text },
            ),
          );
        },
      ),
      { numRuns: 150 },
    );
  });
});
