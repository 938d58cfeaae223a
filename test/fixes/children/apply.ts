import { openStore } from '../../../src/store/open.ts';
import { connectFixes } from '../../support/fixes.ts';

/** Another process with the same store and the same AWS: carries a fix out and says how it ended. */
const [dataDir = '', endpoint = '', accessKeyId = '', secretAccessKey = '', id = '', late = '0', file = '{}'] =
  process.argv.slice(2);
const store = await openStore({ dataDir }, { now: () => new Date(Date.now() + Number(late)) });
const { fixes, aws } = await connectFixes({
  store,
  endpoint,
  file: JSON.parse(file),
  credentials: { accessKeyId, secretAccessKey },
  overrides: { owner: `child-${process.pid}` },
});
process.stdout.write('ready\n');
await fixes.apply(id);
process.stdout.write(`${(await fixes.find(id))?.state}\n`);
aws.close();
await store.close();
