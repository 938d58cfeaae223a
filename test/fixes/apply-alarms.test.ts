import { proveAll } from './prove-all.ts';

proveAll('alarms');
