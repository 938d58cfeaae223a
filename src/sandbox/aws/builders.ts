export * from './builders/bucket-access.ts';
export * from './builders/config.ts';
export { addAccount, addOrganization, emptyEstate } from './builders/estate.ts';
export {
  accessKey,
  allow,
  deny,
  group,
  managedPolicy,
  policy,
  role,
  serviceLinkedRole,
  trust,
  user,
} from './builders/identity.ts';
export * from './builders/keys.ts';
export * from './builders/lake.ts';
export * from './builders/monitoring.ts';
export * from './builders/organization.ts';
export * from './builders/sharing.ts';
export * from './builders/trail.ts';
