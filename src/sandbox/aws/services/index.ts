import type { Service } from '../types.ts';
import account from './account.ts';
import config from './config.ts';
import iam from './iam/index.ts';
import organizations from './organizations.ts';
import sts from './sts.ts';

/** Found by the signing name of a request. */
export const SERVICES: Service[] = [account, config, iam, organizations, sts];

export const S3_CONTROL: Service | undefined = undefined;
