import type { Service } from '../types.ts';
import account from './account.ts';
import cloudtrail from './cloudtrail.ts';
import config from './config.ts';
import iam from './iam/index.ts';
import kms from './kms.ts';
import logs from './logs.ts';
import monitoring from './monitoring.ts';
import oam from './oam.ts';
import organizations from './organizations.ts';
import s3 from './s3.ts';
import s3Control from './s3-control.ts';
import securityhub from './securityhub.ts';
import sns from './sns.ts';
import sts from './sts.ts';

/** Found by the signing name of a request. */
export const SERVICES: Service[] = [
  account,
  cloudtrail,
  config,
  iam,
  kms,
  logs,
  monitoring,
  oam,
  organizations,
  s3,
  securityhub,
  sns,
  sts,
];

/** Signs as S3, so it is found by its path. */
export const S3_CONTROL: Service = s3Control;
