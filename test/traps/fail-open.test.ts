import { expect, test } from 'vitest';
import type { TestDirectory } from '../support/fixes.ts';
import { APPROVER, REQUESTER, testDirectory, testFixes } from '../support/fixes.ts';
import { traps } from './support.ts';

/* A Slack that does not answer, taken for a yes. */

const { store } = traps();
const check = 'trail/log-file-validation';

/** A fix that waits, with a directory that can be made to fail. */
async function waiting() {
  const slack = { down: false };
  const people = testDirectory();
  const unlessDown = <T>(answer: Promise<T>) =>
    slack.down ? Promise.reject(new Error('slack answers with 500')) : answer;
  const directory: TestDirectory = {
    ...people,
    person: (id) => unlessDown(people.person(id)),
    members: (group) => unlessDown(people.members(group)),
  };
  const world = await testFixes({ store: store(), overrides: { directory } });
  const { fixFor } = await world.scanAndPropose('prod', [check]);
  const id = fixFor(check, 'acme-org-trail');
  const { revision } = await world.find(id);
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      return await work();
    } catch (error) {
      return error;
    }
  };
  return { world, slack, id, revision, attempt };
}

/** All that would make an approved fix run. */
async function writesOf({ world, id, attempt }: Awaited<ReturnType<typeof waiting>>): Promise<string[]> {
  await attempt(() => world.fixes.apply(id));
  await attempt(() => world.fixes.sweep());
  await attempt(() => world.fixes.apply(id));
  return world.newWrites().map(({ operation }) => operation);
}

test('an approval that Slack could not vouch for is none: nothing runs', async () => {
  const fix = await waiting();
  const { world, slack, id, revision, attempt } = fix;
  await world.fixes.request({ fixId: id, revision, user: REQUESTER, reason: 'test' });
  slack.down = true;
  const answered = await attempt(() => world.fixes.approve({ fixId: id, revision, user: APPROVER }));
  expect(answered).not.toMatchObject({ ok: true });
  expect((await world.find(id)).state).toBe('pending');
  expect(await writesOf(fix)).toEqual([]);
  slack.down = false;
  expect((await world.find(id)).state).toBe('pending');
  expect(await writesOf(fix)).toEqual([]);
  await world.close();
});

test('nobody answered: nothing runs, whatever happens to the message', async () => {
  const fix = await waiting();
  const { world, id, revision } = fix;
  expect(await writesOf(fix)).toEqual([]);
  await world.fixes.request({ fixId: id, revision, user: REQUESTER, reason: 'test' });
  expect(await writesOf(fix)).toEqual([]);
  await world.close();
});

test('Slack is gone between the approval and its execution: nothing runs until the approver is vouched for again', async () => {
  const fix = await waiting();
  const { world, slack, id } = fix;
  expect(await world.approve(id)).toMatchObject({ ok: true, fix: { state: 'approved' } });
  slack.down = true;
  expect(await writesOf(fix)).toEqual([]);
  expect((await world.find(id)).state).not.toBe('fixed');
  slack.down = false;
  expect(await writesOf(fix)).toEqual(['UpdateTrail']);
  await world.close();
});
