import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Aws, createAws } from '../../src/aws/aws.ts';
import { CannotEnter } from '../../src/aws/errors.ts';
import type { Fence } from '../../src/aws/fence.ts';
import { actionsOf } from '../../src/aws/permissions.ts';
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
import { parsePolicy } from '../../src/sandbox/aws/policy-document.ts';
import type { PolicyDocument } from '../../src/sandbox/aws/types.ts';
import { trailCheck } from '../commands/cli.ts';
import { document, example } from './documents.ts';

const setup = document('setup.md');
const HUB = '999999999999';
const MEMBER = '222222222222';

/** The `trail-check iam` lines of setup.md, as words. */
const lines = [...setup.matchAll(/^\.\/trail-check (iam [^>\n]+)/gm)].map(([, line = '']) => line.trim().split(' '));

const documents = z.object({ trust: z.unknown(), permissions: z.unknown(), boundary: z.unknown() }).partial();

/** What the line that prints a role as JSON gives. */
async function rolePrinted(kind: 'reader' | 'fixer') {
  const line = lines.find((words) => words.includes(kind) && words.includes('json'));
  const { status, out, error } = await trailCheck(line ?? []);
  expect({ status, error }).toEqual({ status: 0, error: '' });
  return documents.parse(JSON.parse(out));
}

describe('the iam lines of setup.md', () => {
  it('are there, each format for each role', () => {
    const shown = lines.map(([, kind, , format]) => `${kind} ${format}`);
    expect(shown).toEqual([...formats('reader'), ...formats('fixer')]);
  });

  it.each(lines.filter((words) => !words.includes('json')).map((words) => [words.join(' '), words] as const))(
    '%s prints a template',
    async (_, words) => {
      const { status, out } = await trailCheck(words);
      expect(status).toBe(0);
      expect(out).toMatch(words.includes('terraform') ? /resource "aws_iam_role"/ : /Type: AWS::IAM::Role/);
    },
  );

  it('give the trust that setup.md shows', async () => {
    expect((await rolePrinted('fixer')).trust).toEqual(JSON.parse(example(setup, 'fixer-trust')));
  });

  function formats(kind: string): string[] {
    return ['cloudformation', 'terraform', 'json'].map((format) => `${kind} ${format}`);
  }
});

describe('roles made as setup.md says', () => {
  let running: RunningAws;
  let aws: Aws;
  let trailArn: string;
  /** The bot is a user here. */
  const parsed = (document: unknown): PolicyDocument =>
    parsePolicy(
      JSON.stringify(document).replaceAll(/arn:aws:iam::\d+:role\/trail-check\/Bot/g, `arn:aws:iam::${HUB}:user/bot`),
    );
  let printed: { reader: z.infer<typeof documents>; fixer: z.infer<typeof documents> };
  beforeAll(async () => {
    printed = { reader: await rolePrinted('reader'), fixer: await rolePrinted('fixer') };
  });

  beforeEach(async () => {
    const estate = emptyEstate();
    const hub = addAccount(estate, { id: HUB, name: 'hub' });
    const member = addAccount(estate, { id: MEMBER, name: 'member' });
    const bot = accessKey(
      estate,
      hub,
      user(hub, 'bot', { inline: { bot: parsed(JSON.parse(example(setup, 'bot-policy'))) } }),
    );
    for (const kind of ['reader', 'fixer'] as const) {
      const { trust, permissions } = printed[kind];
      role(member, `trail-check-${kind}`, { trust: parsed(trust), inline: { printed: parsed(permissions) } });
    }
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

  it('keep the fixer out of buckets that no parameter names', async () => {
    const put = { Bucket: 'logs', VersioningConfiguration: { Status: 'Enabled' } };
    const calls = [actionsOf('s3:PutBucketVersioning', put, where)];
    const session = aws.fixer(MEMBER, fence({ calls }));
    await expect(session.send('s3:PutBucketVersioning', 'us-east-1', put)).rejects.toThrow('identity-based policy');
  });

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
