/** The simulated AWS: an estate, served over the wire protocols of AWS. */
export * from './builders.ts';
export { DEMO_ACCOUNTS, DEMO_ARCHIVE_KEY, DEMO_BUCKETS, DEMO_TRAILS, demoEstate } from './estates/demo.ts';
export { DEMO_EXTERNAL_ID, DEMO_FIXER, DEMO_HUB, DEMO_READER, demoAdministrators } from './estates/demo-access.ts';
export { demoExpectations } from './estates/demo-expectations.ts';
export { type RunningAws, startAws } from './server.ts';
