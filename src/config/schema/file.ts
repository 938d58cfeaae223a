import { z } from 'zod';
import { approval } from './approval.ts';
import { audit } from './audit.ts';
import { aws } from './aws.ts';
import { checkSettings, environmentsSchema, ownership } from './environments.ts';
import { exemptionsSchema } from './exemptions.ts';
import { schedules } from './schedules.ts';
import { securityHub } from './security-hub.ts';
import { standingSchema } from './standing.ts';
import { accountId, bucketName, channel, keyArn, regionName, text } from './values.ts';

export interface SchemaContext {
  /** Names that an environment must not have. */
  commands: readonly string[];
  now: Date;
}

/** The whole of trail-check.yaml. */
export function fileSchema({ commands, now }: SchemaContext) {
  return z.strictObject({
    environments: environmentsSchema(commands).default({}),
    aws: aws.default({}),
    /** Where the logs of the estate belong. */
    archive: z.strictObject({ bucket: bucketName, account: accountId }).exactOptional(),
    /** The key for logs, by region. */
    keys: z.record(regionName, keyArn).default({}),
    /** What watches the trail for the estate: decides which alarm checks apply. */
    monitor: z.enum(['cloudwatch', 'siem', 'eventbridge']).default('cloudwatch'),
    checks: checkSettings.default({}),
    managedBy: z.array(ownership).default([]),
    slack: z
      .strictObject({
        mode: z.enum(['socket', 'http']).default('socket'),
        port: z.int().min(0).max(65_535).default(3000),
        /** Where scheduled runs go, for environments without channels of their own. */
        channel: channel.exactOptional(),
        command: text(/^\/[a-z0-9_-]{1,31}$/, 'a slash command, such as /trail-check').default('/trail-check'),
      })
      .prefault({}),
    /** Assumed in every account for `scan --security-hub`. Absent: only the account of the default credentials. */
    securityHub: securityHub.exactOptional(),
    schedules: schedules.prefault({}),
    approval: approval.prefault({}),
    exemptions: exemptionsSchema(now),
    auto: standingSchema(now),
    audit: audit.prefault({}),
    store: z.strictObject({ dataDir: z.string().min(1).default('./data') }).prefault({}),
  });
}
