/** What is called how in the demo estate. */
export const DEMO_ORGANIZATION = 'o-acmedemo01';
export const DEMO_ACCOUNTS = {
  management: '111111111111',
  archive: '222222222222',
  web: '333333333333',
  data: '444444444444',
  staging: '555555555555',
  sandbox: '666666666666',
};
export const DEMO_BUCKETS = {
  archive: 'acme-cloudtrail-logs',
  legacy: 'acme-data-legacy-trail',
  staging: 'acme-staging-trail-logs',
  stagingCopy: 'acme-staging-trail-copy',
  accessLogs: 'acme-access-logs',
  config: 'acme-config-history',
  gone: 'acme-sandbox-trail-gone',
};
/** A good key in the archive account that no trail uses yet: its policy knows nothing of CloudTrail. */
export const DEMO_ARCHIVE_KEY = `arn:aws:kms:us-east-1:${DEMO_ACCOUNTS.archive}:key/0a11ce00-2222-4222-8222-a7c417e0106a`;
export const DEMO_WEB_KEY = `arn:aws:kms:us-east-1:${DEMO_ACCOUNTS.web}:key/0a11ce00-3333-4333-8333-7ea116c4ec4a`;
export const DEMO_STAGING_KEY = `arn:aws:kms:us-east-1:${DEMO_ACCOUNTS.staging}:key/0a11ce00-5555-4555-8555-57a6176c4eca`;
export const DEMO_TRAILS = {
  organization: `arn:aws:cloudtrail:us-east-1:${DEMO_ACCOUNTS.management}:trail/acme-org-trail`,
  web: `arn:aws:cloudtrail:us-east-1:${DEMO_ACCOUNTS.web}:trail/web-alarms`,
  legacy: `arn:aws:cloudtrail:eu-west-1:${DEMO_ACCOUNTS.data}:trail/legacy-data-trail`,
  staging: `arn:aws:cloudtrail:us-east-1:${DEMO_ACCOUNTS.staging}:trail/staging-trail`,
  sandbox: `arn:aws:cloudtrail:us-east-1:${DEMO_ACCOUNTS.sandbox}:trail/sandbox-trail`,
};
export const DEMO_STORE = `arn:aws:cloudtrail:us-east-1:${DEMO_ACCOUNTS.data}:eventdatastore/0a11ce00-4444-4444-8444-da7a1a4e0001`;
export const DEMO_LOG_GROUPS = {
  web: `arn:aws:logs:us-east-1:${DEMO_ACCOUNTS.web}:log-group:cloudtrail/web-alarms`,
  staging: `arn:aws:logs:us-east-1:${DEMO_ACCOUNTS.staging}:log-group:cloudtrail/staging-trail`,
};
export const DEMO_TOPICS = {
  web: `arn:aws:sns:us-east-1:${DEMO_ACCOUNTS.web}:web-alerts`,
  staging: `arn:aws:sns:us-east-1:${DEMO_ACCOUNTS.staging}:staging-alerts`,
};

/** The id in the ARN of a key. */
export function idOf(keyArn: string): string {
  return keyArn.slice(keyArn.lastIndexOf('/') + 1);
}
