/** Builders for what a key is open to beside its policy. */
import { randomBytes } from 'node:crypto';
import type { Key, KeyGrant } from '../types.ts';

/** A grant on a key: `grantee` is a principal's ARN or an AWS service (`dynamodb.us-east-1.amazonaws.com`). */
export function keyGrant(
  key: Key,
  grantee: string,
  operations: string[] = ['Decrypt'],
  wanted: Partial<Pick<KeyGrant, 'name' | 'retiring' | 'constraints'>> = {},
): KeyGrant {
  const made: KeyGrant = {
    id: randomBytes(32).toString('hex'),
    name: undefined,
    grantee,
    retiring: undefined,
    operations,
    constraints: undefined,
    createdAt: new Date('2024-03-01T09:00:00Z'),
    ...wanted,
  };
  key.grants.push(made);
  return made;
}
