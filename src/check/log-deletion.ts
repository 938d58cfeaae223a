import { nameOf, type Party, partiesOf } from './bucket-parties.ts';
import { isDenied, type PartySnapshot } from './denied-parties.ts';
import { lowerCase, matchListed } from './evaluators/policy/decide.ts';
import type { PolicyDocument, Statement } from './evaluators/policy/types.ts';

/** What deletes the bucket or loosens what protects the logs in it. */
const OF_BUCKET = [
  's3:DeleteBucket',
  's3:DeleteBucketPolicy',
  's3:PutBucketPolicy',
  's3:PutBucketAcl',
  's3:PutBucketOwnershipControls',
  's3:PutBucketPublicAccessBlock',
  's3:PutBucketVersioning',
  's3:PutBucketObjectLockConfiguration',
  's3:PutEncryptionConfiguration',
  's3:PutLifecycleConfiguration',
];
/** What deletes log files, or shortens their lock. */
const OF_FILES = [
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  's3:PutObjectRetention',
  's3:PutObjectLegalHold',
  's3:BypassGovernanceRetention',
];

export const DESTRUCTIVE: readonly string[] = [...OF_BUCKET, ...OF_FILES];

/** Somebody who may destroy logs, by which statement, and how. */
export interface Destroyer {
  party: Party;
  index: number;
  actions: string[];
}

export interface Protected {
  policy: PolicyDocument;
  bucketArn: string;
  /** Patterns of the keys of log files. */
  patterns: readonly string[];
  snapshot: PartySnapshot;
  /** Is this ARN one of those who are meant to? */
  expected: (arn: string) => boolean;
}

/**
 * Who may destroy logs by the policy, and is not stopped by a Deny. Services only do what they are made to, and who was
 * deleted, and shows as a bare id, signs no request any more.
 */
export function destroyers(asked: Protected): Destroyer[] {
  const { policy } = asked;
  return policy.statements.flatMap((statement, index) => {
    if (statement.effect !== 'Allow') return [];
    const targets = targetsOf(asked).filter(([action, resource]) => reaches(statement, action, resource, policy));
    return partiesOf(statement)
      .filter((party) => party.kind !== 'service' && !(party.kind === 'other' && /^A(ID|RO)A/.test(party.id)))
      .flatMap((party): Destroyer[] => {
        const free = targets.filter(([action, resource]) => !denied(asked, party, action, resource));
        const actions = [...new Set(free.map(([action]) => action))];
        return actions.length === 0 ? [] : [{ party, index, actions }];
      });
  });
}

/** The destructive actions from which no Deny keeps an account's own principals. */
export function undenied(asked: Protected, account: string): string[] {
  const party: Party = { kind: 'account', id: account };
  const free = targetsOf(asked).filter(([action, resource]) => !denied(asked, party, action, resource));
  return [...new Set(free.map(([action]) => action))];
}

function denied({ policy, snapshot, expected }: Protected, party: Party, action: string, resource: string): boolean {
  return isDenied(policy, party, action, resource, snapshot, expected);
}

function targetsOf({ bucketArn, patterns }: Protected): [action: string, resource: string][] {
  return [
    ...OF_BUCKET.map((action): [string, string] => [action, bucketArn]),
    ...OF_FILES.flatMap((action) => patterns.map((key): [string, string] => [action, `${bucketArn}/${key}`])),
  ];
}

function reaches({ action, resource }: Statement, asked: string, target: string, { version }: PolicyDocument): boolean {
  if (resource === undefined || matchListed(resource, target, {}, version) === 'no') return false;
  return matchListed(lowerCase(action), asked.toLowerCase(), {}, '') !== 'no';
}

/** A destroyer for people: `Cleaner lets account 1 do s3:DeleteObject`. */
export function inWords({ party, actions }: Destroyer, statement: string): string {
  const [first = '', ...more] = actions;
  return `${statement} lets ${nameOf(party)} do ${first}${more.length === 0 ? '' : ` and ${more.length} more`}`;
}
