/** Grants on a key: read, and taken back. They are listed only; the simulator decides by policies. */
import { neededString, stringIn } from '../../input.ts';
import { pageOf, sizeOf } from '../../paging.ts';
import { AwsError, type Key, type KeyGrant, type Output } from '../../types.ts';
import { onKey, ownerOf } from './find.ts';

export const listGrants = onKey(
  'ListGrants',
  (key, input) => {
    const id = stringIn(input, 'GrantId');
    const principal = stringIn(input, 'GranteePrincipal');
    const grants = key.grants
      .filter((grant) => id === undefined || grant.id === id)
      .filter((grant) => principal === undefined || grant.grantee === principal);
    const invalid = new AwsError('InvalidMarkerException', 'The marker is not valid.');
    const { items, next } = pageOf(grants, input.Marker, sizeOf(input.Limit, 50), invalid);
    return { Grants: items.map((grant) => described(key, grant)), Truncated: next !== undefined, NextMarker: next };
  },
  { crossAccount: true },
);

export const revokeGrant = onKey(
  'RevokeGrant',
  (key, input) => {
    const id = neededString(input, 'GrantId');
    if (!key.grants.some((grant) => grant.id === id)) {
      throw new AwsError('NotFoundException', `Grant ${id} does not exist on ${key.arn}.`);
    }
    key.grants = key.grants.filter((grant) => grant.id !== id);
  },
  { crossAccount: true },
);

function described(key: Key, grant: KeyGrant): Output {
  return {
    KeyId: key.arn,
    GrantId: grant.id,
    Name: grant.name ?? '',
    CreationDate: grant.createdAt,
    GranteePrincipal: grant.grantee,
    RetiringPrincipal: grant.retiring,
    IssuingAccount: `arn:${key.arn.split(':')[1] ?? ''}:iam::${ownerOf(key)}:root`,
    Operations: grant.operations,
    Constraints: grant.constraints,
  };
}
