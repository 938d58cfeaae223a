import type { Section } from './pack.ts';

/* Sections of the other standards in their own numbering, with titles in our words. */

export const SECURITY_HUB: readonly Section[] = [
  {
    name: 'CloudTrail',
    controls: {
      'CloudTrail.1': 'A trail in all regions records reads and writes',
      'CloudTrail.2': 'Trails are encrypted with a KMS key',
      'CloudTrail.3': 'At least one trail is on',
      'CloudTrail.4': 'Log file validation',
      'CloudTrail.5': 'Trails feed CloudWatch Logs',
      'CloudTrail.6': 'The log bucket is not public',
      'CloudTrail.7': 'The log bucket has access logging',
      'CloudTrail.9': 'Trails are tagged',
      'CloudTrail.10': 'Event data stores use a customer managed key',
    },
  },
  {
    name: 'CloudWatch',
    controls: {
      'CloudWatch.1': 'Use of the root user',
      'CloudWatch.2': 'Unauthorized API calls',
      'CloudWatch.3': 'Console sign-in without MFA',
      'CloudWatch.4': 'Changes of IAM policies',
      'CloudWatch.5': 'Changes of CloudTrail',
      'CloudWatch.6': 'Failed console sign-ins',
      'CloudWatch.7': 'Customer keys disabled or scheduled for deletion',
      'CloudWatch.8': 'Changes of bucket policies',
      'CloudWatch.9': 'Changes of AWS Config',
      'CloudWatch.10': 'Changes of security groups',
      'CloudWatch.11': 'Changes of network ACLs',
      'CloudWatch.12': 'Changes of network gateways',
      'CloudWatch.13': 'Changes of route tables',
      'CloudWatch.14': 'Changes of VPCs',
      'CloudWatch.15': 'Alarms have an action',
      'CloudWatch.16': 'Log groups are kept for a year',
      'CloudWatch.17': 'Actions of alarms are on',
    },
  },
];

/** Of the CloudTrail family, those that are in AWS Foundational Security Best Practices. */
export const FSBP: readonly Section[] = [
  {
    name: 'CloudTrail',
    controls: {
      'CloudTrail.1': 'A trail in all regions records reads and writes',
      'CloudTrail.2': 'Trails are encrypted with a KMS key',
      'CloudTrail.4': 'Log file validation',
      'CloudTrail.5': 'Trails feed CloudWatch Logs',
    },
  },
];

export const PCI_4_0: readonly Section[] = [
  {
    name: 'Requirement 10, log and monitor all access',
    controls: {
      '10.1.1': 'Policies and procedures for logging are documented',
      '10.1.2': 'Roles and responsibilities are assigned',
      '10.2.1': 'Audit logs are on for all components',
      '10.2.1.1': 'Individual access to cardholder data is logged',
      '10.2.1.2': 'Administrative actions are logged',
      '10.2.1.3': 'Access to audit logs is logged',
      '10.2.1.4': 'Invalid access attempts are logged',
      '10.2.1.5': 'Changes of credentials are logged',
      '10.2.1.6': 'Starting, stopping and pausing of audit logs is logged',
      '10.2.1.7': 'Creation and deletion of system-level objects is logged',
      '10.2.2': 'Each entry says who, what, when, where from and to what',
      '10.3.1': 'Audit logs are read only by those who need to',
      '10.3.2': 'Audit logs cannot be modified',
      '10.3.3': 'Audit logs are backed up promptly to a central place',
      '10.3.4': 'Changes of audit logs are detected',
      '10.4.1': 'Audit logs are reviewed daily',
      '10.4.1.1': 'Reviews are automated',
      '10.4.2': 'Logs of other components are reviewed periodically',
      '10.4.2.1': 'A risk analysis sets how often',
      '10.4.3': 'Anomalies found are followed up',
      '10.5.1': 'Audit logs are kept for twelve months',
      '10.6.1': 'Clocks are synchronised',
      '10.6.2': 'Time comes from known sources',
      '10.6.3': 'Time settings are protected',
      '10.7.1': 'Failures of critical controls are detected (service providers)',
      '10.7.2': 'Failures of critical controls are detected',
      '10.7.3': 'Failures of critical controls are answered',
    },
  },
];

export const NIST_800_53_R5: readonly Section[] = [
  {
    name: 'AU, audit and accountability',
    controls: {
      'AU-1': 'Policy and procedures',
      'AU-2': 'Event logging',
      'AU-3': 'Content of audit records',
      'AU-4': 'Audit log storage capacity',
      'AU-5': 'Response to logging failures',
      'AU-6': 'Review, analysis and reporting',
      'AU-7': 'Reduction and report generation',
      'AU-8': 'Time stamps',
      'AU-9': 'Protection of audit information',
      'AU-10': 'Non-repudiation',
      'AU-11': 'Audit record retention',
      'AU-12': 'Audit record generation',
      'AU-13': 'Monitoring for information disclosure',
      'AU-14': 'Session audit',
      'AU-16': 'Cross-organizational audit logging',
    },
  },
];

export const ISO_27001_2022: readonly Section[] = [
  {
    name: 'A.8, logging and monitoring',
    controls: {
      'A.8.15': 'Logging',
      'A.8.16': 'Monitoring activities',
      'A.8.17': 'Clock synchronization',
    },
  },
];

export const SOC2: readonly Section[] = [
  {
    name: 'CC7, system operations',
    controls: {
      'CC7.1': 'Changes and vulnerabilities are detected',
      'CC7.2': 'Components are monitored for anomalies',
      'CC7.3': 'Security events are evaluated',
      'CC7.4': 'Incidents are answered',
      'CC7.5': 'Recovery from incidents',
    },
  },
];

export const AWS_SSB: readonly Section[] = [
  {
    name: 'Securing the account',
    controls: {
      'ACCT.01': 'Contacts of the account are valid',
      'ACCT.02': 'The root user is restricted',
      'ACCT.03': 'Console access is set up for each person',
      'ACCT.04': 'Permissions are assigned',
      'ACCT.05': 'MFA for signing in',
      'ACCT.06': 'A password policy',
      'ACCT.07': 'CloudTrail logs go to a protected bucket',
      'ACCT.08': 'No public access to private buckets',
      'ACCT.09': 'Unused VPCs, subnets and security groups are deleted',
      'ACCT.10': 'Budgets watch spending',
      'ACCT.11': 'GuardDuty is on and answered',
      'ACCT.12': 'Trusted Advisor watches for risks',
    },
  },
];

export const WELL_ARCHITECTED: readonly Section[] = [
  {
    name: 'SEC 4, detection',
    controls: {
      'SEC04-BP01': 'Service and application logging is configured',
      'SEC04-BP02': 'Logs are captured in standard places',
      'SEC04-BP03': 'Security alerts are correlated and enriched',
      'SEC04-BP04': 'Remediation begins for resources that are not compliant',
    },
  },
];
