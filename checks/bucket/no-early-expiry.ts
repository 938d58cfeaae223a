import { z } from 'zod';
import { bucketOf } from '../../src/check/bucket.ts';
import { replaceRules } from '../../src/check/changes/raise-expiry.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { trailsAt } from '../../src/check/delivery.ts';
import { type EarlyRule, earlyRules, raised } from '../../src/check/early-expiry.ts';
import { actsOnDate } from '../../src/check/lifecycle.ts';
import { logPatterns } from '../../src/check/log-objects.ts';

const settings = z.strictObject({
  retention_days: z.int().min(1).default(365),
  noncurrent_days: z.int().min(1).default(30),
});

export default defineCheck({
  id: 'bucket/no-early-expiry',
  title: 'No rule throws log files away early',
  severity: 'critical',
  scope: 'bucket',
  rationale:
    'A lifecycle rule of one day destroys the trail without a single DeleteObject call; it is a known technique.',
  pass: 'No enabled lifecycle rule that can match a log or digest object expires it before retention_days, or its old versions before noncurrent_days.',
  seed: ['aws'],
  needs: ['trail', 'bucket', 'bucket.lifecycle', 'bucket.versioning', 'organization', 'organization.accounts'],
  events: ['PutBucketLifecycle', 'DeleteBucketLifecycle', 'UpdateTrail'],
  controls: controlIds({
    'pci_4.0': '10.5.1',
  }),
  settings,
  fix: {
    class: 'auto',
    risk: 'cost',
    reversible: 'yes',
    cost: 'Storage of what is no longer thrown away.',
    operations: ['s3:PutBucketLifecycleConfiguration'],
  },

  evaluate({ snapshot, subject, settings }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const shared = { bucket: subject.name, trails: subject.trails };
    const lifecycle = partOf(snapshot['bucket.lifecycle'], subject.name);
    if (lifecycle.state === 'absent') return { verdict: 'pass', evidence: { ...shared, rules: [] } };
    if (lifecycle.state !== 'read') return unknownBecause(lifecycle, shared);
    const { Rules } = lifecycle.value;
    const patterns = logPatterns(trailsAt(snapshot, subject.trails), snapshot);
    const early = earlyRules(Rules, patterns, leastOf(settings), snapshot.takenAt);
    const evidence = { ...shared, rules: early.flatMap(({ index }) => Rules[index] ?? []) };
    const disabled = early.filter(({ enabled }) => !enabled);
    const notes = disabled.map(
      (rule) => `The disabled rule ${rule.name} would throw logs away early (${shown(rule)}).`,
    );
    const inForce = early.filter(({ enabled }) => enabled);
    const [first] = inForce.filter(({ current }) => current !== undefined);
    const dated = Rules.some(actsOnDate) ? { fix: 'manual' as const } : {};
    if (first !== undefined) {
      const reason = `${first.name} throws log files away ${shown(first)}, before the ${settings.retention_days} days they are to be kept; older ones may be lost already.`;
      return { verdict: 'fail', evidence, reason, notes, ...dated };
    }
    const [older] = inForce;
    if (older === undefined) return { verdict: 'pass', evidence, notes };
    // Rules on old versions do nothing in a bucket that never had any.
    const versioning = partOf(snapshot['bucket.versioning'], subject.name);
    if (versioning.state !== 'read' && versioning.state !== 'absent') return unknownBecause(versioning, evidence);
    if (versioning.state === 'absent' || versioning.value.Status === undefined) {
      const idle = `${older.name} would throw old versions away ${shown(older)}; there are none.`;
      return { verdict: 'pass', evidence, notes: [...notes, idle] };
    }
    const reason = `${older.name} throws old versions of log files away ${shown(older)}, before ${settings.noncurrent_days} days.`;
    return { verdict: 'fail', evidence, reason, notes, ...dated };
  },

  plan({ snapshot, subject, settings }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return { kind: 'blocked', by: 'bucket/exists', reason: found.judgement.reason ?? '' };
    const { bucket } = found;
    const before = partOf(snapshot['bucket.lifecycle'], subject.name);
    if (before.state !== 'read') {
      return { kind: 'blocked', by: 'bucket/no-early-expiry', reason: 'The rules of the bucket are not known.' };
    }
    const least = leastOf(settings);
    const patterns = logPatterns(trailsAt(snapshot, subject.trails), snapshot);
    const early = earlyRules(before.value.Rules, patterns, least, snapshot.takenAt).filter(({ enabled }) => enabled);
    const after = before.value.Rules.map((rule, index) => {
      const wrong = early.find((it) => it.index === index);
      return wrong === undefined ? rule : raised(rule, wrong, least);
    });
    const names = early.map(({ name }) => name).join(', ');
    if (before.value.Rules.some(actsOnDate)) {
      return manual(
        'A rule of this bucket acts on a fixed date. All rules have to be put together, so do it by hand.',
        {
          text: 'Disable at once what throws logs away, if it runs meanwhile. This is what is there:',
          command: `aws s3api get-bucket-lifecycle-configuration --region ${bucket.region} --bucket ${bucket.Name} > lifecycle.json`,
        },
        {
          text: `Put all rules back, with these in place of ${names}: ${JSON.stringify(early.map(({ index }) => after[index]))}`,
          command: `aws s3api put-bucket-lifecycle-configuration --region ${bucket.region} --bucket ${bucket.Name} --expected-bucket-owner ${bucket.owner} --lifecycle-configuration file://lifecycle.json`,
        },
      );
    }
    const summary = `Keep log files ${least.current} days and old versions ${least.noncurrent} days: raise ${names}; every other rule stays.`;
    return {
      kind: 'changes',
      plan: {
        summary: `Stop ${subject.name} from throwing logs away early.`,
        changes: [replaceRules(bucket, snapshot.partition, before.value, after, summary)],
        warnings: [
          'What was thrown away already does not come back.',
          'Other files that these rules match are kept longer too.',
        ],
        guards: ['Before: the rules still read as when this plan was made.', 'After: no rule is early.'],
      },
    };
  },
});

function leastOf({ retention_days, noncurrent_days }: z.infer<typeof settings>) {
  return { current: retention_days, noncurrent: noncurrent_days };
}

function shown({ current, noncurrent }: EarlyRule): string {
  if (current === undefined) return `after ${noncurrent ?? 0} days`;
  return 'date' in current ? `on ${current.date.slice(0, 10)}` : `after ${current.days} days`;
}
