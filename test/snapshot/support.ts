import { afterEach } from 'vitest';
import { type Aws, createAws } from '../../src/aws/aws.ts';
import type { AwsConfig, Config } from '../../src/config/config.ts';
import { createLogger } from '../../src/ops/logger.ts';
import { DEMO_EXTERNAL_ID, DEMO_READER, demoEstate, type RunningAws, startAws } from '../../src/sandbox/aws/index.ts';
import type { Estate, RecordedCall } from '../../src/sandbox/aws/types.ts';
import { type Taken, type TakeOptions, takeSnapshot } from '../../src/snapshot/take.ts';

/** The wall clock: sessions that the estate hands out have to be valid for clients, which know no other. */
export const NOW = new Date();

const open: { close(): unknown }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

export type SnapshotConfig = Pick<Config, 'aws' | 'archive' | 'keys' | 'checks' | 'environments'>;

export interface TestEstate {
  aws: Aws;
  config: SnapshotConfig;
  estate: Estate;
  /** Calls that reached AWS since the last time this was asked, but those of STS. */
  newCalls(): RecordedCall[];
  take(accounts: string[], options?: Partial<TakeOptions>): Promise<Taken>;
}

/** The demo estate over the wire, read as the bot reads it. */
export async function demo({
  change,
  config = {},
}: {
  change?: (estate: Estate) => void;
  config?: Partial<SnapshotConfig> & { aws?: AwsConfig };
} = {}): Promise<TestEstate> {
  const { estate, hub } = demoEstate(() => NOW);
  change?.(estate);
  const running: RunningAws = await startAws(estate);
  const settings: SnapshotConfig = {
    aws: { region: 'us-east-1', reader: { role: DEMO_READER, externalId: DEMO_EXTERNAL_ID } },
    environments: {},
    keys: {},
    checks: {},
    ...config,
  };
  const aws = createAws({
    config: settings.aws,
    now: () => new Date(),
    logger: createLogger({ level: 'silent' }),
    env: {},
    endpoint: running.endpoint,
    credentials: () => Promise.resolve({ accessKeyId: hub.accessKeyId, secretAccessKey: hub.secretAccessKey }),
  });
  open.push(aws, running);
  let seen = 0;
  return {
    aws,
    config: settings,
    estate,
    newCalls() {
      const calls = estate.calls.slice(seen).filter(({ service }) => service !== 'sts');
      seen = estate.calls.length;
      return calls;
    },
    take: (accounts, options = {}) =>
      takeSnapshot({
        aws,
        config: settings,
        target: { name: 'test', accounts: accounts.map((id) => ({ id, name: id, environments: ['test'] })) },
        now: NOW,
        ...options,
      }),
  };
}

/** `<service>:<operation> <account>/<region>` of each call, with the resource it names. */
export function called(calls: readonly RecordedCall[], operation: string): RecordedCall[] {
  return calls.filter((call) => `${call.service}:${call.operation}` === operation);
}
