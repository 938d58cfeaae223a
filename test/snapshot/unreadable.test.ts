import { describe, expect, test } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_BUCKETS, DEMO_READER, DEMO_TRAILS, policy } from '../../src/sandbox/aws/index.ts';
import { PART_NAMES } from '../../src/snapshot/catalogue.ts';
import type { Part } from '../../src/snapshot/types.ts';
import { called, demo } from './support.ts';

const { management, archive, web, data, staging } = DEMO_ACCOUNTS;

describe('a refusal', () => {
  test('names the IAM action and the account', async () => {
    const { take } = await demo({
      change: ({ knobs }) => knobs.denied.push({ account: archive, action: 's3:GetEncryptionConfiguration' }),
    });
    const { snapshot } = await take([web]);
    expect(snapshot['bucket.encryption'][DEMO_BUCKETS.archive]).toMatchObject({
      state: 'denied',
      action: 's3:GetEncryptionConfiguration',
      account: archive,
      scp: false,
    });
    expect(snapshot.accounts[archive]).toMatchObject({ status: 'partly' });
    expect(snapshot.accounts[web]).toMatchObject({ status: 'scanned' });
  });

  test('by a service control policy says so', async () => {
    const { take } = await demo({
      change: ({ knobs }) => knobs.denied.push({ account: web, action: 'cloudtrail:GetEventSelectors', scp: true }),
    });
    const { snapshot } = await take([web]);
    expect(snapshot['trail.selectors'][DEMO_TRAILS.web]).toMatchObject({
      state: 'denied',
      action: 'cloudtrail:GetEventSelectors',
      scp: true,
    });
  });

  test('of everything in one account leaves nothing read there, and every reason with its action', async () => {
    const services = ['account', 'cloudtrail', 'config', 'iam', 'organizations', 's3'];
    const { take } = await demo({
      change: ({ knobs }) =>
        knobs.denied.push(...services.map((service) => ({ account: data, action: `${service}:*` }))),
    });
    const { snapshot } = await take([data]);
    expect(snapshot['account.trails'][data]).toMatchObject({ state: 'denied', action: 'cloudtrail:DescribeTrails' });
    expect(snapshot['iam.fullAccess'][data]).toMatchObject({ state: 'denied', action: 'iam:ListEntitiesForPolicy' });
    const parts = PART_NAMES.flatMap((name) => Object.values<Part<unknown> | object>(snapshot[name]));
    const ofData = parts.filter((part) => 'account' in part && part.account === data);
    expect(ofData.length).toBeGreaterThan(0);
    expect(ofData.every((part) => 'action' in part && part.action !== '')).toBe(true);
  });

  test('of the buckets of their owner is no word on the bucket', async () => {
    const { take } = await demo({
      change: ({ knobs }) => knobs.denied.push({ account: archive, action: 's3:List*' }),
    });
    const { snapshot } = await take([web]);
    expect(snapshot.bucket[DEMO_BUCKETS.archive]).toMatchObject({
      state: 'denied',
      action: 's3:ListAllMyBuckets',
      account: archive,
    });
  });
});

describe('ListTrails refused', () => {
  test('falls back to DescribeTrails in every region, and finds the same', async () => {
    const { take } = await demo({
      change: ({ knobs }) => knobs.denied.push({ account: data, action: 'cloudtrail:ListTrails' }),
    });
    const { snapshot } = await take([data]);
    expect(Object.keys(snapshot.trail).sort()).toEqual([DEMO_TRAILS.organization, DEMO_TRAILS.legacy].sort());
  });

  test('is made up for by one region that shows a trail', async () => {
    const { take } = await demo({
      change({ knobs }) {
        knobs.denied.push({ account: data, action: 'cloudtrail:ListTrails' });
        knobs.denied.push({ account: data, action: 'cloudtrail:DescribeTrails', region: 'eu-west-1' });
      },
    });
    const { snapshot } = await take([data], { parts: [] });
    expect(snapshot['account.trails'][data]).toMatchObject({
      state: 'read',
      value: [{ TrailARN: DEMO_TRAILS.organization }],
    });
  });
});

describe('ListRegions refused', () => {
  test('leaves the regions that every account has, with a note', async () => {
    const { take } = await demo({
      change: ({ knobs }) => knobs.denied.push({ account: web, action: 'account:ListRegions' }),
    });
    const { snapshot, notes } = await take([web]);
    expect(snapshot['account.regions'][web]).toMatchObject({
      state: 'read',
      value: expect.arrayContaining(['eu-west-1']),
    });
    expect(notes).toEqual([expect.stringContaining(`account:ListRegions is not allowed in account ${web}`)]);
  });
});

describe('an account that cannot be entered', () => {
  test('is one clear line, and the others go on', async () => {
    const { take, estate, newCalls } = await demo({
      change: ({ accounts }) => void accounts.get(data)?.roles.delete(DEMO_READER),
    });
    const { snapshot } = await take([web, data]);
    expect(snapshot.accounts[data]).toMatchObject({ status: 'unreachable', reason: expect.any(String) });
    expect(snapshot.accounts[data]?.reason).not.toBe('');
    expect(snapshot.accounts[web]).toMatchObject({ status: 'scanned' });
    expect(snapshot['account.trails'][data]).toMatchObject({ state: 'unreachable', account: data });
    expect(newCalls().filter(({ account }) => account === data)).toEqual([]);
    const tried = estate.calls.filter(({ operation, error }) => operation === 'AssumeRole' && error !== undefined);
    expect(tried).toHaveLength(1);
  });

  test('that owns an organization trail makes the trail unreachable, naming it', async () => {
    const { take } = await demo({
      change: ({ accounts }) => void accounts.get(management)?.roles.delete(DEMO_READER),
    });
    const { snapshot } = await take([web]);
    expect(snapshot.trail[DEMO_TRAILS.organization]).toMatchObject({ state: 'unreachable', account: management });
    expect(snapshot.trail[DEMO_TRAILS.web]?.state).toBe('read');
    expect(snapshot.accounts[management]).toMatchObject({ status: 'unreachable', inScope: false });
  });
});

describe('an estate without an organization', () => {
  test('says so for certain', async () => {
    const { take, newCalls } = await demo({
      change(estate) {
        estate.organization = undefined;
      },
    });
    const { snapshot } = await take([staging]);
    expect(snapshot.organization.organization).toEqual({ state: 'absent', code: 'AWSOrganizationsNotInUseException' });
    expect(snapshot['organization.accounts'].organization?.state).toBe('absent');
    expect(called(newCalls(), 'organizations:ListAccounts')).toEqual([]);
  });
});

describe('a region closed by policy', () => {
  test('is a refusal of that region alone, and nothing is missing for it', async () => {
    const { take } = await demo({
      change: ({ accounts }) =>
        accounts.get(web)?.serviceControlPolicies.push(
          policy(
            { Effect: 'Allow', Action: '*', Resource: '*' },
            {
              Effect: 'Deny',
              Action: 'cloudtrail:*',
              Resource: '*',
              Condition: { StringEquals: { 'aws:RequestedRegion': 'sa-east-1' } },
            },
          ),
        ),
    });
    const { snapshot } = await take([web]);
    const sampled = snapshot['trail.regionalStatus'][DEMO_TRAILS.web] ?? {};
    expect(sampled['sa-east-1']).toMatchObject({ state: 'denied', scp: true });
    expect(sampled['eu-west-1']?.state).toBe('read');
    expect(snapshot.accounts[web]).toMatchObject({ status: 'scanned' });
  });
});
