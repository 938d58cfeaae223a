import { describe, expect, test } from 'vitest';
import {
  hasApprovers,
  hoursOf,
  type Judged,
  peopleForUndo,
  peopleNeeded,
  policiesFor,
  policyHash,
  reasonNeeded,
  stepUpNeeded,
} from '../../src/fixes/policy.ts';
import { testConfig } from '../support/fixes.ts';

const A = 'U0AAAAAAAAA';
const B = 'U0BBBBBBBBB';
const HOUR = 3_600_000;

const AUTO: Judged = { check: 'trail/x', class: 'auto', risk: 'safe', severity: 'medium', accounts: ['1'] };

const DAY = { from: '08:00', to: '20:00', timezone: 'UTC' };
const NIGHT = { from: '20:00', to: '23:00', timezone: 'UTC' };
const WEEKEND = { ...DAY, days: ['sat', 'sun'] };
const FREEZE = { from: '2026-12-20T00:00:00Z', to: '2027-01-04T00:00:00Z', reason: 'year end' };
const PROD = { prod: { accounts: ['333333333333'] } };

function policies(file: object, judged: Partial<Judged> = {}, environments: { [account: string]: string[] } = {}) {
  return policiesFor(testConfig(file), { ...AUTO, ...judged }, (account) => environments[account] ?? []);
}

describe('the approval policy of a plan', () => {
  test.each<[string, object, Partial<Judged>, string[], object]>([
    [
      'is the default',
      {},
      {},
      [],
      {
        approve: ['@trail-approvers'],
        people: 1,
        direct: true,
        requesterCounts: false,
        expires: 24 * HOUR,
        pin: false,
        reason: false,
        remind: [HOUR, 4 * HOUR, 12 * HOUR],
        windows: [],
        freezes: [],
        stepUp: 'none',
        breakGlass: [],
      },
    ],
    [
      'proves, explains and waits as the strictest layer says',
      {
        environments: {
          prod: { accounts: ['333333333333'], approval: { stepUp: 'code', reason: true, windows: [NIGHT] } },
        },
        approval: {
          default: { approve: [A], stepUp: 'alias', windows: [DAY], reason: false, expires: '2h' },
          rules: [{ when: { check: 'trail/*' }, stepUp: 'none', windows: [WEEKEND], reason: false, expires: '7d' }],
        },
      },
      {},
      ['prod'],
      {
        stepUp: 'code',
        reason: true,
        expires: 2 * HOUR,
        windows: [[expect.objectContaining(DAY)], [expect.objectContaining(NIGHT)], [WEEKEND]],
      },
    ],
    [
      'reminds, and lets break the glass, as the most special layer says',
      {
        environments: { prod: { accounts: ['333333333333'], approval: { breakGlass: [B], remind: ['4h', '1h'] } } },
        approval: { default: { approve: [A], breakGlass: [A], remind: ['2h'] } },
      },
      {},
      ['prod'],
      { breakGlass: [B], remind: [HOUR, 4 * HOUR] },
    ],
    [
      'lets nobody break the glass where the most special layer says so',
      {
        approval: {
          default: { approve: [A], breakGlass: [A] },
          rules: [{ when: { risk: 'safe' }, breakGlass: [] }],
        },
      },
      {},
      [],
      { breakGlass: [] },
    ],
    [
      'knows the freezes of everywhere, and its own',
      {
        environments: PROD,
        approval: { default: { approve: [A] }, freezes: [FREEZE, { ...FREEZE, environment: 'prod' }] },
      },
      {},
      ['prod'],
      { freezes: [FREEZE, FREEZE] },
    ],
    [
      'and those of everywhere only, for accounts in no environment',
      {
        environments: PROD,
        approval: { default: { approve: [A] }, freezes: [FREEZE, { ...FREEZE, environment: 'prod' }] },
      },
      {},
      [],
      { freezes: [FREEZE] },
    ],
    ['asks two for a class of two', {}, { class: 'auto-second-approver' }, [], { people: 2, direct: false }],
    ['asks two for what cannot be undone', {}, { risk: 'irreversible' }, [], { people: 2 }],
    [
      'is that of the environment, over the default',
      { environments: { prod: { accounts: ['333333333333'], approval: { approve: [A], expires: '2h' } } } },
      {},
      ['prod'],
      { environment: 'prod', approve: [A], expires: 2 * HOUR },
    ],
    [
      'never asks fewer people than the default',
      { approval: { default: { approve: [A], people: 3 }, rules: [{ when: { check: 'trail/*' }, people: 1 }] } },
      {},
      [],
      { people: 3 },
    ],
    [
      'follows the rules that fit',
      {
        approval: {
          default: { approve: [A] },
          rules: [
            { when: { check: 'trail/*', severity: 'medium' }, approve: [B], people: 2, direct: false, pin: true },
          ],
        },
      },
      {},
      [],
      { approve: [B], people: 2, direct: false, pin: true },
    ],
    [
      'not the ones that do not',
      {
        approval: {
          default: { approve: [A] },
          rules: [
            { when: { check: 'bucket/*' }, people: 2 },
            { when: { environment: 'prod' }, people: 4 },
            { when: { risk: 'cost' }, people: 5 },
          ],
        },
      },
      {},
      [],
      { approve: [A], people: 1 },
    ],
  ])('%s', (_, file, judged, environments, expected) => {
    expect(policies(file, judged, { 1: environments })).toEqual([expect.objectContaining(expected)]);
  });

  test('is one for each environment that its changes touch, and the default for accounts in none', () => {
    const all = policies({}, { accounts: ['1', '2', '3'] }, { 1: ['prod'], 2: ['prod', 'staging'] });
    expect(all.map(({ environment }) => environment)).toEqual(['prod', 'staging', undefined]);
    expect(peopleNeeded(all)).toBe(1);
  });

  test('asks of all of them together what the strictest asks', () => {
    const file = {
      environments: {
        prod: { accounts: ['333333333333'], approval: { stepUp: 'alias', windows: [DAY] } },
        staging: { accounts: ['555555555555'], approval: { stepUp: 'code', reason: true, windows: [NIGHT] } },
      },
      approval: { default: { approve: [A], people: 3 }, freezes: [FREEZE] },
    };
    const all = policies(file, { accounts: ['1', '2'] }, { 1: ['prod'], 2: ['staging'] });
    expect(stepUpNeeded(all)).toBe('code');
    expect(reasonNeeded(all)).toBe(true);
    expect(hoursOf(all)).toMatchObject({ windows: [[NIGHT], [DAY]].reverse(), freezes: [FREEZE, FREEZE] });
    expect(peopleForUndo({ people: 1 }, all)).toBe(3);
    expect(peopleForUndo({ people: 4 }, all)).toBe(4);
    expect(peopleForUndo({ people: 1 }, policies({}))).toBe(2);
  });

  test('leaves nobody who could approve where one of them names nobody', () => {
    const file = {
      environments: { prod: { accounts: ['333333333333'], approval: { approve: [] } } },
      approval: { default: { approve: [A] } },
    };
    expect(hasApprovers(policies(file, { accounts: ['1', '2'] }, { 1: ['prod'] }))).toBe(false);
    expect(hasApprovers(policies(file, {}, {}))).toBe(true);
  });

  test('has a hash that changes with it', () => {
    expect(policyHash(policies({}))).toBe(policyHash(policies({})));
    expect(policyHash(policies({}, { risk: 'irreversible' }))).not.toBe(policyHash(policies({})));
  });
});
