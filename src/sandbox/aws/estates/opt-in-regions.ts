/**
 * An account that opted into Cape Town and Bahrain and into no other region. Its multi-region trail covers both, Config
 * records in both, and Cape Town has a second trail that somebody made there. Regions that were never opted into have
 * nothing and miss nothing.
 */
import {
  addAccount,
  bucket,
  configDeliveryStatements,
  deliveryChannel,
  deliveryStatements,
  emptyEstate,
  enableRegion,
  policy,
  recorder,
  securityHub,
  trail,
} from '../builders.ts';
import { addHub, botRoles, type SimulatedEstate } from './access.ts';

export const OPT_IN_ACCOUNT = '750000000001';
export const OPTED_IN = ['af-south-1', 'me-south-1'];
export const OPT_IN_TRAIL = `arn:aws:cloudtrail:us-east-1:${OPT_IN_ACCOUNT}:trail/everywhere`;
export const CAPE_TOWN_TRAIL = `arn:aws:cloudtrail:af-south-1:${OPT_IN_ACCOUNT}:trail/cape-town`;
const BUCKET = 'everywhere-logs';
const CAPE_TOWN_BUCKET = 'cape-town-logs';

export function optInEstate(now?: () => Date): SimulatedEstate {
  const estate = emptyEstate(now);
  const account = addAccount(estate, { id: OPT_IN_ACCOUNT, name: 'everywhere' });
  for (const region of OPTED_IN) enableRegion(account, region);
  trail(estate, account, { name: 'everywhere', bucket: BUCKET });
  const logs = bucket(estate, account, BUCKET);
  logs.policy = policy(
    ...deliveryStatements(BUCKET, OPT_IN_TRAIL, [`AWSLogs/${OPT_IN_ACCOUNT}/*`]),
    ...configDeliveryStatements(logs, [OPT_IN_ACCOUNT]),
  );
  trail(estate, account, {
    name: 'cape-town',
    homeRegion: 'af-south-1',
    bucket: CAPE_TOWN_BUCKET,
    multiRegion: false,
    globalEvents: false,
  });
  bucket(estate, account, CAPE_TOWN_BUCKET, {
    region: 'af-south-1',
    policy: policy(...deliveryStatements(CAPE_TOWN_BUCKET, CAPE_TOWN_TRAIL, [`AWSLogs/${OPT_IN_ACCOUNT}/*`])),
  });
  for (const region of account.enabledRegions) {
    recorder(account, region);
    deliveryChannel(account, region, BUCKET);
    securityHub(estate, account, region);
  }
  return {
    estate,
    hub: addHub(estate, account),
    configuration: {
      aws: botRoles('us-east-1'),
      environments: { estate: { accounts: [OPT_IN_ACCOUNT] } },
    },
  };
}
