import { describe, expect, it } from 'vitest';
import { classify } from '../../src/aws/classify.ts';
import { CannotEnter, ReadOnlyViolation } from '../../src/aws/errors.ts';
import { bucket, deny, policy, role, trail, trust } from '../../src/sandbox/aws/builders.ts';
import { ADMINISTRATOR, connect, estateWith, failureOf, HUB, MEMBER } from './support.ts';

describe('a reader session', () => {
  it('assumes the role once for callers that come at once, and records every call', async () => {
    const { aws, calls, estate, member } = await estateWith();
    bucket(estate, member, 'logs');
    trail(estate, member, { name: 'main', bucket: 'logs' });
    const mine: string[] = [];
    const reader = aws.reader(MEMBER, ({ operation }) => mine.push(operation));
    const [trails, status] = await Promise.all([
      reader.call('cloudtrail:DescribeTrails', 'us-east-1', {}),
      reader.call('cloudtrail:GetTrailStatus', 'us-east-1', { Name: 'main' }),
      reader.call('s3:GetBucketVersioning', 'us-east-1', { Bucket: 'logs', ExpectedBucketOwner: MEMBER }),
    ]);
    expect(trails.trailList?.[0]?.Name).toBe('main');
    expect(status.IsLogging).toBe(true);
    expect(calls.filter(({ operation }) => operation === 'sts:AssumeRole')).toHaveLength(1);
    expect(aws.calls()).toBe(5);
    expect(mine.sort()).toEqual([
      'cloudtrail:DescribeTrails',
      'cloudtrail:GetTrailStatus',
      's3:GetBucketVersioning',
      'sts:AssumeRole',
    ]);
    expect(calls.find(({ operation }) => operation === 'cloudtrail:GetTrailStatus')).toMatchObject({
      account: MEMBER,
      region: 'us-east-1',
      identity: 'reader',
      attempts: 1,
      requestId: expect.stringMatching(/^[\w-]{20,}$/),
    });
  });

  it.each(['cloudtrail:DeleteTrail', 's3:DeleteBucketPolicy', 'iam:AttachRolePolicy', 'sts:AssumeRole'])(
    'refuses %s before anything reaches the wire',
    async (operation) => {
      const { aws, estate } = await estateWith();
      for (const session of [aws.reader(MEMBER), aws.reader(HUB), aws.self(HUB)]) {
        expect(await failureOf(session.send(operation, 'us-east-1', {}))).toBeInstanceOf(ReadOnlyViolation);
      }
      expect(estate.calls).toEqual([]);
    },
  );

  it('knows only the operations of the table, and stopping a trail is none of them', async () => {
    const { aws } = await estateWith();
    expect(await failureOf(aws.reader(MEMBER).send('cloudtrail:StopLogging', 'us-east-1', {}))).toMatchObject({
      message: 'cloudtrail:StopLogging is not an operation of this program',
    });
  });

  it('can only read, even if the role may do everything: its session policy says so', async () => {
    const { aws, estate } = await estateWith();
    await aws.reader(MEMBER).call('cloudtrail:DescribeTrails', 'us-east-1', {});
    const session = [...estate.credentials.values()].find(({ sessionName }) => sessionName === 'trail-check');
    expect(session?.sessionPolicies).toHaveLength(1);
  });

  it('reads Block Public Access of an account, whose id stands before the host', async () => {
    const { aws, member } = await estateWith();
    member.publicAccessBlock = {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: false,
    };
    const answer = await aws.reader(MEMBER).call('s3control:GetPublicAccessBlock', 'us-east-1', { AccountId: MEMBER });
    expect(answer.PublicAccessBlockConfiguration?.RestrictPublicBuckets).toBe(false);
  });

  it('tells what is denied, by what, from what is not there', async () => {
    const { aws, estate, member } = await estateWith();
    member.serviceControlPolicies.push(policy(deny('cloudtrail:DescribeTrails')));
    estate.knobs.denied.push({ account: MEMBER, action: 's3:ListBucket' });
    const reader = aws.reader(MEMBER);
    const region = 'us-east-1';
    bucket(estate, member, 'logs');
    const kinds = await Promise.all([
      failureOf(reader.call('cloudtrail:DescribeTrails', region, {})).then((e) => classify(e)),
      failureOf(reader.call('s3:HeadBucket', region, { Bucket: 'logs' })).then((e) => classify(e, 's3:HeadBucket')),
      failureOf(reader.call('s3:GetBucketPolicy', region, { Bucket: 'logs' })).then((e) => classify(e)),
    ]);
    expect(kinds).toMatchObject([
      { kind: 'denied', action: 'cloudtrail:DescribeTrails', scp: true },
      { kind: 'denied', action: 's3:ListBucket', scp: false },
      { kind: 'absent', code: 'NoSuchBucketPolicy' },
    ]);
  });

  it('follows a bucket into its region', async () => {
    const { aws, estate, member } = await estateWith();
    bucket(estate, member, 'far', { region: 'eu-central-1', versioning: 'Enabled' });
    const answer = await aws.reader(MEMBER).call('s3:GetBucketVersioning', 'us-east-1', { Bucket: 'far' });
    expect(answer.Status).toBe('Enabled');
  });

  it('turns the pages of a list', async () => {
    const { aws, estate, member } = await estateWith();
    for (let index = 0; index < 70; index += 1) bucket(estate, member, `bucket-${index}`);
    const names: (string | undefined)[] = [];
    for await (const page of aws.reader(MEMBER).pages('s3:ListBuckets', 'us-east-1', { MaxBuckets: 30 })) {
      names.push(...(page.Buckets ?? []).map(({ Name }) => Name));
    }
    expect(new Set(names).size).toBe(70);
  });
});

describe('an account that cannot be entered', () => {
  it('is one CannotEnter that is kept until the next run', async () => {
    const { aws, calls, member } = await estateWith();
    const there = member.roles.get('Reader');
    member.roles.delete('Reader');
    const read = () => aws.reader(MEMBER).call('cloudtrail:DescribeTrails', 'us-east-1', {});
    const [error, again] = await Promise.all([failureOf(read()), failureOf(read())]);
    expect(error).toBeInstanceOf(CannotEnter);
    expect(error).toMatchObject({ account: MEMBER, role: `arn:aws:iam::${MEMBER}:role/Reader` });
    expect(again).toBe(error);
    expect(classify(error)).toMatchObject({ kind: 'unreachable', account: MEMBER });
    if (there) member.roles.set('Reader', there);
    expect(await failureOf(read())).toBe(error);
    expect(calls.filter(({ operation }) => operation === 'sts:AssumeRole')).toHaveLength(1);
    aws.forgetFailures();
    expect(await read()).toMatchObject({ trailList: [] });
  });

  it('is refused by a wrong external id', async () => {
    const { aws } = await estateWith({ reader: { role: 'Reader', externalId: 'wrong' } });
    const error = await failureOf(aws.reader(MEMBER).call('cloudtrail:DescribeTrails', 'us-east-1', {}));
    expect(error).toMatchObject({ name: 'CannotEnter', next: expect.stringContaining('external id') });
  });

  it('says so when no role is configured, and reads its own account without one', async () => {
    const { endpoint, estate } = await estateWith();
    const { aws } = connect(endpoint, {}, [...estate.credentials.values()][0]);
    expect(await aws.caller()).toEqual({ account: HUB, arn: `arn:aws:iam::${HUB}:user/bot`, partition: 'aws' });
    const read = (account: string) => aws.reader(account).call('cloudtrail:DescribeTrails', 'us-east-1', {});
    expect(await read(HUB)).toMatchObject({ trailList: [] });
    expect(await failureOf(read(MEMBER))).toMatchObject({
      reason: `no reader role is configured. Only ${HUB}, the account of the default credentials, can be read.`,
    });
  });

  it('is none if it is our own and only the role is missing there', async () => {
    const { aws, calls } = await estateWith();
    expect(await aws.reader(HUB).call('cloudtrail:DescribeTrails', 'us-east-1', {})).toMatchObject({ trailList: [] });
    expect(calls.at(-1)).toMatchObject({ operation: 'cloudtrail:DescribeTrails', identity: 'self' });
  });
});

describe('a hub role', () => {
  it('is assumed first, and only once', async () => {
    const { aws, calls, hub, member } = await estateWith({ hub: { reader: `arn:aws:iam::${HUB}:role/HubReader` } });
    role(hub, 'HubReader', { trust: trust(`arn:aws:iam::${HUB}:root`), attached: [ADMINISTRATOR] });
    const reader = member.roles.get('Reader');
    if (reader) reader.trust = trust(`arn:aws:iam::${HUB}:role/HubReader`);
    await aws.reader(MEMBER).call('cloudtrail:DescribeTrails', 'us-east-1', {});
    await aws.reader(MEMBER).call('iam:GetRole', 'eu-west-1', { RoleName: 'Reader' });
    expect(calls.map(({ operation, identity }) => `${identity} ${operation}`)).toEqual([
      'self sts:GetCallerIdentity',
      'self sts:AssumeRole',
      'hub sts:AssumeRole',
      'reader cloudtrail:DescribeTrails',
      'reader iam:GetRole',
    ]);
  });
});
