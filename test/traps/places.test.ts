import { describe, expect, test } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_TRAILS } from '../../src/sandbox/aws/index.ts';
import { trailIn } from '../fixes/estate.ts';
import { traps } from './support.ts';

/* A fix run once a region on the copies of one trail, or in a member for the trail of its organization. */

const { management, web, data } = DEMO_ACCOUNTS;
const { spring } = traps();
const check = 'trail/log-file-validation';

test('a multi-region trail is changed once, by its ARN, in its home region', async () => {
  const { writes } = await spring({
    check,
    target: data,
    resource: 'legacy-data-trail',
    change: (estate) => {
      Object.assign(trailIn(estate, DEMO_TRAILS.legacy), { multiRegion: true, validation: false, logging: true });
    },
  });
  expect(
    writes.map(({ operation, account, region, input }) => ({ operation, account, region, name: input.Name })),
  ).toEqual([{ operation: 'UpdateTrail', account: data, region: 'eu-west-1', name: DEMO_TRAILS.legacy }]);
});

describe('the trail of an organization, met while a member is scanned', () => {
  test('is changed in the account that owns it, once', async () => {
    const { writes } = await spring({ check, target: web, resource: 'acme-org-trail' });
    expect(writes.map(({ operation, account, region }) => ({ operation, account, region }))).toEqual([
      { operation: 'UpdateTrail', account: management, region: 'us-east-1' },
    ]);
  });

  test('offers the member nothing for what it inherits', async () => {
    const { world } = await spring({ check, target: data, resource: 'acme-org-trail' });
    const { findings, offers } = await world.scanAndPropose(data, ['trail/management-events', 'data-events/s3-write']);
    const inherited = findings.filter(({ account, verdict }) => account === data && verdict === 'fail');
    expect(inherited.length).toBeGreaterThan(0);
    for (const { id, fix, inheritedFrom } of inherited) {
      expect({ fix, inheritedFrom, offered: offers.has(id) }).toEqual({
        fix: 'none',
        inheritedFrom: DEMO_TRAILS.organization,
        offered: false,
      });
    }
  });
});
