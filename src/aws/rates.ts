import type { Kind } from './operation.ts';

export interface Rate {
  /** Calls of one class share a quota. */
  class: string;
  perSecond: number;
}

/**
 * Calls a second in one account and region, by service and kind. CloudTrail's are AWS's quotas:
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
 * The others stay well under what AWS publishes or was seen to allow.
 */
const PER_SECOND: Readonly<Record<string, Partial<Record<Kind, number>>>> = {
  account: { read: 10 },
  cloudtrail: { read: 10, lookup: 2, write: 1 },
  cloudwatch: { read: 9, write: 3 },
  config: { read: 10, write: 1 },
  iam: { read: 15, write: 5 },
  kms: { read: 50, write: 5 },
  logs: { read: 5, write: 5 },
  oam: { read: 5 },
  organizations: { read: 10, write: 1 },
  s3: { read: 100, write: 10 },
  s3control: { read: 20, write: 5 },
  securityhub: { read: 5, write: 5 },
  sns: { read: 25, write: 5 },
  sts: { read: 50, write: 50 },
};

export function rateOf(service: string, kind: Kind): Rate {
  return { class: `${service}/${kind}`, perSecond: PER_SECOND[service]?.[kind] ?? 5 };
}
