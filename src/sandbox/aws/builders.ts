export * from './builders/estate.ts';
export {
  accessKey,
  allow,
  deny,
  group,
  policy,
  role,
  serviceLinkedRole,
  trust,
  user,
} from './builders/identity.ts';
export * from './builders/monitoring.ts';
export * from './builders/trail.ts';
