import { suggest } from '../../config/suggest.ts';
import { CIS_1_4, CIS_3_0, CIS_6_0, CIS_7_0 } from './cis-sections.ts';
import {
  AWS_SSB,
  FSBP,
  ISO_27001_2022,
  NIST_800_53_R5,
  PCI_4_0,
  SECURITY_HUB,
  SOC2,
  WELL_ARCHITECTED,
} from './other-sections.ts';
import type { Pack, Section } from './pack.ts';

/** CIS audits MFA delete itself: Object Lock does not stand in for it there (decision on bucket/mfa-delete). */
function cis(version: string, sections: readonly Section[]): Pack {
  const title = `CIS AWS Foundations Benchmark ${version}.0`;
  return { id: `cis-${version}`, title, standard: `cis_${version}`, sections, substitutes: false };
}

function standard(id: string, title: string, key: string, sections: readonly Section[] = []): Pack {
  return { id, title, standard: key, sections, substitutes: true };
}

/** Controls of AWS Foundational Security Best Practices that the catalogue touches. */
const IN_FSBP = `CloudTrail.1 CloudTrail.2 CloudTrail.4 CloudTrail.5 Config.1 KMS.3 KMS.5 S3.1 S3.2 S3.3 S3.5 S3.6 S3.8
  S3.9 S3.12 S3.13 SNS.1 SNS.4`;
/** Rules of the conformance pack "Security Best Practices for CloudTrail". */
const CONFORMANCE_PACK = `cloudtrail-enabled multi-region-cloudtrail-enabled cloudtrail-security-trail-enabled
  cloud-trail-encryption-enabled cloud-trail-log-file-validation-enabled cloud-trail-cloud-watch-logs-enabled
  cloudtrail-s3-dataevents-enabled`;

/** Every pack, by id. */
export const PACKS: ReadonlyMap<string, Pack> = new Map(
  [
    cis('1.4', CIS_1_4),
    cis('3.0', CIS_3_0),
    cis('5.0', CIS_3_0),
    cis('6.0', CIS_6_0),
    cis('7.0', CIS_7_0),
    {
      ...standard('fsbp', 'AWS Foundational Security Best Practices', 'security_hub', FSBP),
      only: IN_FSBP.split(/\s+/),
    },
    standard('security-hub', 'Security Hub controls', 'security_hub', SECURITY_HUB),
    standard('pci-4.0', 'PCI DSS 4.0', 'pci_4.0', PCI_4_0),
    standard('nist-800-53-r5', 'NIST SP 800-53 revision 5', 'nist_800_53_r5', NIST_800_53_R5),
    standard('iso-27001-2022', 'ISO/IEC 27001:2022', 'iso_27001_2022', ISO_27001_2022),
    standard('soc2', 'SOC 2', 'soc2', SOC2),
    standard('aws-ssb', 'AWS Startup Security Baseline', 'aws_ssb', AWS_SSB),
    standard('aws-ftr', 'AWS Foundational Technical Review', 'aws_ftr'),
    standard('encryption', 'AWS encryption best practices', 'aws_encryption'),
    standard('well-architected', 'AWS Well-Architected Framework', 'well_architected', WELL_ARCHITECTED),
    {
      ...standard('config-cloudtrail', 'AWS Config conformance pack for CloudTrail', 'config_rule'),
      only: CONFORMANCE_PACK.split(/\s+/),
    },
    seed('seed-aws', 'Security best practices in AWS CloudTrail', 'aws'),
    seed('seed-resmo', 'Best practices of the Resmo article on CloudTrail', 'resmo'),
  ].map((pack) => [pack.id, pack]),
);

function seed(id: string, title: string, document: 'aws' | 'resmo'): Pack {
  return { id, title, seed: document, sections: [], substitutes: true };
}

/** The pack of that name, or a sentence with what was probably meant. */
export function findPack(id: string): Pack | { problem: string } {
  const pack = PACKS.get(id);
  if (pack !== undefined) return pack;
  const near = suggest(id, [...PACKS.keys()]);
  const hint = near === undefined ? `Packs are: ${[...PACKS.keys()].join(', ')}.` : `Did you mean ${near}?`;
  return { problem: `There is no pack "${id}". ${hint}` };
}
