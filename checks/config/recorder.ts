import { z } from 'zod';
import { configServiceRole, createConfigRole } from '../../src/check/changes/config-recorder.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { ofLandingZone, RECORDER_NEEDS, recorderStates } from '../../src/check/config-recorder.ts';
import { controlIds } from '../../src/check/controls.ts';
import { changesFor, destinationFor, regionForGlobals, stepsFor } from '../../src/check/mend-recorder.ts';

const settings = z.strictObject({
  regions: z.union([z.literal('all'), z.array(z.string().min(1)).min(1)]).default('all'),
  /** Resource types that an exclusion list may name. */
  allowed_exclusions: z.array(z.string()).default([]),
  /** Where new delivery channels deliver; without one, the bucket of another region of the account. */
  bucket: z.string().default(''),
});

export default defineCheck({
  id: 'config/recorder',
  title: 'AWS Config records in every region',
  severity: 'medium',
  scope: 'account',
  rationale: 'CloudTrail says who called what, Config says what it became; CIS asks for both.',
  pass: 'In every enabled region a customer recorder is recording all supported resource types without a delivery failure, and global types are recorded in at least one region.',
  seed: [],
  needs: RECORDER_NEEDS,
  events: [
    'PutConfigurationRecorder',
    'StopConfigurationRecorder',
    'DeleteConfigurationRecorder',
    'PutDeliveryChannel',
    'DeleteDeliveryChannel',
    'StartConfigurationRecorder',
  ],
  controls: controlIds({
    'cis_1.4': '3.5',
    'cis_3.0': '3.3',
    'cis_5.0': '3.3',
    'cis_6.0': '4.3',
    'cis_7.0': '4.3',
    security_hub: 'Config.1',
    'pci_4.0': '10.4.1.1 11.5.2',
    nist_800_53_r5: 'CM-3 CM-6(1) CM-8 CM-8(2)',
    iso_27001_2022: 'A.5.16 A.5.22',
    soc2: 'CC2.1 CC3.1 CC3.4 CC8.1 PI1.3',
    well_architected: 'SEC04-BP02',
  }),
  settings,
  fix: {
    class: 'auto-second-approver',
    risk: 'cost',
    reversible: 'yes',
    cost: 'Billed per configuration item; the largest bill of this catalogue.',
    operations: [
      'iam:CreateServiceLinkedRole',
      'config:PutConfigurationRecorder',
      'config:DeleteConfigurationRecorder',
      'config:PutDeliveryChannel',
      'config:DeleteDeliveryChannel',
      'config:StartConfigurationRecorder',
      'config:StopConfigurationRecorder',
    ],
  },

  evaluate({ snapshot, subject: { account }, settings }) {
    const enabled = partOf(snapshot['account.regions'], account);
    if (enabled.state === 'absent') return { verdict: 'unknown', reason: 'The account has no list of regions.' };
    if (enabled.state !== 'read') return unknownBecause(enabled);
    const asked = regionsAsked(enabled.value, settings.regions);
    const states = recorderStates(snapshot, account, asked, settings.allowed_exclusions);
    const notes = states.flatMap(({ is }) => (is.state === 'skipped' ? [is.note] : []));
    const judged = states.flatMap(({ region, is }) => (is.state === 'judged' ? [{ region, ...is }] : []));
    const [doubt] = states.flatMap(({ is }) => (is.state === 'unknown' ? [is.part] : []));
    const global = judged.find((it) => it.global)?.region;
    const faulty = judged.filter(({ faults }) => faults.length > 0);
    const evidence = {
      regions: Object.fromEntries(faulty.map(({ region, faults }) => [region, faults.map(({ text }) => text)])),
      recorded: judged.filter(({ faults }) => faults.length === 0).map(({ region }) => region),
      globalTypes: global ?? null,
    };
    const [first] = faulty;
    if (first !== undefined) {
      const others =
        faulty.length > 1 ? `, and ${faulty.length - 1} more of ${judged.length} regions are not right` : '';
      const byHand = faulty.every(({ faults }) => faults.every((fault) => fault.byHand));
      return {
        verdict: 'fail',
        evidence,
        notes,
        reason: `${first.region} ${first.faults.map(({ text }) => text).join(' and ')}${others}.`,
        ...(byHand ? { fix: 'manual' as const } : {}),
      };
    }
    if (doubt !== undefined) return { ...unknownBecause(doubt, evidence), notes };
    if (judged.length === 0) {
      return { verdict: 'not-applicable', notes, reason: 'No region that is asked for can be recorded.' };
    }
    if (global === undefined) {
      const byHand = judged.every(({ recorder }) => recorder !== undefined && ofLandingZone(recorder.name));
      const reason = 'No region records the global resource types.';
      return { verdict: 'fail', evidence, notes, reason, ...(byHand ? { fix: 'manual' as const } : {}) };
    }
    return { verdict: 'pass', evidence, notes };
  },

  plan({ snapshot, subject: { account }, settings }) {
    const { partition } = snapshot;
    const enabled = partOf(snapshot['account.regions'], account);
    if (enabled.state !== 'read') {
      return { kind: 'blocked', by: 'config/recorder', reason: 'The regions of the account are not known.' };
    }
    const asked = regionsAsked(enabled.value, settings.regions);
    const states = recorderStates(snapshot, account, asked, settings.allowed_exclusions);
    const judged = states.flatMap(({ region, is }) => (is.state === 'judged' ? [{ region, is }] : []));
    const globalRegion = regionForGlobals(judged);
    const wrong = judged.filter(({ region, is }) => is.faults.length > 0 || region === globalRegion);
    const steps = wrong.flatMap(({ region, is }) => stepsFor(region, is));
    const mendable = wrong.filter(({ is }) => !(is.recorder !== undefined && ofLandingZone(is.recorder.name)));
    const lacking = mendable.filter(({ is }) => is.channel === undefined);
    const destination = destinationFor(settings.bucket, judged);
    if (lacking.length > 0 && destination === undefined) {
      return manual(
        `Nobody has said which bucket AWS Config delivers to; ${lacking.map(({ region }) => region).join(', ')} has none.`,
        {
          text: 'Name a bucket that lets config.amazonaws.com write in the setting bucket of config/recorder, then scan again.',
          terraform: 'resource "aws_config_delivery_channel" "main" {\n  s3_bucket_name = "<bucket>"\n}',
        },
        ...steps,
      );
    }
    const known = judged.flatMap(({ is }) => is.recorder?.roleARN ?? [])[0];
    const roleARN = known ?? configServiceRole({ partition, account });
    const changes = mendable.flatMap(({ region, is }) =>
      changesFor({ partition, account, region }, is, {
        before: snapshot['config.recorder'][`${account}/${region}`],
        roleARN,
        global: region === globalRegion,
        destination,
      }),
    );
    if (changes.length === 0) return manual(...steps);
    return {
      kind: 'changes',
      plan: {
        summary: `Record every resource type in ${[...new Set(changes.map(({ region }) => region))].join(', ')}.`,
        // Other recorders may come to use the role, so it stays.
        ...(known === undefined ? { reversible: 'partly' as const } : {}),
        changes: [...(known === undefined ? [createConfigRole({ partition, account })] : []), ...changes],
        warnings: [...steps.map(({ text }) => text), 'Every change of every resource is billed from then on.'],
        guards: [
          'Before: the bucket policy lets config.amazonaws.com write; AWS refuses the delivery channel otherwise.',
          'After: every recorder is recording, and none has failed to deliver.',
        ],
      },
    };
  },
});

function regionsAsked(enabled: readonly string[], asked: 'all' | readonly string[]): string[] {
  return enabled.filter((region) => asked === 'all' || asked.includes(region));
}
