import type { Change } from '../plan.ts';

export interface Place {
  partition: string;
  account: string;
  region: string;
}

/** A new log group with a retention. It has no way back: what it holds by then stays. */
export function createLogGroup(
  { partition, account, region }: Place,
  logGroupName: string,
  retentionInDays: number,
): { arn: string; changes: Change[] } {
  const arn = `arn:${partition}:logs:${region}:${account}:log-group:${logGroupName}`;
  const call = { account, region, resource: arn, target: `logGroup:${arn}` } as const;
  return {
    arn,
    changes: [
      {
        ...call,
        operation: 'logs:CreateLogGroup',
        input: { logGroupName },
        summary: `Create the log group ${logGroupName}.`,
        expect: null,
        result: { logGroupName },
      },
      {
        ...call,
        operation: 'logs:PutRetentionPolicy',
        input: { logGroupName, retentionInDays },
        summary: `Keep its events for ${retentionInDays} days.`,
        expect: { retentionInDays: null },
        result: { retentionInDays },
      },
    ],
  };
}
