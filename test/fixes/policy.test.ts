import { describe, expect, test } from 'vitest';
import { hasApprovers, type Judged, peopleNeeded, policiesFor, policyHash } from '../../src/fixes/policy.ts';
import { testConfig } from '../support/fixes.ts';

const A = 'U0AAAAAAAAA';
const B = 'U0BBBBBBBBB';
const HOUR = 3_600_000;

const AUTO: Judged = { check: 'trail/x', class: 'auto', risk: 'safe', severity: 'medium', accounts: ['1'] };

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
      },
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
