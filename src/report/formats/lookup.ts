import type { Finding } from '../../check/finding.ts';
import type { Catalogue } from '../../posture/catalogue.ts';
import type { ScanReport } from '../../posture/report.ts';

export type JsonObject = Finding['evidence'];

/** What the formats need to know beside the report. */
export interface FormatContext {
  catalogue: Catalogue;
  /** Of this program. */
  version: string;
  /** Stands where a finding has no region but the format asks for one. */
  homeRegion: string;
}

/** Names of accounts by id. */
export function accountNames({ accounts }: ScanReport): ReadonlyMap<string, string> {
  return new Map(accounts.map(({ id, name }) => [id, name]));
}

/** The partition of the estate: a report never spans two. Keys may be told by alias, so any ARN will do. */
export function partitionOf({ findings }: ScanReport): string {
  const arn = findings.find(({ resource }) => resource.startsWith('arn:'))?.resource;
  return arn?.split(':')[1] ?? 'aws';
}

const SERVICES: { readonly [service: string]: string } = {
  cloudtrail: 'trail',
  s3: 'bucket',
  kms: 'key',
  sns: 'topic',
  logs: 'log-group',
  organizations: 'organization',
  iam: 'account',
};

/** What kind of thing the ARN of a finding names; a key told by its alias has none. */
export function kindOf({ resource }: Finding): string {
  if (!resource.startsWith('arn:')) return 'key';
  const [, , service = '', , , rest = ''] = resource.split(':');
  return service === 'cloudtrail' && rest.startsWith('eventdatastore/')
    ? 'event-data-store'
    : (SERVICES[service] ?? '');
}

/** How a failing finding is mended, in one sentence; nothing where no fix is offered. */
export function remedyOf({ fix, check, account }: Finding): string | undefined {
  const plan = `"trail-check plan ${account} --check ${check}" prints the exact calls.`;
  switch (fix) {
    case 'auto':
      return `trail-check mends this after one approval in Slack. ${plan}`;
    case 'auto-second-approver':
      return `trail-check mends this after two approvals in Slack. ${plan}`;
    case 'manual':
      return `People mend this by guided steps. "trail-check plan ${account} --check ${check}" prints them.`;
    case 'none':
      return undefined;
  }
}
