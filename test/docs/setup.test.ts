import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Aws, createAws } from '../../src/aws/aws.ts';
import { CannotEnter } from '../../src/aws/errors.ts';
import type { Fence } from '../../src/aws/fence.ts';
import { allOperations } from '../../src/aws/operations/table.ts';
import { actionNames, actionsOf } from '../../src/aws/permissions.ts';
import { READ_ONLY_POLICY } from '../../src/aws/read-only-policy.ts';
import { createLogger } from '../../src/ops/logger.ts';
import {
  accessKey,
  addAccount,
  bucket,
  emptyEstate,
  type RunningAws,
  role,
  startAws,
  trail,
  user,
} from '../../src/sandbox/aws/index.ts';
import type { PolicyDocument } from '../../src/sandbox/aws/types.ts';
import { document, example } from './documents.ts';

const setup = document('setup.md');
const HUB = '999999999999';
const MEMBER = '222222222222';

describe('the policies of setup.md', () => {
  const actions = z.object({
    Statement: z.array(
      z.object({
        Effect: z.string(),
        Action: z.union([z.string().transform((action) => [action]), z.array(z.string())]),
      }),
    ),
  });
  const allowed = (name: string) =>
    actions
      .parse(JSON.parse(example(setup, name)))
      .Statement.flatMap(({ Effect, Action }) => (Effect === 'Allow' ? Action : []));

  it('let the reader do what its session may', () => {
    expect(JSON.parse(example(setup, 'reader-policy'))).toEqual(JSON.parse(READ_ONLY_POLICY));
  });

  it('let the fixer make every change this program knows, and nothing that stops the logs', () => {
    const writes = allOperations().filter(({ operation }) => operation.kind === 'write');
    const needed = writes.flatMap(({ name }) => actionNames(name)).filter((action) => !action.startsWith('sts:'));
    expect(needed.filter((action) => !allowed('fixer-policy').includes(action))).toEqual([]);
    expect(allowed('fixer-policy').filter((action) => action.includes('*'))).toEqual([]);
    expect(allowed('fixer-policy')).not.toContain('cloudtrail:StopLogging');
  });
});

describe('roles made as setup.md says', () => {
  let running: RunningAws;
  let aws: Aws;
  let trailArn: string;
  const policyOf = (name: string): PolicyDocument =>
    JSON.parse(
      example(setup, name).replaceAll(/arn:aws:iam::\d+:role\/trail-check\/Bot/g, `arn:aws:iam::${HUB}:user/bot`),
    );

  beforeEach(async () => {
    const estate = emptyEstate();
    const hub = addAccount(estate, { id: HUB, name: 'hub' });
    const member = addAccount(estate, { id: MEMBER, name: 'member' });
    const bot = accessKey(estate, hub, user(hub, 'bot', { inline: { bot: policyOf('bot-policy') } }));
    role(member, 'trail-check-reader', {
      trust: policyOf('reader-trust'),
      inline: { reads: policyOf('reader-policy') },
    });
    role(member, 'trail-check-fixer', { trust: policyOf('fixer-trust'), inline: { writes: policyOf('fixer-policy') } });
    bucket(estate, member, 'logs');
    trailArn = trail(estate, member, { name: 'main', bucket: 'logs', logging: false }).arn;
    running = await startAws(estate);
    aws = createAws({
      config: {
        region: 'us-east-1',
        reader: { role: 'trail-check-reader', externalId: '7c1f3f0e-watch' },
        fixer: { role: 'trail-check-fixer', externalId: '7c1f3f0e-mend' },
      },
      now: () => new Date(),
      logger: createLogger({ level: 'silent' }),
      env: {},
      endpoint: running.endpoint,
      credentials: () => Promise.resolve({ accessKeyId: bot.accessKeyId, secretAccessKey: bot.secretAccessKey }),
    });
  });
  afterEach(async () => {
    aws.close();
    await running.close();
  });

  it('can be read', async () => {
    const { Trails } = await aws.reader(MEMBER).call('cloudtrail:ListTrails', 'us-east-1', {});
    expect(Trails).toMatchObject([{ TrailARN: trailArn }]);
  });

  const where = { account: MEMBER, region: 'us-east-1', partition: 'aws' };
  const fence = (change: Partial<Fence> = {}): Fence => ({
    sessionName: 'tc-0123456789',
    sourceIdentity: 'U0APPROVER',
    tags: { 'trail-check:fix': 'tc-0123456789', 'trail-check:finding': 'f1', 'trail-check:approvers': 'U0APPROVER' },
    durationSeconds: 900,
    calls: [actionsOf('cloudtrail:StartLogging', { Name: trailArn }, where)],
    ...change,
  });
  const start = (change?: Partial<Fence>) =>
    aws.fixer(MEMBER, fence(change)).send('cloudtrail:StartLogging', 'us-east-1', { Name: trailArn });

  it('can be mended by a fix that says who approved it', async () => {
    await expect(start()).resolves.toHaveProperty('$metadata.requestId');
  });

  it.each<[string, Partial<Fence>]>([
    ['without a fix id', { sessionName: 'somebody' }],
    ['without tags', { tags: {} }],
    ['without the tag of the approvers', { tags: { 'trail-check:fix': 'tc-1' } }],
  ])('cannot be mended %s', async (_, change) => {
    await expect(start(change)).rejects.toBeInstanceOf(CannotEnter);
  });
});
