import {
  bucket,
  configDeliveryStatements,
  DEMO_ACCOUNTS,
  DEMO_READER,
  delegatedAdministrator,
  deliveryChannel,
  policy,
  recorder,
  securityHub,
} from '../../../src/sandbox/aws/index.ts';
import { regionOf } from '../../../src/sandbox/aws/region.ts';
import type { Estate } from '../../../src/sandbox/aws/types.ts';
import { accountIn } from '../estate.ts';
import type { FixCase } from '../prove.ts';

const { web, archive, management } = DEMO_ACCOUNTS;
const [US, EU] = ['us-east-1', 'eu-west-1'];
const CONFIG = 'acme-config';

/** A bucket that takes what AWS Config records in web. */
function configBucket(estate: Estate): void {
  const made = bucket(estate, accountIn(estate, archive), CONFIG, {});
  made.policy = policy(...configDeliveryStatements(made, [web]));
}

/** Everything is recorded in a region, and what takes that back. */
function recordAll(estate: Estate, region: string): () => void {
  const account = accountIn(estate, web);
  recorder(account, region);
  deliveryChannel(account, region, CONFIG);
  return () => {
    regionOf(account, region).recorders.clear();
    regionOf(account, region).deliveryChannels.clear();
  };
}

const recorderOf = (regions: string[], bucketName = CONFIG) => ({
  checks: { 'config/recorder': { regions, bucket: bucketName } },
});
const NEW = ['PutConfigurationRecorder', 'PutDeliveryChannel', 'StartConfigurationRecorder'];
const GONE = ['StopConfigurationRecorder', 'DeleteDeliveryChannel', 'DeleteConfigurationRecorder'];
const inWeb = { target: web, resource: web };

export const ACCOUNT_CASES: FixCase[] = [
  {
    ...inWeb,
    title: 'in a region without a recorder',
    check: 'config/recorder',
    file: recorderOf([US, EU]),
    change: (estate) => {
      configBucket(estate);
      deliveryChannel(accountIn(estate, web), US, CONFIG);
    },
    makes: NEW,
    takesBack: GONE,
    fails: { at: 'StartConfigurationRecorder', takesBack: GONE.slice(1) },
    drift: (estate) => recordAll(estate, EU),
  },
  {
    ...inWeb,
    title: 'in an account that never used AWS Config',
    check: 'config/recorder',
    file: recorderOf([US]),
    change: (estate) => {
      configBucket(estate);
      const account = accountIn(estate, web);
      regionOf(account, US).recorders.clear();
      account.roles.delete('AWSServiceRoleForConfig');
    },
    makes: ['CreateServiceLinkedRole', ...NEW],
    takesBack: GONE,
    drift: (estate) => {
      const putBack = recordAll(estate, US);
      return () => {
        putBack();
        accountIn(estate, web).roles.delete('AWSServiceRoleForConfig');
      };
    },
  },
  {
    ...inWeb,
    title: 'in an account whose role for AWS Config is left from before',
    check: 'config/recorder',
    file: recorderOf([US]),
    change: (estate) => {
      configBucket(estate);
      regionOf(accountIn(estate, web), US).recorders.clear();
    },
    makes: NEW,
    takesBack: GONE,
    drift: (estate) => recordAll(estate, US),
  },
  {
    ...inWeb,
    title: 'where a recorder takes some types only and is stopped',
    check: 'config/recorder',
    file: recorderOf([US]),
    change: (estate) => {
      configBucket(estate);
      deliveryChannel(accountIn(estate, web), US, CONFIG);
      recorder(accountIn(estate, web), US, {
        recording: false,
        recordingGroup: {
          allSupported: false,
          includeGlobalResourceTypes: false,
          resourceTypes: ['AWS::S3::Bucket'],
          exclusionByResourceTypes: { resourceTypes: [] },
          recordingStrategy: { useOnly: 'INCLUSION_BY_RESOURCE_TYPES' },
        },
        recordingMode: { recordingFrequency: 'DAILY', recordingModeOverrides: [] },
      });
    },
    makes: ['PutConfigurationRecorder', 'StartConfigurationRecorder'],
    takesBack: ['StopConfigurationRecorder', 'PutConfigurationRecorder'],
    drift: (estate) => {
      const [only] = regionOf(accountIn(estate, web), US).recorders.values();
      if (only === undefined) throw new Error('the recorder is there');
      only.recordingGroup = { ...Object(only.recordingGroup), resourceTypes: ['AWS::S3::Bucket', 'AWS::KMS::Key'] };
      return undefined;
    },
  },
  {
    ...inWeb,
    check: 'config/security-hub',
    change: (estate) => {
      const reader = accountIn(estate, web).roles.get(DEMO_READER);
      reader?.attached.add('arn:aws:iam::aws:policy/SecurityAudit');
    },
    makes: ['EnableSecurityHub'],
    takesBack: ['DisableSecurityHub'],
    drift: (estate) => {
      const account = accountIn(estate, web);
      securityHub(estate, account, US);
      return () => {
        regionOf(account, US).hub = undefined;
      };
    },
  },
  {
    check: 'organization/delegated-admin',
    target: management,
    resource: 'organization/',
    file: { checks: { 'organization/delegated-admin': { expected_accounts: [archive] } } },
    makes: ['RegisterOrganizationDelegatedAdmin'],
    takesBack: ['DeregisterOrganizationDelegatedAdmin'],
    drift: (estate) => {
      delegatedAdministrator(estate, accountIn(estate, archive));
      return () => estate.organization?.delegatedAdministrators.clear();
    },
  },
];
