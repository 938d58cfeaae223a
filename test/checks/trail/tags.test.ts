import { describe, expect, it } from 'vitest';
import check from '../../../checks/trail/tags.ts';
import { bucket, DEMO_ACCOUNTS, trail } from '../../../src/sandbox/aws/index.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import { called, demo } from '../../snapshot/support.ts';
import { ACCOUNT, absent, denied, MANAGEMENT, TRAIL_ARN } from '../../support/snapshot.ts';
import { findingOf, findingsOf, fixOf, onlyChange, planOf } from '../bucket/support.ts';
import { accountWith, memberUnder, memberUnderUnknown, ORGANIZATION_TRAIL } from './support.ts';

const tagged = (tags: { [key: string]: string }) => accountWith({ tags });
const required: JsonObject = { required_keys: ['owner', 'env'] };
const settings: JsonObject = { ...required, default_tags: { owner: 'security', env: 'prod', spare: 'x' } };

const cases: [string, () => Snapshot, JsonObject, string, JsonObject?][] = [
  ['a tag of its own, nothing required', () => tagged({ team: 'web' }), {}, 'pass'],
  ['no tag at all, nothing required', () => tagged({}), {}, 'fail', { fix: 'manual' }],
  ['every required key', () => tagged({ owner: 'a', env: 'b', more: 'c' }), required, 'pass'],
  [
    'a required key is missing',
    () => tagged({ owner: 'a' }),
    settings,
    'fail',
    { fix: 'auto', evidence: { missing: ['env'] } },
  ],
  ['no value is declared for it', () => tagged({ owner: 'a' }), required, 'fail', { fix: 'manual' }],
  ['Tags that begin with aws: do not count', () => tagged({ 'aws:cloudformation:stack-name': 'x' }), {}, 'fail'],
  ['Key present with an empty value: pass', () => tagged({ owner: '', env: '' }), required, 'pass'],
  [
    'Key in another case: fail, keys are case-sensitive',
    () => tagged({ Owner: 'a', env: 'b' }),
    settings,
    'fail',
    { evidence: { missing: ['owner'] } },
  ],
  [
    'AccessDenied on ListTags: unknown, naming cloudtrail:ListTags',
    () => accountWith({ tags: denied('cloudtrail:ListTags', ACCOUNT) }),
    {},
    'unknown',
    { missingPermission: 'cloudtrail:ListTags' },
  ],
  ['deleted meanwhile', () => accountWith({ tags: absent('TrailNotFoundException') }), {}, 'not-applicable'],
  [
    'owner of an organization trail cannot be read',
    () => memberUnderUnknown(),
    {},
    'unknown',
    { reason: expect.stringContaining(MANAGEMENT) },
  ],
];

describe('trail/tags', () => {
  it.each(cases)('%s', (_name, snapshot, given, verdict, more = {}) => {
    expect(findingOf(check, snapshot(), { settings: given })).toMatchObject({ verdict, ...more });
  });

  it('Shadow copy in another region: no finding of its own; the trail is judged once, under its ARN and home region', () => {
    expect(findingsOf(check, tagged({}))).toMatchObject([{ resource: TRAIL_ARN, region: 'us-east-1' }]);
  });

  it('Organization trail seen from a member: verdict inherited from the owner, with the trail ARN as evidence; no fix offered in the member', () => {
    expect(findingsOf(check, memberUnder({ tags: {} }))).toMatchObject([
      { verdict: 'fail', account: MANAGEMENT, resource: ORGANIZATION_TRAIL },
    ]);
  });

  it('Up to 20 ARNs per ListTags call, one call per home region', async () => {
    const { take, newCalls } = await demo({
      change: (estate) => {
        const staging = estate.accounts.get(DEMO_ACCOUNTS.staging);
        if (staging === undefined) throw new Error('the demo has no staging');
        bucket(estate, staging, 'many');
        for (let at = 0; at < 24; at += 1) {
          const homeRegion = at < 21 ? 'us-west-2' : 'eu-west-1';
          trail(estate, staging, {
            name: `t${at}`,
            bucket: 'many',
            multiRegion: false,
            homeRegion,
            tags: { at: `${at}` },
          });
        }
      },
    });
    const { snapshot } = await take([DEMO_ACCOUNTS.staging], { parts: ['trail.tags'] });
    const calls = newCalls();
    const sizes = (region: string) =>
      called(calls, 'cloudtrail:ListTags')
        .filter((call) => call.region === region && call.account === DEMO_ACCOUNTS.staging)
        .map(({ input }) => (Array.isArray(input.ResourceIdList) ? input.ResourceIdList.length : 0));
    expect(sizes('us-west-2').sort((a, b) => a - b)).toEqual([1, 20]);
    expect(sizes('eu-west-1')).toEqual([3]);
    expect(snapshot['trail.tags'][`arn:aws:cloudtrail:us-west-2:${DEMO_ACCOUNTS.staging}:trail/t20`]).toEqual({
      state: 'read',
      value: { at: '20' },
    });
  });
});

describe('plan of trail/tags', () => {
  it('adds the missing keys alone and takes just these away again', () => {
    const plan = planOf(check, tagged({ owner: 'somebody', Env: 'x' }), { settings });
    const call = { account: ACCOUNT, region: 'us-east-1', resource: TRAIL_ARN };
    expect(onlyChange(plan)).toMatchObject({
      ...call,
      operation: 'cloudtrail:AddTags',
      input: { ResourceId: TRAIL_ARN, TagsList: [{ Key: 'env', Value: 'prod' }] },
      target: `trail.tags:${TRAIL_ARN}`,
      expect: { env: null },
      result: { env: 'prod' },
      undo: {
        ...call,
        operation: 'cloudtrail:RemoveTags',
        input: { ResourceId: TRAIL_ARN, TagsList: [{ Key: 'env' }] },
        automatic: true,
      },
    });
    expect(plan).toMatchObject({ class: 'auto', risk: 'safe', reversible: 'yes' });
  });

  it('adds the declared tags where no key is required', () => {
    const plan = planOf(check, tagged({}), { settings: { default_tags: { owner: 'security' } } });
    expect(onlyChange(plan).result).toEqual({ owner: 'security' });
  });

  const full = Object.fromEntries(Array.from({ length: 49 }, (_, at) => [`k${at}`, '']));
  it.each<[string, { [key: string]: string }, JsonObject, string]>([
    ['nothing is declared', {}, {}, 'required_keys'],
    ['a key has no declared value', { owner: 'a' }, required, 'env'],
    ['the key is one of AWS', {}, { required_keys: ['aws:x'], default_tags: { 'aws:x': '1' } }, 'Only AWS'],
    ['the trail would have more than 50 tags', full, settings, '50 tags'],
  ])('is guided where %s', (_name, tags, given, text) => {
    const proposal = fixOf(check, tagged(tags), { settings: given });
    expect(proposal).toMatchObject({ kind: 'manual', steps: expect.arrayContaining([expect.anything()]) });
    expect(JSON.stringify(proposal)).toContain(text);
    expect(JSON.stringify(proposal)).toContain(`--resource-id ${TRAIL_ARN}`);
  });
});
