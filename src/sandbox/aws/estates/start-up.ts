/**
 * A start-up's only account, in no organization. Somebody made a trail in the console and left everything else as it was:
 * the bucket lies in the same account, nobody watches, nothing ever expires.
 */
import { addAccount, bucket, deliveryStatements, emptyEstate, policy, trail } from '../builders.ts';
import { addHub, botRoles, type SimulatedEstate } from './access.ts';

export const START_UP_ACCOUNT = '730000000001';
export const START_UP_TRAIL = `arn:aws:cloudtrail:us-east-1:${START_UP_ACCOUNT}:trail/management-events`;
export const START_UP_BUCKET = `aws-cloudtrail-logs-${START_UP_ACCOUNT}-5f0c1d2e`;

export function startUpEstate(now?: () => Date): SimulatedEstate {
  const estate = emptyEstate(now);
  const account = addAccount(estate, { id: START_UP_ACCOUNT, name: 'start-up', alias: 'start-up' });
  trail(estate, account, { name: 'management-events', bucket: START_UP_BUCKET });
  bucket(estate, account, START_UP_BUCKET, {
    policy: policy(
      ...deliveryStatements(START_UP_BUCKET, START_UP_TRAIL, [`AWSLogs/${START_UP_ACCOUNT}/*`], '20150319'),
    ),
  });
  return {
    estate,
    hub: addHub(estate, account),
    configuration: {
      aws: botRoles('us-east-1'),
      environments: { estate: { accounts: [{ id: START_UP_ACCOUNT, name: 'start-up' }] } },
    },
  };
}
