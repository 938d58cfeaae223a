import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changesBetween, changesOfRun, findingsById, findingsOf, historyOf } from '../../src/store/findings.ts';
import { LEASE_MS, lapsed } from '../../src/store/leases.ts';
import { dropParts, freshParts, loadParts, loadPartsOf, saveParts } from '../../src/store/parts.ts';
import { failRun, findRun, finishRun, latestRuns, requestRun, startRun } from '../../src/store/runs.ts';
import { type FindingResult, saveResults } from '../../src/store/save-findings.ts';
import type { Store } from '../../src/store/store.ts';
import { STORE_KINDS, storesOn, testClock } from '../support/store.ts';

const finding = (id: string, verdict: FindingResult['verdict'], rest: Partial<FindingResult> = {}): FindingResult => ({
  id,
  check: 'trail/logging',
  account: '111111111111',
  region: 'eu-central-1',
  resource: `arn:aws:cloudtrail:eu-central-1:111111111111:trail/${id}`,
  verdict,
  severity: 'high',
  title: 'The trail records',
  fingerprint: verdict,
  data: { id, verdict, evidence: { IsLogging: verdict === 'pass' } },
  ...rest,
});

describe.each(STORE_KINDS)('on %s', (kind) => {
  const clock = testClock();
  let stores: Awaited<ReturnType<typeof storesOn>>;
  let store: Store;
  let close: () => Promise<void>;

  beforeAll(async () => {
    stores = await storesOn(kind);
    ({ store, close } = await stores.open({ now: clock.now }));
  });
  afterAll(async () => {
    await close?.();
    await stores?.stop();
  });

  const request = (target: string) =>
    store.transaction((tx) => requestRun(tx, { target, trigger: 'asked', requestedBy: 'U1' }));
  const start = (id: string, owner: string) => startRun(store.query, { id, owner, at: clock.now() });
  async function save(
    target: string,
    findings: FindingResult[],
    covered = { accounts: ['111111111111'], checks: ['trail/logging'] },
  ) {
    clock.advance(1000);
    const { run } = await request(target);
    await start(run.id, 'p');
    await saveResults(store, { run: run.id, takenAt: clock.now(), findings, covered });
    await store.transaction((tx) =>
      finishRun(tx, { id: run.id, owner: 'p' }, { counts: { fail: 1 }, score: 59, complete: true, calls: 12 }),
    );
    return run.id;
  }

  test('two people who ask for the same target share one run', async () => {
    const runs = await Promise.all([request('prod'), request('prod'), request('staging')]);
    expect(new Set(runs.map(({ run }) => run.id)).size).toBe(2);
    expect(runs.filter(({ shared }) => shared)).toHaveLength(1);
    const id = runs[0].run.id;
    await start(id, 'p');
    expect(await store.transaction((tx) => failRun(tx, { id, owner: 'other' }, 'no'))).toBe(false);
    expect(await store.transaction((tx) => failRun(tx, { id, owner: 'p' }, 'no account could be entered'))).toBe(true);
    expect(await findRun(store.query, id)).toMatchObject({ state: 'failed', owner: null, finishedAt: clock.now() });
    expect((await request('prod')).shared).toBe(false);
  });

  test('a run is carried out by one process, and taken up when that one died', async () => {
    const { run } = await request('lease');
    expect((await Promise.all([start(run.id, 'a'), start(run.id, 'b')])).filter(Boolean)).toHaveLength(1);
    const begun = clock.now();
    clock.advance(LEASE_MS);
    expect(await lapsed(store.query, 'runs', clock.now())).toContain(run.id);
    expect(await start(run.id, 'c')).toMatchObject({ owner: 'c', startedAt: begun });
    expect(await lapsed(store.query, 'runs', clock.now())).not.toContain(run.id);
  });

  test('the first run stores every verdict, and failures as changes', async () => {
    const run = await save('first', [finding('a1', 'pass'), finding('a2', 'fail'), finding('a3', 'unknown')]);
    expect((await changesOfRun(store.query, run)).map(({ finding, from, to }) => [finding, from, to])).toEqual([
      ['a2', null, 'fail'],
      ['a3', null, 'unknown'],
    ]);
    expect((await findingsOf(store.query, ['111111111111'])).map(({ id }) => id)).toEqual(['a1', 'a2', 'a3']);
    expect(await findRun(store.query, run)).toMatchObject({
      state: 'done',
      changed: ['a2', 'a3'],
      counts: { fail: 1 },
    });
    expect((await latestRuns(store.query, { target: 'first', limit: 5 })).map(({ id }) => id)).toEqual([run]);
  });

  test('a later run records only what changed, and forgets what is gone', async () => {
    await save('later', [finding('b1', 'pass'), finding('b2', 'fail'), finding('b3', 'pass')]);
    const before = clock.now();
    const run = await save('later', [
      finding('b1', 'fail'),
      finding('b2', 'fail', { fingerprint: 'worse', data: { evidence: 'worse' } }),
    ]);
    expect((await changesOfRun(store.query, run)).map(({ finding, from, to }) => [finding, from, to])).toEqual([
      ['b1', 'pass', 'fail'],
      ['b3', 'pass', null],
    ]);
    expect(await findingsById(store.query, ['b1', 'b2', 'b3'])).toMatchObject([
      { id: 'b1', verdict: 'fail', changedAt: clock.now(), firstSeen: before },
      {
        id: 'b2',
        verdict: 'fail',
        changedAt: before,
        lastSeen: clock.now(),
        fingerprint: 'worse',
        data: { evidence: 'worse' },
      },
    ]);
    expect(await changesBetween(store.query, before, clock.now())).toHaveLength(2);
    expect((await historyOf(store.query, 'b1')).map(({ to }) => to)).toEqual(['fail']);
  });

  test('what was not covered stays', async () => {
    await save('cover', [
      finding('c1', 'fail', { check: 'bucket/exists' }),
      finding('c2', 'fail', { account: '222222222222' }),
    ]);
    await save('cover', []);
    expect((await findingsById(store.query, ['c1', 'c2'])).map(({ id }) => id)).toEqual(['c1', 'c2']);
  });

  test('a run that is saved again after a crash records its changes once', async () => {
    clock.advance(1000);
    const { run } = await request('again');
    const results = {
      run: run.id,
      takenAt: clock.now(),
      findings: [finding('d1', 'fail'), finding('d2', 'pass')],
      covered: { accounts: ['111111111111'], checks: ['trail/logging'] },
    };
    await saveResults(store, results);
    const once = await changesOfRun(store.query, run.id);
    await saveResults(store, results);
    expect(await changesOfRun(store.query, run.id)).toEqual(once);
  });

  test('an older reading does not overwrite a newer one', async () => {
    const { run } = await request('older');
    const covered = { accounts: [], checks: [] };
    const newer = new Date(clock.now().getTime() + 5000);
    await saveResults(store, { run: run.id, takenAt: newer, findings: [finding('e1', 'pass')], covered });
    await saveResults(store, { run: run.id, takenAt: clock.now(), findings: [finding('e1', 'fail')], covered });
    expect(await findingsById(store.query, ['e1'])).toMatchObject([{ verdict: 'pass', lastSeen: newer }]);
  });

  test('thousands of findings are stored in portions while others get their turn', async () => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    const many = Array.from({ length: 3000 }, (_, index) => finding(`many-${index}`, 'fail'));
    const run = await save('many', many, { accounts: [], checks: [] });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
    expect((await findRun(store.query, run))?.changed).toHaveLength(3000);
  });

  test('parts come back as they were read; the latest only', async () => {
    const takenAt = clock.now();
    const later = new Date(takenAt.getTime() + 1000);
    const part = (key: string, value: unknown, at = takenAt) => ({ key, account: '111111111111', takenAt: at, value });
    const large = { state: 'read', value: { text: 'x'.repeat(400_000), emoji: '🙈', nul: '\0' } };
    await saveParts(store, [part('bucket:a', { state: 'absent', code: 'NoSuchBucket' }), part('bucket:b', large)]);
    await saveParts(store, [part('bucket:a', { state: 'read', value: {} }, later), part('bucket:b', large, later)]);
    await saveParts(store, [part('bucket:a', { state: 'read', value: 'older' })]);
    expect(await loadParts(store.query, ['bucket:a', 'bucket:b', 'bucket:never'])).toEqual([
      part('bucket:a', { state: 'read', value: {} }, later),
      part('bucket:b', large, later),
    ]);
    expect(await freshParts(store.query, ['111111111111'], later)).toEqual(new Set(['bucket:a', 'bucket:b']));
    expect(await freshParts(store.query, ['111111111111'], new Date(later.getTime() + 1))).toEqual(new Set());
    await dropParts(store.query, ['bucket:b']);
    expect((await loadPartsOf(store.query, ['111111111111'])).map(({ key }) => key)).toEqual(['bucket:a']);
  });
});
