import type { Estate } from './types.ts';

/** An ARN of the estate's partition. */
export function arn(estate: Estate, service: string, region: string, account: string, resource: string): string {
  return `arn:${estate.partition}:${service}:${region}:${account}:${resource}`;
}

/** The account id inside an ARN; empty where the ARN names none (S3). */
export function accountOf(resource: string): string {
  return resource.split(':')[4] ?? '';
}
