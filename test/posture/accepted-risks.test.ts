import { describe, expect, it, test } from 'vitest';
import type { Finding } from '../../src/check/finding.ts';
import { applyAcceptedRisks } from '../../src/posture/accepted-risks/apply.ts';
import { fingerprintOf, worseThan } from '../../src/posture/accepted-risks/fingerprint.ts';
import { asleepOf } from '../../src/posture/accepted-risks/snoozed.ts';
import { applyExemptions } from '../../src/posture/exemptions.ts';
import { scoreOf } from '../../src/posture/score.ts';
import { risk } from '../slack/blocks/risks.ts';
import { finding } from '../slack/blocks/support.ts';

const TODAY = '2026-11-20T09:00:00.000Z';

describe('the fingerprint of evidence', () => {
  const base: Finding['evidence'] = {
    IsLogging: false,
    StopLoggingTime: '2026-11-01T00:00:00Z',
    LatestDeliveryTime: '2026-11-01T00:00:00Z',
    LatestDigestDeliveryTime: { 'us-east-1': '2026-11-01T00:00:00Z', 'eu-west-1': null },
  };
  test.each<[string, Finding['evidence'], boolean]>([
    ['the same members in another order', Object.fromEntries(Object.entries(base).reverse()), true],
    ['a later delivery', { ...base, LatestDeliveryTime: '2026-11-19T00:00:00Z' }, true],
    [
      'later digests',
      { ...base, LatestDigestDeliveryTime: { 'us-east-1': '2026-11-19T00:00:00Z', 'eu-west-1': null } },
      true,
    ],
    ['no delivery any more', { ...base, LatestDeliveryTime: null }, false],
    [
      'digests of another region',
      { ...base, LatestDigestDeliveryTime: { 'us-east-1': 'x', 'eu-north-1': null } },
      false,
    ],
    ['another stop', { ...base, StopLoggingTime: '2026-11-19T00:00:00Z' }, false],
    ['another value', { ...base, IsLogging: true }, false],
    ['one member more', { ...base, outsiders: ['999999999999'] }, false],
  ])('%s: same is %s', (_, evidence, same) => {
    expect(fingerprintOf(evidence) === fingerprintOf(base)).toBe(same);
  });

  it('is worse with a graver severity, and not with a lighter one', () => {
    const decided = { fingerprint: fingerprintOf(base), severity: 'medium' };
    expect(worseThan(decided, { evidence: base, severity: 'high' })).toBe('It is high now; it was medium.');
    expect(worseThan(decided, { evidence: base, severity: 'medium' })).toBeUndefined();
    expect(worseThan(decided, { evidence: base, severity: 'low' })).toBeUndefined();
  });
});

describe('accepted risks', () => {
  const active = risk({ state: 'active' });

  it('make a failure exempt until their last day, which counts', () => {
    for (const [takenAt, verdict] of [
      ['2026-12-31T23:59:59.000Z', 'exempt'],
      ['2027-01-01T00:00:00.000Z', 'fail'],
    ] as const) {
      const { findings, outgrown } = applyAcceptedRisks([finding()], [active], takenAt);
      expect(findings[0]?.verdict).toBe(verdict);
      expect(outgrown).toEqual([]);
    }
    const [exempt] = applyAcceptedRisks([finding({ people: 1, risk: 'safe' })], [active], TODAY).findings;
    expect(exempt).toMatchObject({
      fix: 'none',
      exemption: { until: '2026-12-31', reason: active.reason, underlying: 'fail' },
      evidence: finding().evidence,
    });
    expect(exempt).not.toHaveProperty('people');
  });

  test.each(['unknown', 'pass', 'not-applicable'] as const)('leave %s alone', (verdict) => {
    expect(applyAcceptedRisks([finding({ verdict })], [active], TODAY).findings[0]?.verdict).toBe(verdict);
  });

  test.each(['pending', 'rejected', 'withdrawn', 'expired', 'superseded', 'ended'] as const)(
    'that are %s change nothing',
    (state) => {
      expect(applyAcceptedRisks([finding()], [risk({ state })], TODAY).findings[0]?.verdict).toBe('fail');
    },
  );

  it('are outgrown by other evidence, which fails again', () => {
    const worse = finding({ evidence: { LogFileValidationEnabled: false, outsiders: ['999999999999'] } });
    const { findings, outgrown } = applyAcceptedRisks([worse], [active], TODAY);
    expect(findings[0]?.verdict).toBe('fail');
    expect(outgrown).toEqual([{ risk: active, reason: 'What was seen has changed.' }]);
  });

  it('count as failed in the raw score and as passed in the accepted one, beside those of the file', () => {
    const other = finding({ id: 'bbbbbbbbbbbbbbbb', account: '222222222222', check: 'trail/logging' });
    const filed = applyExemptions(
      [finding(), other],
      [{ check: 'trail/logging', account: '222222222222', owner: 'sec', reason: 'known for years', end: '2026-12-01' }],
      () => [],
      TODAY,
    );
    const { findings } = applyAcceptedRisks(filed, [active], TODAY);
    expect(findings.map(({ verdict }) => verdict)).toEqual(['exempt', 'exempt']);
    expect(scoreOf(findings)).toMatchObject({ raw: 0, accepted: 100 });
  });
});

describe('snoozes', () => {
  const snooze = {
    ...{ finding: finding().id, until: new Date('2026-11-25'), by: 'U1', at: new Date(TODAY), reason: null },
    ...{ fingerprint: fingerprintOf(finding().evidence), severity: 'medium' },
  };
  test.each<[string, Partial<Finding>, number]>([
    ['the finding as it was', {}, 1],
    ['one that got worse', { severity: 'critical' }, 0],
    ['other evidence', { evidence: {} }, 0],
    ['one that passes', { verdict: 'pass' }, 0],
  ])('of %s hide %j: %i', (_, changes, size) => {
    expect(asleepOf([finding(changes)], [snooze]).size).toBe(size);
  });
});
