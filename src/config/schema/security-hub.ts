import { memberRole } from './aws.ts';

/** `securityHub`: who imports findings into Security Hub of each account; it may do that and nothing else. */
export const securityHub = memberRole;
