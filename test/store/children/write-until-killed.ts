import { setHold } from '../../../src/store/holds.ts';
import { openStore } from '../../../src/store/open.ts';

/** Writes rows for ever, one transaction each, and says the number of each after its commit. */
const [dataDir = ''] = process.argv.slice(2);
const store = await openStore({ dataDir }, { now: () => new Date() });
process.stdout.write('open\n');
for (let number = 0; ; number += 1) {
  await store.transaction(async (tx) => {
    await setHold(tx, `row ${number}`, { reason: 'x'.repeat(2000), by: 'child' });
    tx.audit({ actor: 'child', action: 'wrote', subject: { kind: 'row', id: String(number) } });
    await tx.enqueue('run', { runId: String(number) });
  });
  process.stdout.write(`${number}\n`);
}
