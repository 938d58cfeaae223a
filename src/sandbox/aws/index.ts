export * from './builders.ts';
export { type RunningAws, startAws } from './server.ts';
