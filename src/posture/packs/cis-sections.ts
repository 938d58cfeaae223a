import type { Section } from './pack.ts';

/* Sections of the CIS AWS Foundations Benchmark in its own numbering, with titles in our words. */

const LOGGING = {
  trail: 'A trail in all regions records management events',
  validation: 'Log file validation',
  config: 'AWS Config in all regions',
  accessLogging: 'Access logging of the log bucket',
  kms: 'Logs encrypted with a KMS key',
  rotation: 'Rotation of customer managed keys',
  flowLogs: 'VPC flow logs',
  writes: 'Object writes of S3',
  reads: 'Object reads of S3',
};

const MONITORED = [
  'Unauthorized API calls',
  'Console sign-in without MFA',
  'Use of the root user',
  'Changes of IAM policies',
  'Changes of CloudTrail',
  'Failed console sign-ins',
  'Customer keys disabled or scheduled for deletion',
  'Changes of bucket policies',
  'Changes of AWS Config',
  'Changes of security groups',
  'Changes of network ACLs',
  'Changes of network gateways',
  'Changes of route tables',
  'Changes of VPCs',
  'Changes of AWS Organizations',
];

function numbered(prefix: string, titles: readonly string[]): { [control: string]: string } {
  return Object.fromEntries(titles.map((title, at) => [`${prefix}.${at + 1}`, title]));
}

const S3 = ['Buckets take requests over TLS only', 'MFA delete', 'Data in S3 is classified', 'Block Public Access'];

export const CIS_1_4: readonly Section[] = [
  { name: '2.1 Simple Storage Service', controls: numbered('2.1', ['Buckets are encrypted at rest', ...S3]) },
  {
    name: '3 Logging',
    controls: numbered('3', [
      LOGGING.trail,
      LOGGING.validation,
      'Log bucket not public',
      'CloudTrail feeds CloudWatch Logs',
      LOGGING.config,
      LOGGING.accessLogging,
      LOGGING.kms,
      LOGGING.rotation,
      LOGGING.flowLogs,
      LOGGING.writes,
      LOGGING.reads,
    ]),
  },
  { name: '4 Monitoring', controls: numbered('4', MONITORED) },
];

/** 3.0 dropped two controls of logging and renumbered the rest; 6.0 put a new section before all others. */
function since3(storage: string, logging: string, monitoring: string, more: readonly string[] = []): Section[] {
  const { trail, validation, config, accessLogging, kms, rotation, flowLogs, writes, reads } = LOGGING;
  const kept = [trail, validation, config, accessLogging, kms, rotation, flowLogs, writes, reads, ...more];
  return [
    { name: `${storage} Simple Storage Service`, controls: numbered(storage, S3) },
    { name: `${logging} Logging`, controls: numbered(logging, kept) },
    { name: `${monitoring} Monitoring`, controls: numbered(monitoring, [...MONITORED, 'Security Hub']) },
  ];
}

export const CIS_3_0: readonly Section[] = since3('2.1', '3', '4');
export const CIS_6_0: readonly Section[] = since3('3.1', '4', '5');
export const CIS_7_0: readonly Section[] = since3('3.1', '4', '5', ['Access logs of web front ends']);
