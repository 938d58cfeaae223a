import type { Controls } from '../check/finding.ts';

const TITLES: { readonly [standard: string]: string } = {
  'cis_1.4': 'CIS AWS Foundations Benchmark v1.4.0',
  'cis_3.0': 'CIS AWS Foundations Benchmark v3.0.0',
  'cis_5.0': 'CIS AWS Foundations Benchmark v5.0.0',
  'cis_6.0': 'CIS AWS Foundations Benchmark v6.0.0',
  'cis_7.0': 'CIS AWS Foundations Benchmark v7.0.0',
  security_hub: 'AWS Security Hub',
  'pci_4.0': 'PCI DSS v4.0',
  nist_800_53_r5: 'NIST SP 800-53 Rev. 5',
  iso_27001_2022: 'ISO/IEC 27001:2022',
  soc2: 'SOC 2',
  aws_ssb: 'AWS Startup Security Baseline',
  aws_ftr: 'AWS Foundational Technical Review',
  aws_encryption: 'AWS encryption best practices',
  well_architected: 'AWS Well-Architected Framework',
  config_rule: 'AWS Config managed rules',
};

/** The name of a standard as its publisher writes it. */
export function standardTitle(standard: string): string {
  return TITLES[standard] ?? standard;
}

/** Every control as `CIS AWS Foundations Benchmark v5.0.0/3.1`; standards that ask for little come first. */
export function requirementsOf(controls: Controls): string[] {
  return Object.entries(controls)
    .sort(([, a], [, b]) => a.length - b.length)
    .flatMap(([standard, ids]) => ids.map((id) => `${standardTitle(standard)}/${id}`));
}
