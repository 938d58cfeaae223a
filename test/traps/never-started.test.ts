import { expect, test } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_TRAILS } from '../../src/sandbox/aws/index.ts';
import { regionOf } from '../../src/sandbox/aws/region.ts';
import type { Estate } from '../../src/sandbox/aws/types.ts';
import { accountIn, removeTrail } from '../fixes/estate.ts';
import { ALREADY_BROKEN, traps, undelivered } from './support.ts';

/* A trail that was created and never started, once for every region that fails. */

const { data } = DEMO_ACCOUNTS;
const { spring } = traps();

const trailsOf = (estate: Estate, account: string) =>
  accountIn(estate, account).enabledRegions.flatMap((region) => [
    ...regionOf(accountIn(estate, account), region).trails.values(),
  ]);

test('an account without a trail gets one, and it is logging, multi-region, with digests', async () => {
  const { estate, plan, writes } = await spring({
    check: 'trail/account-covered',
    target: data,
    resource: data,
    change: (shaped) => {
      removeTrail(shaped, DEMO_TRAILS.organization);
      removeTrail(shaped, DEMO_TRAILS.legacy);
    },
  });
  const operations = writes.map(({ operation }) => operation);
  expect(operations.filter((operation) => operation === 'CreateTrail')).toHaveLength(1);
  expect(operations.indexOf('StartLogging')).toBeGreaterThan(operations.indexOf('CreateTrail'));
  expect(trailsOf(estate, data)).toMatchObject([{ logging: true, multiRegion: true, validation: true }]);
  expect(plan?.class).toBe('auto-second-approver');
  expect(undelivered(estate)).toEqual(ALREADY_BROKEN);
});

test('a member that the organization’s trail covers gets none: it would be billed twice', async () => {
  const world = await spring({ check: 'trail/log-file-validation', target: data, resource: 'acme-org-trail' });
  const { findings, offers } = await world.world.scanAndPropose(data, ['trail/account-covered']);
  const covered = findings.filter(({ check }) => check === 'trail/account-covered');
  expect(covered.map(({ verdict }) => verdict)).toEqual(['pass']);
  expect(covered.some(({ id }) => offers.has(id))).toBe(false);
});
