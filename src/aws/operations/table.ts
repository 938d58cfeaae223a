import type { Operation, Service } from '../operation.ts';
import { account } from './account.ts';
import { cloudtrail } from './cloudtrail.ts';
import { cloudwatch } from './cloudwatch.ts';
import { config } from './config.ts';
import { iam } from './iam.ts';
import { kms } from './kms.ts';
import { logs } from './logs.ts';
import { oam } from './oam.ts';
import { organizations } from './organizations.ts';
import { s3 } from './s3.ts';
import { s3control } from './s3control.ts';
import { securityhub } from './securityhub.ts';
import { sns } from './sns.ts';
import { sts } from './sts.ts';

const SERVICES = {
  account,
  cloudtrail,
  cloudwatch,
  config,
  iam,
  kms,
  logs,
  oam,
  organizations,
  s3,
  s3control,
  securityhub,
  sns,
  sts,
} satisfies Record<string, Service>;

type Services = typeof SERVICES;

/** `cloudtrail:DescribeTrails`: every operation that this program can make. There is no other way to AWS. */
export type OperationName = {
  [S in keyof Services]: `${S}:${keyof Services[S]['operations'] & string}`;
}[keyof Services];

type SpecOf<Name extends OperationName> = Name extends `${infer S extends keyof Services}:${infer N}`
  ? N extends keyof Services[S]['operations']
    ? Services[S]['operations'][N]
    : never
  : never;

export type InputOf<Name extends OperationName> =
  SpecOf<Name> extends Operation<infer Input, infer _Output> ? Input : never;
export type OutputOf<Name extends OperationName> =
  SpecOf<Name> extends Operation<infer _Input, infer Output> ? Output : never;

export interface Entry {
  name: OperationName;
  serviceName: string;
  service: Service;
  operation: Operation;
}

const TABLE: ReadonlyMap<string, Entry> = new Map(
  Object.entries<Service>(SERVICES).flatMap(([serviceName, service]) =>
    Object.entries(service.operations).map(([short, operation]) => {
      // Built from the same object as the type, which `Object.entries` widens to string.
      const name = `${serviceName}:${short}` as OperationName;
      return [name, { name, serviceName, service, operation }] as const;
    }),
  ),
);

/** The operation by its name, or undefined if this program does not know it. */
export function findOperation(name: string): Entry | undefined {
  return TABLE.get(name);
}

export function isOperation(name: string): name is OperationName {
  return TABLE.has(name);
}

/** All operations, by service and name. */
export function allOperations(): Entry[] {
  return [...TABLE.values()];
}
