/** Yearly rotation of key material, or as often as the owner says. */
import { AwsError, type Estate, type Key } from '../../types.ts';
import { numberIn } from '../members.ts';
import { onKey, ownerOf, requireState } from './find.ts';

const DAY = 86_400_000;

export const getKeyRotationStatus = onKey(
  'GetKeyRotationStatus',
  (asked, _input, { estate }) => {
    const key = primaryOf(estate, asked);
    requireRotatable(key);
    const rotates = key.manager === 'AWS' || (key.rotation && key.state !== 'PendingDeletion');
    if (!rotates) return { KeyId: asked.arn, KeyRotationEnabled: false };
    const period = key.rotationDays * DAY;
    const age = Math.floor((estate.now().getTime() - key.createdAt.getTime()) / period);
    const next = new Date(key.createdAt.getTime() + (age + 1) * period);
    return {
      KeyId: asked.arn,
      KeyRotationEnabled: true,
      RotationPeriodInDays: key.rotationDays,
      NextRotationDate: next,
    };
  },
  { crossAccount: true },
);

/** Also changes the period of a key that rotates already. */
export const enableKeyRotation = onKey('EnableKeyRotation', (key, input) => {
  const days = numberIn(input, 'RotationPeriodInDays') ?? (key.rotation ? key.rotationDays : 365);
  if (!Number.isInteger(days) || days < 90 || days > 2560) {
    throw new AwsError('ValidationException', 'RotationPeriodInDays is 90 to 2560.');
  }
  requireChangeable(key);
  key.rotation = true;
  key.rotationDays = days;
});

export const disableKeyRotation = onKey('DisableKeyRotation', (key) => {
  requireChangeable(key);
  key.rotation = false;
});

/** A replica shares material and rotation with its primary. */
function primaryOf(estate: Estate, key: Key): Key {
  if (key.primaryRegion === undefined) return key;
  return estate.accounts.get(ownerOf(key))?.regional.get(key.primaryRegion)?.keys.get(key.id) ?? key;
}

function requireChangeable(key: Key): void {
  if (key.manager === 'AWS') {
    throw new AwsError('AccessDeniedException', `${key.arn} is managed by AWS and cannot be changed.`);
  }
  requireState(key, 'Enabled');
  requireRotatable(key);
  if (key.primaryRegion !== undefined) {
    throw new AwsError('UnsupportedOperationException', `${key.arn} is a replica: its primary key rotates.`);
  }
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html */
function requireRotatable(key: Key): void {
  if (key.spec === 'SYMMETRIC_DEFAULT' && key.origin === 'AWS_KMS') return;
  throw new AwsError(
    'UnsupportedOperationException',
    `${key.arn} cannot be rotated: it is ${key.spec} of ${key.origin}.`,
  );
}
