import { z } from 'zod';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { anyCoveringTrail, COVERAGE_NEEDS, type CoveringTrail, coverageOf } from '../../src/check/coverage.ts';
import type { Change } from '../../src/check/plan.ts';
import type { ConfigRecorder, ConfigRule, JsonObject, Part } from '../../src/snapshot/types.ts';

const settings = z.strictObject({
  rules: z
    .array(z.string().min(1))
    .min(1)
    .default([
      'MULTI_REGION_CLOUD_TRAIL_ENABLED',
      'CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED',
      'CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED',
      'CLOUD_TRAIL_ENCRYPTION_ENABLED',
      'CLOUDTRAIL_SECURITY_TRAIL_ENABLED',
      'CLOUDTRAIL_S3_DATAEVENTS_ENABLED',
    ]),
  alternative: z.enum(['none', 'trail-check']).default('none'),
});

export default defineCheck({
  id: 'config/managed-rules',
  title: 'Config rules watch the trail',
  severity: 'low',
  scope: 'account',
  rationale: 'The rules keep a record of compliance over time that auditors know how to read.',
  pass: 'For every identifier in rules an ACTIVE Config rule with that source identifier exists and the recorder of the region is on.',
  seed: ['aws', 'resmo'],
  needs: [...COVERAGE_NEEDS, 'config.recorder', 'config.rules'],
  events: [
    'PutConfigRule',
    'DeleteConfigRule',
    'PutConformancePack',
    'DeleteConformancePack',
    'StopConfigurationRecorder',
  ],
  controls: controlIds({
    aws_encryption: 'guidance-cloudtrail',
    config_rule: `
      multi-region-cloudtrail-enabled cloud-trail-log-file-validation-enabled cloud-trail-cloud-watch-logs-enabled
      cloud-trail-encryption-enabled cloudtrail-security-trail-enabled cloudtrail-s3-dataevents-enabled`,
  }),
  settings,
  fix: {
    class: 'auto-second-approver',
    risk: 'cost',
    reversible: 'yes',
    cost: 'Billed per evaluation.',
    operations: ['config:PutConfigRule', 'config:DeleteConfigRule'],
  },

  evaluate({ snapshot, subject, settings: { rules: wanted, alternative } }) {
    if (alternative !== 'none') {
      return {
        verdict: 'not-applicable',
        evidence: { alternative },
        reason: 'This bot is declared to watch instead of Config rules.',
      };
    }
    const failures: { covering: CoveringTrail; reason: string; evidence: JsonObject; recorderOff: boolean }[] = [];
    const judgement = anyCoveringTrail(
      snapshot,
      subject.account,
      (covering) => {
        const place = placeOf(covering);
        const evidence = { trail: covering.trail.TrailARN, place };
        const recorder = partOf(snapshot['config.recorder'], place);
        const rules = partOf(snapshot['config.rules'], place);
        if (recorder.state === 'unsupported' || rules.state === 'unsupported') {
          const reason = `AWS Config offers no rules in ${covering.trail.HomeRegion}.`;
          return { ok: 'unknown', because: { verdict: 'not-applicable', evidence, notes: [reason], reason } };
        }
        if (recorder.state !== 'read' && recorder.state !== 'absent') {
          return { ok: 'unknown', because: unknownBecause(recorder, evidence) };
        }
        if (!isRecording(recorder)) {
          const reason = `The Config recorder of ${place} is off, so its rules see nothing.`;
          failures.push({ covering, reason, evidence, recorderOff: true });
          return { ok: false };
        }
        if (rules.state !== 'read' && rules.state !== 'absent') {
          return { ok: 'unknown', because: unknownBecause(rules, evidence) };
        }
        const gaps = gapsIn(Object.values(rules.state === 'read' ? rules.value : {}), wanted);
        if (gaps.length === 0) return { ok: true, evidence: { place, rules: [...wanted] } };
        const reason = `Config rules are missing or not working in ${place}: ${gaps.map(({ why }) => why).join(', ')}.`;
        const missing = gaps.map(({ identifier }) => identifier);
        failures.push({ covering, reason, evidence: { ...evidence, missing }, recorderOff: false });
        return { ok: false };
      },
      () => ({ reason: 'No Config rules watch the trail.' }),
    );
    // Of several trails the one speaks that can be mended here, and there the one that lacks least.
    const [nearest] = failures.sort((a, b) => Number(a.covering.inherited) - Number(b.covering.inherited));
    if (judgement.verdict !== 'fail' || nearest === undefined) return judgement;
    const { covering, reason, evidence, recorderOff } = nearest;
    return {
      verdict: 'fail',
      reason,
      evidence,
      ...(recorderOff ? { cause: 'config/recorder' } : {}),
      ...(covering.inherited ? { inheritedFrom: covering.trail.TrailARN } : {}),
    };
  },

  plan({ snapshot, subject, settings: { rules: wanted }, finding }) {
    const coverage = coverageOf(snapshot, subject.account);
    const own = (coverage.state === 'read' ? coverage.value.trails : []).find(
      ({ inherited, status }) => !inherited && status.state === 'read' && status.value.IsLogging,
    );
    if (own === undefined) {
      return { kind: 'blocked', by: 'trail/account-covered', reason: 'This account has no logging trail of its own.' };
    }
    const place = placeOf(own);
    const recorder = partOf(snapshot['config.recorder'], place);
    if (!isRecording(recorder)) {
      const reason = `The Config recorder of ${place} is off: rules cannot be made without one.`;
      return { kind: 'blocked', by: 'config/recorder', reason };
    }
    const rules = partOf(snapshot['config.rules'], place);
    if (rules.state !== 'read' && rules.state !== 'absent') {
      return { kind: 'blocked', by: 'config/managed-rules', reason: `The Config rules of ${place} could not be read.` };
    }
    const gaps = gapsIn(Object.values(rules.state === 'read' ? rules.value : {}), wanted);
    const broken = gaps.filter(({ erring }) => erring).map(({ why }) => `Mend by hand: ${why}.`);
    const changes = gaps
      .filter(({ erring }) => !erring)
      .map(({ identifier }) => putRule(snapshot.partition, own, identifier, finding.id));
    if (changes.length === 0)
      return manual(...broken, 'A second rule with the same identifier would fail the same way.');
    return {
      kind: 'changes',
      plan: {
        summary: `Let ${changes.length} Config ${changes.length === 1 ? 'rule' : 'rules'} watch ${own.trail.Name}.`,
        changes,
        warnings: broken,
        guards: ['Before: the recorder is on and the names are free.', 'After: every rule made is ACTIVE.'],
      },
    };
  },
});

function placeOf({ trail }: CoveringTrail): string {
  return `${trail.owner}/${trail.HomeRegion}`;
}

/** Rules see what the customer's recorder records; one that an AWS service keeps does not serve them. */
function isRecording(recorder: Part<ConfigRecorder>): boolean {
  return recorder.state === 'read' && recorder.value.recording && recorder.value.servicePrincipal === undefined;
}

/** EVALUATING is an active rule at work. */
const WORKING = ['ACTIVE', 'EVALUATING'];

/** Identifiers without a rule that works, by source identifier: rules of packs and of Security Hub have other names. */
function gapsIn(rules: readonly ConfigRule[], wanted: readonly string[]) {
  return wanted.flatMap((identifier) => {
    const all = rules.filter((rule) => rule.owner === 'AWS' && rule.identifier === identifier);
    const alive = all.filter(({ ConfigRuleState }) => WORKING.includes(ConfigRuleState));
    if (alive.some(({ lastErrorCode }) => lastErrorCode === undefined)) return [];
    const [erring] = alive;
    if (erring !== undefined) {
      const why = `${erring.ConfigRuleName} fails with ${erring.lastErrorCode ?? ''}`;
      return [{ identifier, erring: true, why }];
    }
    const [dying] = all;
    const why = dying === undefined ? identifier : `${dying.ConfigRuleName} is ${dying.ConfigRuleState}`;
    return [{ identifier, erring: false, why }];
  });
}

/** config:PutConfigRule under a name of its own: a put over an existing rule would replace it. */
function putRule(partition: string, { trail }: CoveringTrail, identifier: string, findingId: string): Change {
  const name = `trail-check-${identifier.toLowerCase().replaceAll('_', '-')}-${findingId.slice(0, 8)}`;
  const call = {
    account: trail.owner,
    region: trail.HomeRegion,
    // AWS makes the id in the ARN of a rule; before that any rule is all that can be named.
    resource: `arn:${partition}:config:${trail.HomeRegion}:${trail.owner}:config-rule/*`,
  };
  return {
    ...call,
    operation: 'config:PutConfigRule',
    input: {
      ConfigRule: {
        ConfigRuleName: name,
        Source: { Owner: 'AWS', SourceIdentifier: identifier },
        MaximumExecutionFrequency: 'TwentyFour_Hours',
      },
    },
    summary: `Create the Config rule ${name}.`,
    target: `config.rules:${trail.owner}/${trail.HomeRegion}`,
    expect: { [name]: null },
    result: { [name]: { identifier, owner: 'AWS' } },
    undo: {
      ...call,
      operation: 'config:DeleteConfigRule',
      input: { ConfigRuleName: name },
      summary: `Delete the Config rule ${name}.`,
      automatic: true,
    },
  };
}
