import { describe, expect, it } from 'vitest';
import { holds, stateOf } from '../../src/check/state.ts';
import type { JsonObject, PartName } from '../../src/snapshot/types.ts';
import { read } from '../support/snapshot.ts';

const TRUST =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"sts:AssumeRole"}]}';
const SAME_TRUST = `{ "Statement": { "Action": ["sts:AssumeRole"], "Effect": "Allow",
  "Principal": { "Service": ["cloudtrail.amazonaws.com"] } }, "Version": "2012-10-17" }`;
const WIDER = TRUST.replace('cloudtrail.amazonaws.com', '*');

describe('a state holds what is expected', () => {
  it.each<[string, JsonObject, JsonObject, boolean]>([
    [
      'lists in another order',
      { Grants: [{ P: 'READ' }, { P: 'WRITE' }] },
      { Grants: [{ P: 'WRITE' }, { P: 'READ' }] },
      true,
    ],
    ['a list that is longer', { Grants: [{ P: 'READ' }, { P: 'WRITE' }] }, { Grants: [{ P: 'READ' }] }, false],
    ['an empty list instead of none', { group: { on: true, types: [] } }, { group: { on: true } }, true],
    ['nothing, where something is', { inline: { p: TRUST } }, { inline: {} }, false],
    ['a policy worded otherwise', { inline: { p: SAME_TRUST } }, { inline: { p: TRUST } }, true],
    ['a policy that says more', { inline: { p: WIDER } }, { inline: { p: TRUST } }, false],
    ['a member that must be missing', { a: 1 }, { a: null }, false],
    ['a member nobody asked for', { a: 1, b: 2 }, { a: 1 }, true],
    ['false is not nothing', { a: false }, { a: null }, false],
  ])('%s', (_, state, expected, holding) => {
    expect(holds(state, expected)).toBe(holding);
  });
});

describe('the state of a part', () => {
  it.each<[PartName, unknown, JsonObject]>([
    [
      'trail.insights',
      [{ InsightType: 'ApiCallRateInsight', EventCategories: ['Management', 'Data'] }],
      { ApiCallRateInsight: ['Data', 'Management'] },
    ],
    [
      'config.recorder',
      { name: 'default', roleARN: 'r', recordingGroup: {}, recording: true, lastStatus: 'Failure', lastErrorCode: 'x' },
      { name: 'default', roleARN: 'r', recordingGroup: {}, recording: true },
    ],
    ['organization.delegatedAdministrators', { '222222222222': { Name: 'security' } }, { '222222222222': true }],
    ['account.eventDataStores', ['arn:store'], { 'arn:store': true }],
    [
      'logGroup.subscriptions',
      [{ filterName: 'f', destinationArn: 'd' }],
      { f: { filterName: 'f', destinationArn: 'd' } },
    ],
    ['key.grants', [{ GrantId: 'g', Operations: [] }], { g: { GrantId: 'g', Operations: [] } }],
  ])('%s', (name, value, state) => {
    expect(stateOf(name, read(value))).toEqual({ known: true, state });
  });
});
