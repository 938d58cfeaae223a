import { afterEach, expect, it, vi } from 'vitest';
import { createAws } from '../../src/aws/aws.ts';
import { classify } from '../../src/aws/classify.ts';
import { createLogger } from '../../src/ops/logger.ts';
import { connect, estateWith, failureOf, MEMBER, serve } from './support.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('tries again when a server is busy or a connection breaks, and records the attempts', async () => {
  const { aws, calls, estate } = await estateWith();
  estate.knobs.faults.push({ service: 'cloudtrail', kind: 'http503', remaining: 1 });
  estate.knobs.faults.push({ service: 'cloudtrail', kind: 'drop', remaining: 1 });
  await aws.reader(MEMBER).call('cloudtrail:DescribeTrails', 'us-east-1', {});
  expect(calls.at(-1)).toMatchObject({ operation: 'cloudtrail:DescribeTrails', attempts: 3 });
});

it('stays below the quotas of AWS', async () => {
  const { aws, estate, calls } = await estateWith();
  estate.knobs.throttling = true;
  const reader = aws.reader(MEMBER);
  await Promise.all(Array.from({ length: 16 }, () => reader.call('cloudtrail:DescribeTrails', 'us-east-1', {})));
  expect(estate.calls.filter(({ error }) => error !== undefined)).toEqual([]);
  expect(calls.every(({ attempts }) => attempts === 1)).toBe(true);
});

it('does not take a full resource for throttling', async () => {
  let requests = 0;
  const endpoint = await serve((_, response) => {
    requests += 1;
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ __type: 'LimitExceededException', message: 'too many filters' }));
  });
  const { aws, calls } = connect(endpoint);
  const error = await failureOf(aws.self('111111111111').call('logs:DescribeLogGroups', 'us-east-1', {}));
  expect(classify(error)).toMatchObject({ kind: 'error', code: 'LimitExceeded', message: 'too many filters' });
  expect(calls[0]).toMatchObject({ error: 'LimitExceeded' });
  expect(requests).toBe(1);
});

it('stops at a page token that does not move', async () => {
  const endpoint = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ Trails: [], NextToken: 'again' }));
  });
  const { aws } = connect(endpoint);
  const pages = aws.self('111111111111').pages('cloudtrail:ListTrails', 'us-east-1', {});
  const turnAll = async () => {
    let turned = 0;
    for await (const _ of pages) turned += 1;
    return turned;
  };
  expect(await failureOf(turnAll())).toMatchObject({
    message: 'cloudtrail:ListTrails gave the same page token twice',
  });
});

it('says what to do when there are no usable credentials', async () => {
  const { endpoint } = await estateWith();
  const { aws } = connect(endpoint, {}, { accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'x' });
  expect(await failureOf(aws.caller())).toMatchObject({
    message: 'The AWS credentials of this process cannot be used',
    next: expect.stringContaining('environment, profile'),
  });
});

it('finds any endpoint that the environment names, for every service', async () => {
  const { endpoint, estate } = await estateWith();
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  const [bot] = estate.credentials.values();
  vi.stubEnv('AWS_ACCESS_KEY_ID', bot?.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', bot?.secretAccessKey);
  const aws = createAws({
    config: { region: 'eu-central-1', reader: { role: 'Reader', externalId: 'secret-id' } },
    now: () => new Date(),
    logger: createLogger({ level: 'silent' }),
    env: process.env,
  });
  const reader = aws.reader(MEMBER);
  const region = 'eu-central-1';
  const failures = await Promise.all([
    reader.call('s3:GetBucketPolicy', region, { Bucket: 'none' }).catch((error) => classify(error)),
    reader.call('s3control:GetPublicAccessBlock', region, { AccountId: MEMBER }).catch((error) => classify(error)),
    reader.call('organizations:DescribeOrganization', region, {}),
    reader.call('account:ListRegions', region, { MaxResults: 1 }),
  ]);
  aws.close();
  expect(failures).toMatchObject([
    { kind: 'absent', code: 'NoSuchBucket' },
    { kind: 'absent', code: 'NoSuchPublicAccessBlockConfiguration' },
    { Organization: { MasterAccountId: '111111111111' } },
    { Regions: [{}] },
  ]);
});
