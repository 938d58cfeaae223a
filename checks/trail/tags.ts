import { z } from 'zod';
import { tagTrail } from '../../src/check/changes/tag-trail.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { trailOf } from '../../src/check/trail.ts';

const settings = z.strictObject({
  required_keys: z.array(z.string().min(1).max(128)).default([]),
  default_tags: z.record(z.string().min(1).max(128), z.string().max(256)).default({}),
});

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AddTags.html */
const MAX_TAGS = 50;

export default defineCheck({
  id: 'trail/tags',
  title: 'Trails carry the required tags',
  severity: 'low',
  scope: 'trail',
  rationale: 'The owner of a trail should be readable from the trail.',
  pass: 'The trail has every key in required_keys; with an empty list, at least one tag of its own.',
  seed: [],
  needs: ['trail', 'trail.tags'],
  events: ['AddTags', 'RemoveTags', 'CreateTrail'],
  controls: controlIds({ security_hub: 'CloudTrail.9', config_rule: 'tagged-cloudtrail-trail' }),
  settings,
  fix: {
    class: 'auto',
    risk: 'safe',
    reversible: 'yes',
    operations: ['cloudtrail:AddTags', 'cloudtrail:RemoveTags'],
  },

  evaluate({ snapshot, subject, settings: { required_keys, default_tags } }) {
    const found = trailOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const tags = partOf(snapshot['trail.tags'], subject.arn);
    if (tags.state === 'absent') return { verdict: 'not-applicable', reason: 'The trail was deleted meanwhile.' };
    if (tags.state !== 'read') return unknownBecause(tags, { trail: subject.arn });
    const keys = ownKeys(tags.value);
    const missing = missingKeys(keys, required_keys, default_tags);
    if (required_keys.length === 0 ? keys.length > 0 : missing.length === 0)
      return { verdict: 'pass', evidence: { keys } };
    const fix = 'tags' in tagsToAdd(tags.value, missing, default_tags) ? {} : { fix: 'manual' as const };
    if (required_keys.length === 0) {
      return { verdict: 'fail', evidence: { keys }, reason: 'The trail has no tag of its own.', ...fix };
    }
    const evidence = { keys, missing };
    return { verdict: 'fail', evidence, reason: `The trail lacks the tag ${missing.join(', ')}.`, ...fix };
  },

  plan({ snapshot, subject, settings: { required_keys, default_tags } }) {
    const found = trailOf(snapshot, subject);
    const tags = partOf(snapshot['trail.tags'], subject.arn);
    if ('judgement' in found || tags.state !== 'read') {
      return { kind: 'blocked', by: 'trail/tags', reason: 'The tags of the trail could not be read.' };
    }
    const { trail } = found;
    const missing = missingKeys(ownKeys(tags.value), required_keys, default_tags);
    const added = tagsToAdd(tags.value, missing, default_tags);
    if ('problem' in added) {
      const wanted = missing.length === 0 ? ['owner'] : missing;
      const list = wanted.map((key) => `Key=${key},Value=<value>`).join(' ');
      return manual(
        added.problem,
        {
          text: 'Or tag the trail by hand. Give only keys that it does not have: AddTags overwrites the others.',
          command: `aws cloudtrail add-tags --resource-id ${trail.TrailARN} --tags-list ${list} --region ${trail.HomeRegion}`,
          terraform: `# in resource "aws_cloudtrail"\ntags = {\n${wanted.map((key) => `  ${JSON.stringify(key)} = "<value>"`).join('\n')}\n}`,
        },
        'Then scan again.',
      );
    }
    return {
      kind: 'changes',
      plan: {
        summary: `Add the missing tags to ${trail.Name}.`,
        changes: [tagTrail(trail, added.tags)],
        guards: [
          'Before: the trail has none of these keys.',
          'After: ListTags shows them; every other tag is as it was.',
        ],
      },
    };
  },
});

/** AWS's own tags say nothing of the owner. */
function ownKeys(tags: { [key: string]: string }): string[] {
  return Object.keys(tags)
    .filter((key) => !isReserved(key))
    .sort();
}

function isReserved(key: string): boolean {
  return key.toLowerCase().startsWith('aws:');
}

/** Keys are case-sensitive. Where no key is required, those with a declared value are what a trail should have. */
function missingKeys(
  keys: readonly string[],
  required: readonly string[],
  defaults: { [key: string]: string },
): string[] {
  const wanted = required.length === 0 ? Object.keys(defaults) : required;
  return [...new Set(wanted)].filter((key) => !keys.includes(key)).sort();
}

/** The missing tags with their declared values, or why they cannot be added. */
function tagsToAdd(
  tags: { [key: string]: string },
  missing: readonly string[],
  defaults: { [key: string]: string },
): { tags: { [key: string]: string } } | { problem: string } {
  if (missing.length === 0) return { problem: 'Declare required_keys and default_tags for trail/tags.' };
  const reserved = missing.filter(isReserved);
  if (reserved.length > 0)
    return { problem: `Only AWS sets ${reserved.join(', ')}; take it out of the configuration.` };
  const bare = missing.filter((key) => defaults[key] === undefined);
  if (bare.length > 0) return { problem: `Declare a value for ${bare.join(', ')} in default_tags of trail/tags.` };
  if (Object.keys(tags).length + missing.length > MAX_TAGS) {
    return { problem: `A trail takes ${MAX_TAGS} tags; remove some that nobody needs.` };
  }
  return { tags: Object.fromEntries(missing.map((key) => [key, defaults[key] ?? ''])) };
}
