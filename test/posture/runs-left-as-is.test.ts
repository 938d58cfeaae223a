import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLogger } from '../../src/ops/logger.ts';
import { fingerprintOf } from '../../src/posture/accepted-risks/fingerprint.ts';
import { createPosture, type Posture, runKey } from '../../src/posture/runs.ts';
import { scan } from '../../src/posture/scan.ts';
import { fromStored } from '../../src/posture/stored-finding.ts';
import { type RunSummary, runDetail } from '../../src/posture/summary.ts';
import { findTarget } from '../../src/posture/target.ts';
import { DEMO_ACCOUNTS, DEMO_TRAILS } from '../../src/sandbox/aws/index.ts';
import { findRun } from '../../src/store/runs.ts';
import { APPROVER, REQUESTER, type TestFixes, testFixes } from '../support/fixes.ts';
import { openTestStore, type TestStore } from '../support/store.ts';

const CHECK = 'trail/log-file-validation';
const CHANNEL = 'C0AUDITTRAIL';

/* Runs on the simulated estate, with a risk that was accepted in Slack and a finding that is snoozed. */
describe('a run', () => {
  let opened: TestStore;
  let world: TestFixes;
  let posture: Posture;
  const only = async () => new Map([...world.context.catalogue].filter(([id]) => id === CHECK));

  beforeAll(async () => {
    opened = await openTestStore({ now: () => new Date() });
    world = await testFixes({ store: opened.store });
    posture = createPosture({
      ...{ aws: world.aws, store: opened.store, config: world.config, catalogue: await only(), owner: 'test' },
      logger: createLogger({ level: 'silent' }),
      propose: async () => new Map(),
      inForce: async () => world.config,
    });
  });
  afterAll(async () => {
    await world.close();
    await opened.close();
  });

  async function ran(): Promise<{ run: string; summary: RunSummary }> {
    const target = DEMO_ACCOUNTS.management;
    const { run } = await posture.request({ target, channel: CHANNEL, trigger: 'asked' });
    await posture.execute(run.id);
    const detail = runDetail((await findRun(opened.store.query, run.id))?.counts);
    if (detail === undefined || !('summary' in detail)) throw new Error('the run did not finish');
    return { run: run.id, summary: detail.summary };
  }

  async function failing() {
    const rows = await opened.store.query.selectFrom('findings').selectAll().where('check', '=', CHECK).execute();
    const row = rows.find(({ resource }) => resource === DEMO_TRAILS.organization);
    if (row === undefined) throw new Error('the trail is not judged');
    return fromStored(row).finding;
  }

  const messages = (run: string) =>
    opened.store.query
      .selectFrom('messages')
      .select(['subjectKind', 'subjectId', 'threadKey'])
      .where((where) =>
        where.or([where('threadKey', '=', runKey(run, CHANNEL)), where('key', '=', runKey(run, CHANNEL))]),
      )
      .execute();

  test('hides the messages of what is snoozed, and counts it all the same', async () => {
    const first = await ran();
    const finding = await failing();
    expect(finding.verdict).toBe('fail');
    expect((await messages(first.run)).map(({ subjectKind }) => subjectKind)).toContain('check');
    const fingerprint = fingerprintOf(finding.evidence);
    const { risks } = world.fixes;
    expect(await risks.snooze({ finding: finding.id, fingerprint, user: REQUESTER, days: 7 })).toMatchObject({
      ok: true,
    });
    const second = await ran();
    expect(second.summary).toMatchObject({ score: first.summary.score, verdicts: first.summary.verdicts });
    expect(second.summary.failing).toMatchObject([{ check: CHECK, findings: [finding.id], snoozed: 1 }]);
    expect((await messages(second.run)).map(({ subjectKind }) => subjectKind)).not.toContain('check');
    await risks.wake({ finding: finding.id, user: REQUESTER });
  });

  test('makes what was accepted exempt, until its evidence is another: then it says so in its thread', async () => {
    const finding = await failing();
    const { risks } = world.fixes;
    const asked = await risks.request({
      ...{ finding: finding.id, fingerprint: fingerprintOf(finding.evidence), user: REQUESTER, owner: APPROVER },
      ...{ reason: 'The trail is replaced in December.', origin: { channel: CHANNEL } },
      until: new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10),
    });
    const id = asked.ok ? asked.risk.id : '';
    expect(await risks.approve({ riskId: id, user: APPROVER })).toMatchObject({ ok: true });
    const { summary } = await ran();
    expect(summary.verdicts).toMatchObject({ exempt: 1, fail: 0 });
    expect(summary.accepted).toBeGreaterThan(summary.score);
    expect(await failing()).toMatchObject({ verdict: 'exempt', exemption: { underlying: 'fail' } });

    await opened.store.query.updateTable('acceptedRisks').set({ fingerprint: 'of other evidence' }).execute();
    const last = await ran();
    expect(last.summary.verdicts).toMatchObject({ exempt: 0, fail: 1 });
    expect((await failing()).verdict).toBe('fail');
    expect(await risks.find(id)).toMatchObject({ state: 'ended', endedReason: 'What was seen has changed.' });
    expect(await messages(last.run)).toContainEqual({
      ...{ subjectKind: 'risk', subjectId: `${id}/ended`, threadKey: runKey(last.run, CHANNEL) },
    });
  });

  test('of the command line says that it does not know what was accepted in Slack', async () => {
    const { aws, config } = world;
    const catalogue = await only();
    const target = await findTarget(DEMO_ACCOUNTS.management, config, aws);
    const parts = { aws, config, catalogue, now: () => new Date() };
    const note = expect.stringMatching(/accepted in Slack are not applied/);
    expect((await scan(parts, target, { sweep: false })).notes).toContainEqual(note);
    expect((await scan(parts, target, { sweep: false, accepted: async () => [] })).notes).not.toContainEqual(note);
  });
});
