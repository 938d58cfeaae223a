import { DEMO_ACCOUNTS, DEMO_TRAILS } from '../../../src/sandbox/aws/index.ts';
import type { Estate, Key } from '../../../src/sandbox/aws/types.ts';
import { addStatement, keyIn, trailIn } from '../estate.ts';
import type { FixCase } from '../prove.ts';

const { web } = DEMO_ACCOUNTS;

/** The key of web's trail. */
function webKey(estate: Estate): Key {
  return keyIn(estate, trailIn(estate, DEMO_TRAILS.web).kmsKeyId ?? '');
}

export const KEY_CASES: FixCase[] = [
  {
    check: 'key/rotation',
    target: web,
    resource: ':key/',
    change: (estate) => {
      webKey(estate).rotation = false;
    },
    makes: ['EnableKeyRotation'],
    takesBack: ['DisableKeyRotation'],
    drift: (estate) => {
      webKey(estate).rotation = true;
      return () => {
        webKey(estate).rotation = false;
      };
    },
  },
  {
    check: 'key/confused-deputy',
    target: web,
    resource: ':key/',
    change: (estate) => {
      // What encrypts stays tied to the account by its encryption context, but to no trail.
      for (const { Action, Condition } of webKey(estate).policy.Statement) {
        if (String(Action).startsWith('kms:GenerateDataKey')) delete Condition?.StringEquals;
      }
    },
    makes: ['PutKeyPolicy'],
    takesBack: ['PutKeyPolicy'],
    drift: (estate) => {
      addStatement(webKey(estate).policy, { Effect: 'Allow', Action: 'kms:DescribeKey' });
      return undefined;
    },
  },
];
