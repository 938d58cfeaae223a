import { describe, expect, it } from 'vitest';
import { canUndo } from '../../../src/fixes/undo.ts';
import { fixMessage } from '../../../src/slack/blocks/fix.ts';
import { FIX_STATES } from '../../../src/store/fix-states.ts';
import { draw, expectPostable } from './draw.ts';
import { change, FIXED, fixView, PENDING, PEOPLE, plan } from './support.ts';

const APPROVED = { ...PEOPLE, approvals: [{ user: 'U0APPROVER1' }] };
const THREE = plan({
  changes: [change(), change({ summary: 'Start logging.' }), change({ summary: 'Put the policy.' })],
});

describe('the message of a fix', () => {
  it.each(FIX_STATES)('can be posted in state %s', (state) => {
    const message = fixMessage(fixView({ ...FIXED, state }), APPROVED);
    expectPostable(message);
    expect(draw(message)).toMatchSnapshot();
  });

  it('has buttons to decide with only while a decision is wanted', () => {
    for (const state of FIX_STATES) {
      const shown = draw(fixMessage(fixView({ ...FIXED, state }), APPROVED));
      expect(/approve_fix|reject_fix/.test(shown), state).toBe(state === 'pending');
      expect(shown.includes('undo_fix'), state).toBe(canUndo(fixView({ ...FIXED, state })));
    }
  });

  it('shows how far it is', () => {
    const fix = fixView({
      ...PENDING,
      state: 'applying',
      proposal: { plan: THREE },
      progress: { changes: [{ state: 'done', requestId: '7d1c' }] },
    });
    expect(draw(fixMessage(fix, APPROVED))).toMatchSnapshot();
  });

  it('shows what went wrong, at which step', () => {
    const fix = fixView({
      ...PENDING,
      state: 'rolled-back',
      proposal: { plan: THREE },
      error: 'cloudtrail:StartLogging was refused.',
      progress: { changes: [{ state: 'undone', requestId: '7d1c' }, { state: 'failed' }] },
    });
    expect(draw(fixMessage(fix, APPROVED))).toMatchSnapshot();
  });

  it('shows who rejected it and why', () => {
    const rejection = { user: 'U0APPROVER2', reason: 'Wait for *Friday*.' };
    const message = fixMessage(fixView({ ...PENDING, state: 'rejected' }), { ...PEOPLE, rejection });
    expectPostable(message);
    expect(draw(message)).toMatchSnapshot();
  });

  it('names a person who asked and approved once', () => {
    const shown = draw(fixMessage(fixView(FIXED), { ...PEOPLE, approvals: [{ user: 'U0REQUESTER' }] }));
    expect(shown).toContain('Asked and approved by <@U0REQUESTER>');
  });

  it('shows what an undo put back', () => {
    const undone = { LogFileValidationEnabled: true };
    const back = change({ expect: undone, result: { LogFileValidationEnabled: false }, summary: 'Turn it off again.' });
    const fix = fixView({ ...FIXED, kind: 'undo', of: 'fix-1', proposal: { plan: plan({ changes: [back] }) } });
    const shown = draw(fixMessage(fix, APPROVED));
    expect(shown).toContain('text: Undone:');
    expect(shown).toContain('- "LogFileValidationEnabled": true');
    expect(shown).not.toContain('undo_fix');
  });

  it('stays short with many steps, people and request ids', () => {
    const changes = Array.from({ length: 300 }, (_, at) => change({ summary: `Step ${at} ${'s'.repeat(400)}` }));
    const progress = { changes: changes.map((_, at) => ({ state: 'done' as const, requestId: `request-${at}` })) };
    const fix = fixView({ ...PENDING, state: 'verifying', proposal: { plan: plan({ changes }) }, progress });
    const approvers = Array.from({ length: 200 }, (_, at) => `U0PERSON${at}`);
    const message = fixMessage(fix, { approvals: [], approvers, needed: 2 });
    expectPostable(message);
    expect(draw(message)).toContain('… and 290 more steps');
    expectPostable(fixMessage(fixView({ ...PENDING }), { approvals: [], approvers, needed: 2 }));
  });
});
