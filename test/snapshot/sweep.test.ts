import { expect, test } from 'vitest';
import type { Aws } from '../../src/aws/aws.ts';
import { DEMO_ACCOUNTS, DEMO_TRAILS } from '../../src/sandbox/aws/index.ts';
import { demo } from './support.ts';

const { data, web } = DEMO_ACCOUNTS;

/** The same accounts, where ListTrails answers with `change`d pages. */
function listing(aws: Aws, change: (trails: object[]) => object[]): Aws {
  return {
    ...aws,
    reader(account) {
      const session = aws.reader(account);
      return {
        ...session,
        async *pages(name, region, input) {
          for await (const page of session.pages(name, region, input)) {
            yield name === 'cloudtrail:ListTrails' && 'Trails' in page && Array.isArray(page.Trails)
              ? { ...page, Trails: change(page.Trails) }
              : page;
          }
        },
      };
    },
  };
}

test('a sweep finds nothing to say where ListTrails told of all trails', async () => {
  const { take } = await demo();
  const { differences } = await take([web, data], { sweep: true });
  expect(differences).toEqual([]);
});

test('a trail that ListTrails left out is reported, listed and read', async () => {
  const { aws, take } = await demo();
  const forgetful = listing(aws, (trails) =>
    trails.filter((trail) => !('TrailARN' in trail && trail.TrailARN === DEMO_TRAILS.legacy)),
  );
  const { snapshot, differences } = await take([data], { aws: forgetful, sweep: true });
  expect(differences).toEqual([{ account: data, trail: DEMO_TRAILS.legacy, kind: 'not-listed' }]);
  expect(snapshot['account.trails'][data]).toMatchObject({
    value: expect.arrayContaining([expect.objectContaining({ TrailARN: DEMO_TRAILS.legacy })]),
  });
  expect(snapshot.trail[DEMO_TRAILS.legacy]?.state).toBe('read');
  expect(snapshot['trail.status'][DEMO_TRAILS.legacy]?.state).toBe('read');
});

test('a trail that no region shows is reported and stays listed', async () => {
  const { aws, take } = await demo();
  const ghost = `arn:aws:cloudtrail:us-east-1:${data}:trail/ghost`;
  const seeing = listing(aws, (trails) => [...trails, { TrailARN: ghost, Name: 'ghost', HomeRegion: 'us-east-1' }]);
  const { snapshot, differences } = await take([data], { aws: seeing, sweep: true });
  expect(differences).toEqual([{ account: data, trail: ghost, kind: 'not-shown' }]);
  expect(snapshot.trail[ghost]).toEqual({ state: 'absent', code: 'TrailNotFoundException' });
});

test('a region that does not answer keeps the sweep from calling a trail not shown', async () => {
  const { take } = await demo({
    change: ({ knobs }) =>
      knobs.denied.push({ account: data, action: 'cloudtrail:DescribeTrails', region: 'eu-west-1' }),
  });
  const { differences } = await take([data], { sweep: true });
  expect(differences).toEqual([]);
});
