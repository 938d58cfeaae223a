import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Finding } from '../../src/check/finding.ts';
import type { RiskDecided } from '../../src/fixes/accepted-risk.ts';
import type { FixesContext } from '../../src/fixes/context.ts';
import { createFixes, type Fixes } from '../../src/fixes/service.ts';
import { createLogger } from '../../src/ops/logger.ts';
import { fingerprintOf } from '../../src/posture/accepted-risks/fingerprint.ts';
import { fromStored, toResult } from '../../src/posture/stored-finding.ts';
import { auditOf } from '../../src/store/audit.ts';
import type { AcceptedRisk } from '../../src/store/database.ts';
import { findingsById, historyOf } from '../../src/store/findings.ts';
import { createFix, findFix } from '../../src/store/fixes.ts';
import { finishRun, requestRun, startRun } from '../../src/store/runs.ts';
import { saveResults } from '../../src/store/save-findings.ts';
import type { Store } from '../../src/store/store.ts';
import { fixView, plan, finding as sample, summary } from '../slack/blocks/support.ts';
import {
  APPROVER,
  APPROVER2,
  APPROVERS,
  GUEST,
  REQUESTER,
  type TestDirectory,
  testConfig,
  testDirectory,
} from '../support/fixes.ts';
import { storesOn as opened, STORE_KINDS, type storesOn, type TestStore, testClock } from '../support/store.ts';

const DAY = 86_400_000;
const CHANNEL = 'C0AUDITTRAIL';
const FINDING = sample();
const REASON = 'The trail is replaced in December; nobody reads its digests.';

describe.each(STORE_KINDS)('accepted risks on %s', (kind) => {
  let stores: Awaited<ReturnType<typeof storesOn>>;
  let at: TestStore;
  let store: Store;
  let clock: ReturnType<typeof testClock>;
  let directory: TestDirectory;
  let fixes: Fixes;

  beforeAll(async () => {
    stores = await opened(kind);
  });
  afterAll(() => stores.stop());
  beforeEach(async () => {
    clock = testClock('2026-11-20T09:00:00.000Z');
    at = await stores.open({ now: clock.now });
    store = at.store;
    directory = testDirectory();
    use({});
  });
  afterEach(() => at.close());

  /** Works under this `approval.default` from now on. */
  function use(approval: object, rest: object = {}): void {
    const nothing = () => {
      throw new Error('AWS is not there in this test');
    };
    const context: FixesContext = {
      store,
      config: testConfig({
        environments: { prod: { accounts: ['111111111111'], channels: [CHANNEL] } },
        approval: { default: { approve: [APPROVERS], ...approval } },
        ...rest,
      }),
      catalogue: new Map(),
      reading: { latest: nothing, refresh: nothing, keep: nothing },
      directory,
      fixer: nothing,
      announce: async () => undefined,
      logger: createLogger({ level: 'silent' }),
      owner: 'test',
      sleep: async () => undefined,
    };
    fixes = createFixes(context);
  }

  /** A run that finds this; gives its id. */
  async function found(changes: Partial<Finding> | undefined = {}, target = 'prod'): Promise<string> {
    const { run } = await store.transaction((tx) => requestRun(tx, { target, trigger: 'asked' }));
    await startRun(store.query, { id: run.id, owner: 'test', at: store.now() });
    const findings = changes === undefined ? [] : [toResult({ ...FINDING, ...changes })];
    const covered = { accounts: ['111111111111'], checks: [FINDING.check] };
    clock.advance(1);
    await saveResults(store, { run: run.id, takenAt: store.now(), findings, covered });
    await store.transaction((tx) =>
      finishRun(
        tx,
        { id: run.id, owner: 'test' },
        { counts: { summary: summary() }, score: 1, complete: true, calls: 1 },
      ),
    );
    return run.id;
  }

  const ask = (changes: Partial<Parameters<Fixes['risks']['request']>[0]> = {}) =>
    fixes.risks.request({
      ...{ finding: FINDING.id, fingerprint: fingerprintOf(FINDING.evidence), user: REQUESTER, reason: REASON },
      ...{ owner: APPROVER2, until: '2026-12-31', origin: { channel: CHANNEL, threadKey: 'run:1' } },
      ...changes,
    });
  async function asked(): Promise<AcceptedRisk> {
    const made = await ask();
    if (!made.ok) throw new Error(made.message);
    return made.risk;
  }
  async function accepted(): Promise<AcceptedRisk> {
    const { id } = await asked();
    const decided = await fixes.risks.approve({ riskId: id, user: APPROVER });
    if (!decided.ok) throw new Error(decided.message);
    return decided.risk;
  }
  const stateOf = async (id: string) => (await fixes.risks.find(id))?.state;
  const stored = async () => {
    const [row] = await findingsById(store.query, [FINDING.id]);
    return row === undefined ? undefined : fromStored(row).finding;
  };
  const actions = async (id: string) => (await auditOf(store.query, { kind: 'risk', id })).map(({ action }) => action);
  const said = async (id: string) => {
    const rows = await store.query
      .selectFrom('messages')
      .select(['channel', 'threadKey'])
      .where('subjectKind', '=', 'risk')
      .where('subjectId', '=', id)
      .execute();
    return rows;
  };
  const refused = (words: RegExp): Partial<RiskDecided> => ({ ok: false, message: expect.stringMatching(words) });

  test('are asked for, approved by another person, and make the finding exempt at once', async () => {
    await found();
    const risk = await asked();
    expect(risk).toMatchObject({ state: 'pending', people: 1, environments: ['prod'], owner: APPROVER2 });
    expect(await said(risk.id)).toEqual([{ channel: CHANNEL, threadKey: 'run:1' }]);
    expect((await stored())?.verdict).toBe('fail');
    const decided = await fixes.risks.approve({ riskId: risk.id, user: APPROVER });
    expect(decided).toMatchObject({ ok: true, risk: { state: 'active' } });
    expect(await stored()).toMatchObject({
      verdict: 'exempt',
      fix: 'none',
      exemption: { until: '2026-12-31', reason: REASON, underlying: 'fail' },
    });
    expect((await historyOf(store.query, FINDING.id)).map(({ from, to }) => [from, to])).toEqual([
      [null, 'fail'],
      ['fail', 'exempt'],
    ]);
    expect(await actions(risk.id)).toEqual(['risk.requested', 'risk.approved', 'risk.accepted']);
  });

  test('end what was proposed to mend the finding', async () => {
    await found();
    const proposal = { ...fixView().proposal, plan: plan({ findings: [FINDING.id] }) };
    const made = await store.transaction((tx) =>
      createFix(tx, {
        ...{ key: FINDING.id, findings: [FINDING.id], check: FINDING.check, accounts: [FINDING.account] },
        ...{ plan: proposal, planHash: 'x', class: 'auto', risk: 'safe', people: 1 },
      }),
    );
    await accepted();
    expect((await findFix(store.query, made?.id ?? ''))?.state).toBe('superseded');
  });

  test.each<[string, Partial<Finding> | undefined, object, RegExp]>([
    ['what is unknown', { verdict: 'unknown' }, {}, /not known whether/],
    ['what passes', { verdict: 'pass' }, {}, /does not fail/],
    ['what the file accepts', { verdict: 'exempt' }, {}, /accepted already/],
    ['what is gone', undefined, {}, /no longer there/],
    ['other evidence than was seen', { evidence: { other: 1 } }, {}, /has changed meanwhile/],
    ['a reason without letters', {}, { reason: '  !!!!!!!!!!!!!!!  ' }, /10 letters/],
    ['a reason that nobody sees', {}, { reason: '\u200B'.repeat(20) }, /10 letters/],
    ['a guest as owner', {}, { owner: GUEST }, /owner must be a full member/],
    ['an owner that is nobody', {}, { owner: '<!channel>' }, /owner must be a full member/],
    ['today as the last day', {}, { until: '2026-11-20' }, /end after today/],
    ['more than 365 days', {}, { until: '2027-11-21' }, /365 days at most/],
    ['a day that there is not', {}, { until: '2026-02-30x' }, /end after today/],
    ['a guest who asks', {}, { user: GUEST }, /may not ask/],
  ])('cannot be asked for with %s', async (_, changes, request, words) => {
    await found(changes === undefined ? {} : changes);
    if (changes === undefined) {
      clock.advance(1000);
      const { run } = await store.transaction((tx) => requestRun(tx, { target: 'prod', trigger: 'asked' }));
      const covered = { accounts: ['111111111111'], checks: [FINDING.check] };
      await saveResults(store, { run: run.id, takenAt: store.now(), findings: [], covered });
    }
    expect(await ask(request)).toMatchObject(refused(words));
    expect(await fixes.risks.open()).toEqual([]);
  });

  test('take 365 days, and what people write as it is', async () => {
    await found();
    const hostile = '<!channel> *x* `y` \u202E; drop table accepted_risks; \0 long enough';
    expect(await ask({ until: '2027-11-20', reason: hostile })).toMatchObject({ ok: true });
    expect((await fixes.risks.open())[0]?.reason).toContain('drop table');
  });

  test('are asked for once: of two at the same time one wins, and the other is told', async () => {
    await found();
    const both = await Promise.all([ask(), ask({ user: APPROVER })]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(both.find(({ ok }) => !ok)).toMatchObject(refused(/waits for approval already/));
    expect(await fixes.risks.open()).toHaveLength(1);
  });

  test('take as many people as the policy says, each once, told apart by e-mail', async () => {
    use({ people: 2 });
    await found();
    const { id } = await asked();
    expect(await fixes.risks.approve({ riskId: id, user: APPROVER })).toMatchObject({
      ok: true,
      risk: { state: 'pending' },
    });
    expect(await fixes.risks.approve({ riskId: id, user: APPROVER })).toMatchObject(refused(/approved this already/));
    const alex = directory.people.get(APPROVER);
    directory.people.set('U0ALEXAGAIN', { ...alex, id: 'U0ALEXAGAIN', name: 'alex', member: true });
    directory.groups.get(APPROVERS)?.push('U0ALEXAGAIN');
    expect(await fixes.risks.approve({ riskId: id, user: 'U0ALEXAGAIN' })).toMatchObject(
      refused(/approved this already/),
    );
    expect(await fixes.risks.approve({ riskId: id, user: APPROVER2 })).toMatchObject({
      ok: true,
      risk: { state: 'active' },
    });
  });

  test('become active once, whoever clicks at the same time', async () => {
    await found();
    const { id } = await asked();
    const clicks = Array.from({ length: 6 }, (_, at) =>
      fixes.risks.approve({ riskId: id, user: at % 2 === 0 ? APPROVER : APPROVER2 }),
    );
    const decided = await Promise.all(clicks);
    expect(decided.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await actions(id)).filter((action) => action === 'risk.accepted')).toHaveLength(1);
  });

  test("do not count the requester's own word, unless the policy says so", async () => {
    await found();
    const own = await ask({ user: APPROVER });
    expect(own).toMatchObject({ ok: true, risk: { state: 'pending' } });
    const riskId = own.ok ? own.risk.id : '';
    expect(await fixes.risks.approve({ riskId, user: APPROVER })).toMatchObject(refused(/somebody else/));
    await fixes.risks.withdraw({ riskId, user: APPROVER });
    use({ direct: true });
    expect(await ask({ user: APPROVER })).toMatchObject({ ok: true, risk: { state: 'active' } });
  });

  test('count it as one of two where the policy says so', async () => {
    use({ people: 2, requesterCounts: true });
    await found();
    const own = await ask({ user: APPROVER });
    expect(own).toMatchObject({ ok: true, risk: { state: 'pending', approvals: [{ user: APPROVER }] } });
    const riskId = own.ok ? own.risk.id : '';
    expect(await fixes.risks.approve({ riskId, user: APPROVER2 })).toMatchObject({
      ok: true,
      risk: { state: 'active' },
    });
  });

  test('let approvals lapse of who may not approve any more', async () => {
    use({ people: 2 });
    await found();
    const { id } = await asked();
    await fixes.risks.approve({ riskId: id, user: APPROVER });
    directory.groups.set(APPROVERS, [APPROVER2]);
    expect(await fixes.risks.approve({ riskId: id, user: APPROVER2 })).toMatchObject({
      ok: true,
      risk: { state: 'pending' },
    });
    expect(await actions(id)).toContain('risk.approvals-lapsed');
  });

  test.each([
    ['a guest', GUEST],
    ['who is no approver', REQUESTER],
  ])('are not approved by %s, who is told who may', async (_, user) => {
    await found();
    const { id } = await asked();
    for (const decide of [fixes.risks.approve, fixes.risks.reject]) {
      expect(await decide({ riskId: id, user, reason: 'x' })).toMatchObject(
        refused(/may not decide.*@trail-approvers/),
      );
    }
    expect(await stateOf(id)).toBe('pending');
  });

  test('of a shared resource take the approvers of every environment that shares it', async () => {
    const environments = {
      prod: { accounts: ['111111111111'], channels: [CHANNEL] },
      dev: { accounts: ['555555555555'], approval: { approve: [APPROVER2], people: 2 } },
    };
    use({}, { environments });
    await found();
    await found({}, 'dev');
    const { id, people, environments: concerned } = await asked();
    expect({ people, concerned }).toEqual({ people: 2, concerned: ['prod', 'dev'] });
    expect(await fixes.risks.approve({ riskId: id, user: APPROVER })).toMatchObject(refused(/may not decide/));
    expect(await fixes.risks.approve({ riskId: id, user: APPROVER2 })).toMatchObject({
      ok: true,
      risk: { state: 'pending' },
    });
  });

  test('ask for a reason and for more than a click where the policy does', async () => {
    use({ reason: true, stepUp: 'alias' });
    await found();
    const { id } = await asked();
    const approve = (rest: object) => fixes.risks.approve({ riskId: id, user: APPROVER, ...rest });
    expect(await approve({})).toMatchObject(refused(/asks for a reason/));
    expect(await approve({ reason: 'Agreed.' })).toMatchObject({ ...refused(/Type acme-management/), field: 'alias' });
    const proof = { alias: 'acme-management' };
    expect(await approve({ reason: 'Agreed.', proof })).toMatchObject({ ok: true, risk: { state: 'active' } });
  });

  test.each<[string, Partial<Finding>, RegExp, string]>([
    ['got worse', { evidence: { other: 1 } }, /What was seen has changed/, 'superseded'],
    ['is graver now', { severity: 'critical' }, /critical now/, 'superseded'],
    ['passes', { verdict: 'pass' }, /does not fail any more/, 'superseded'],
    ['cannot be read', { verdict: 'unknown' }, /could not be read/, 'pending'],
  ])('are not approved when the finding %s meanwhile', async (_, changes, words, state) => {
    await found();
    const { id } = await asked();
    await found(changes);
    expect(await fixes.risks.approve({ riskId: id, user: APPROVER })).toMatchObject(refused(words));
    expect(await stateOf(id)).toBe(state);
  });

  test('are not approved after their last day, nor after the time for a decision', async () => {
    use({ expires: '9d' });
    await found();
    const short = await ask({ until: '2026-11-21' });
    const first = short.ok ? short.risk.id : '';
    clock.advance(2 * DAY);
    expect(await fixes.risks.approve({ riskId: first, user: APPROVER })).toMatchObject(
      refused(/last day was 2026-11-21/),
    );
    expect(await stateOf(first)).toBe('expired');
    const { id } = await asked();
    clock.advance(10 * DAY);
    expect(await fixes.risks.approve({ riskId: id, user: APPROVER })).toMatchObject(refused(/Nobody decided in time/));
    expect(await stateOf(id)).toBe('expired');
  });

  test('are rejected with a reason, withdrawn by who asked, and asked for again', async () => {
    await found();
    const first = await asked();
    expect(await fixes.risks.reject({ riskId: first.id, user: APPROVER, reason: 'Mend it.' })).toMatchObject({
      ok: true,
      risk: { state: 'rejected', endedBy: APPROVER, endedReason: 'Mend it.' },
    });
    expect(await fixes.risks.approve({ riskId: first.id, user: APPROVER2 })).toMatchObject(refused(/was rejected/));
    const second = await asked();
    expect(await fixes.risks.withdraw({ riskId: second.id, user: GUEST })).toMatchObject(refused(/Only who asked/));
    expect(await fixes.risks.withdraw({ riskId: second.id, user: REQUESTER })).toMatchObject({ ok: true });
    expect((await stored())?.verdict).toBe('fail');
    expect(await ask()).toMatchObject({ ok: true });
  });

  test('that are withdrawn while they hold let the finding fail again', async () => {
    await found();
    const { id } = await accepted();
    expect(await fixes.risks.withdraw({ riskId: id, user: APPROVER2 })).toMatchObject({ ok: true });
    const finding = await stored();
    expect(finding?.verdict).toBe('fail');
    expect(finding).not.toHaveProperty('exemption');
  });

  test('lose their buttons by the sweep when nobody decides, or the finding changes', async () => {
    await found();
    const first = await asked();
    clock.advance(2 * DAY);
    await fixes.sweep();
    expect(await stateOf(first.id)).toBe('expired');
    const second = await asked();
    await found({ evidence: { other: 1 } });
    await fixes.sweep();
    expect(await stateOf(second.id)).toBe('superseded');
  });

  test('end after their last day, which is said in the channel of the environment with the owner', async () => {
    await found();
    const { id } = await accepted();
    clock.advance(41 * DAY);
    await fixes.sweep();
    expect(await stateOf(id)).toBe('active');
    clock.advance(DAY);
    await fixes.sweep();
    await fixes.sweep();
    expect(await fixes.risks.find(id)).toMatchObject({ state: 'ended', endedReason: 'Its last day was 2026-12-31.' });
    expect((await stored())?.verdict).toBe('fail');
    expect(await said(`${id}/ended`)).toEqual([{ channel: CHANNEL, threadKey: null }]);
    expect((await actions(id)).filter((action) => action === 'risk.ended')).toHaveLength(1);
  });

  test('end when a run stores worse evidence, and hold over a run that had not heard of them', async () => {
    await found();
    const { id } = await accepted();
    await found();
    expect((await stored())?.verdict).toBe('fail');
    await fixes.sweep();
    expect((await stored())?.verdict).toBe('exempt');
    await found({ evidence: { other: 1 } });
    await fixes.sweep();
    expect(await fixes.risks.find(id)).toMatchObject({ state: 'ended', endedReason: 'What was seen has changed.' });
    expect((await stored())?.verdict).toBe('fail');
  });

  describe('snoozes', () => {
    const snooze = (changes: object = {}) =>
      fixes.risks.snooze({
        ...{ finding: FINDING.id, fingerprint: fingerprintOf(FINDING.evidence), user: REQUESTER, days: 7 },
        ...changes,
      });
    const asleep = async () => (await fixes.risks.snoozes([FINDING.id])).length;

    test('hide nothing but messages, and end by themselves', async () => {
      await found();
      expect(await snooze({ reason: 'on holiday' })).toMatchObject({ ok: true });
      expect(await asleep()).toBe(1);
      expect((await stored())?.verdict).toBe('fail');
      clock.advance(7 * DAY);
      expect(await asleep()).toBe(0);
      await fixes.sweep();
      const log = await auditOf(store.query, { kind: 'finding', id: FINDING.id });
      expect(log.map(({ action, actor }) => [action, actor])).toEqual([
        ['finding.snoozed', REQUESTER],
        ['finding.snooze-ended', 'trail-check'],
      ]);
    });

    test('end when the evidence gets worse, and by anybody who may snooze', async () => {
      await found();
      await snooze();
      await found({ evidence: { other: 1 } });
      await fixes.sweep();
      expect(await asleep()).toBe(0);
      await snooze({ fingerprint: fingerprintOf({ other: 1 }) });
      expect(await fixes.risks.wake({ finding: FINDING.id, user: APPROVER })).toEqual({ ok: true });
      expect(await asleep()).toBe(0);
      expect(await fixes.risks.wake({ finding: FINDING.id, user: APPROVER })).toMatchObject({ ok: false });
    });

    test.each([
      ['for 15 days', { days: 15 }, /Choose/],
      ['for no number', { days: Number.NaN }, /Choose/],
      ['by a guest', { user: GUEST }, /full members/],
      ['of other evidence', { fingerprint: 'x' }, /has changed/],
      ['of nothing', { finding: 'nothing' }, /no longer there/],
    ])('%s are refused', async (_, changes, words) => {
      await found();
      expect(await snooze(changes)).toMatchObject({ ok: false, message: expect.stringMatching(words) });
      expect(await asleep()).toBe(0);
    });

    test('are for who may ask for fixes', async () => {
      use({ request: [APPROVER] });
      await found();
      expect(await snooze()).toMatchObject({ ok: false, message: expect.stringMatching(/may not snooze/) });
    });
  });
});
