import { expect, test } from 'vitest';
import { policyProblems } from '../../src/fixes/satisfiable.ts';
import {
  APPROVER,
  APPROVER2,
  APPROVERS,
  catalogue,
  GUEST,
  REQUESTER,
  testConfig,
  testDirectory,
} from '../support/fixes.ts';

const NOW = new Date('2026-11-02T09:00:00Z');
const PROD = { prod: { accounts: ['333333333333'] } };
const DAY = { from: '09:00', to: '17:00', timezone: 'UTC' };

async function problems(
  approval: object,
  file: object = {},
  change?: (directory: ReturnType<typeof testDirectory>) => void,
) {
  const config = testConfig({ environments: PROD, ...file, approval });
  const directory = testDirectory();
  change?.(directory);
  const checks = [...(await catalogue()).values()];
  const found = await policyProblems({ config, directory, checks }, NOW);
  return found.map(
    ({ level, where, what, checks: some }) => `${level}: ${where}: ${what}${some === undefined ? '' : ' (some)'}`,
  );
}

const only = (what: string) => [`problem: accounts in no environment: ${what}`, `problem: prod: ${what}`];

test('a policy with enough approvers is none', async () => {
  expect(await problems({ default: { approve: [APPROVERS], people: 2 } })).toEqual([]);
});

test.each<[string, object, string]>([
  ['whose group is unknown', { approve: ['@nobody'] }, 'nobody can approve'],
  ['whose only approver is a guest', { approve: [GUEST] }, 'nobody can approve'],
  ['whose only approver is nobody here', { approve: ['U0NOBODY000'] }, 'nobody can approve'],
  [
    'that asks for one-time codes, without a key for them',
    { approve: [APPROVERS], stepUp: 'code' },
    'one-time codes are asked for, and there is no key for them',
  ],
  ['that pins groups', { approve: [APPROVERS], pin: true }, 'nobody can approve'],
  [
    'that asks for more people than there are',
    { approve: [APPROVERS], people: 3 },
    'only 2 people can approve, and 3 are needed',
  ],
  [
    'in which only approvers may request, and none is left over',
    { approve: [APPROVERS], request: [APPROVERS], people: 2 },
    'only 1 person can approve, and 2 are needed',
  ],
  ['that lets nobody request', { approve: [APPROVERS], request: [GUEST], people: 2 }, 'nobody can approve'],
  [
    'whose emergency list names nobody',
    { approve: [APPROVERS], breakGlass: [GUEST] },
    'nobody of those who may break the glass could',
  ],
])('a policy %s is told', async (_, policy, what) => {
  expect(await problems({ default: policy })).toEqual(expect.arrayContaining(only(what)));
});

test('two accounts with one e-mail are one person', async () => {
  const found = await problems({ default: { approve: [APPROVER, APPROVER2], people: 2 } }, {}, ({ people }) => {
    people.set(APPROVER2, { id: APPROVER2, name: 'sam', email: 'alex@example.com', member: true });
  });
  expect(found).toEqual(only('only 1 person can approve, and 2 are needed'));
});

test('the requester counts where the policy says so', async () => {
  const policy = { approve: [APPROVERS], request: [APPROVERS], people: 2, requesterCounts: true };
  expect(await problems({ default: policy })).toEqual([]);
});

test('a rule is told with the checks it is about', async () => {
  const rules = [{ when: { check: 'trail/*' }, people: 4 }];
  expect(await problems({ default: { approve: [APPROVERS] }, rules })).toEqual([
    'problem: accounts in no environment: only 2 people can approve, and 4 are needed (some)',
    'problem: prod: only 2 people can approve, and 4 are needed (some)',
  ]);
});

test('windows that never meet are told, and environments that share an account but no approver', async () => {
  const environments = {
    prod: { accounts: ['333333333333'], approval: { approve: [APPROVER], windows: [DAY] } },
    staging: { accounts: ['333333333333'], approval: { approve: [APPROVER2] } },
    night: { accounts: ['444444444444'], approval: { windows: [{ ...DAY, from: '20:00', to: '21:00' }] } },
  };
  const found = await problems(
    { default: { approve: [APPROVERS] }, rules: [{ when: { environment: 'night' }, windows: [DAY] }] },
    { environments },
  );
  expect(found).toEqual(
    expect.arrayContaining([
      'problem: prod with staging: nobody can approve',
      'problem: night: its change windows have no time in common',
    ]),
  );
});

test('what works less than it seems is a note, and an environment that is only observed is left out', async () => {
  const found = await problems(
    { default: { approve: [APPROVERS, REQUESTER, GUEST] } },
    { environments: { prod: { accounts: ['333333333333'], mode: 'observe', approval: { approve: [GUEST] } } } },
  );
  expect(found).toEqual([
    `note: accounts in no environment: guest (${GUEST}) is a guest, deactivated, a bot or from elsewhere`,
  ]);
  expect(await problems({ default: { approve: [] } }, { environments: {} })).toEqual([
    'note: accounts in no environment: nobody may approve, so there are no buttons',
  ]);
});
