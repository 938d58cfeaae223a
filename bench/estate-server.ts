import { parseArgs } from 'node:util';
import { demoEstate, startAws } from '../src/sandbox/aws/index.ts';
import { addMembers } from './estate.ts';

/*
 * The simulated AWS of the benchmarks as a program of its own, so that it does not share a thread with what is measured:
 * the demo estate, with further members up to `--accounts`. AWS's own quotas are in force.
 * Prints one line of JSON when it is ready and ends with the process that started it.
 */
const { values } = parseArgs({
  options: { accounts: { type: 'string', default: '6' }, latency: { type: 'string', default: '40' } },
});
const { estate, hub } = demoEstate();
addMembers(estate, Number(values.accounts));
estate.knobs.latencyMs = Number(values.latency);
estate.knobs.throttling = true;
const { endpoint } = await startAws(estate);
process.stdin.on('end', () => process.exit(0)).resume();
process.on('SIGTERM', () => process.exit(0));
const { accessKeyId, secretAccessKey } = hub;
process.stdout.write(`${JSON.stringify({ endpoint, hub: { accessKeyId, secretAccessKey } })}\n`);
