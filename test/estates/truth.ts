/** Every check that wants an alarm on a log group, but for the one that only the management account is asked. */
export const ALARMS = [
  'alarm/bucket-policy-changes',
  'alarm/cloudtrail-changes',
  'alarm/config-changes',
  'alarm/console-login-failures',
  'alarm/console-login-without-mfa',
  'alarm/iam-policy-changes',
  'alarm/key-deletion',
  'alarm/network-acl-changes',
  'alarm/network-gateway-changes',
  'alarm/root-usage',
  'alarm/route-table-changes',
  'alarm/security-group-changes',
  'alarm/trail-tampering',
  'alarm/unauthorized-calls',
  'alarm/vpc-changes',
] as const;

/** One expectation for many checks. */
export function each(checks: readonly string[], resources: readonly string[]): { [check: string]: string[] } {
  return Object.fromEntries(checks.map((check) => [check, [...resources]]));
}
