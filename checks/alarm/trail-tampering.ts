import { defineCheck, partOf, unknownBecause } from '../../src/check/check.ts';
import { isRefusedThere } from '../../src/check/closed-regions.ts';
import { controlIds } from '../../src/check/controls.ts';
import { defineMetricAlarm, type MetricAlarmCheck } from '../../src/check/metric-alarm.ts';

const described = {
  id: 'alarm/trail-tampering',
  title: 'Quiet ways to blind a trail raise an alarm',
  severity: 'medium',
  rationale: 'Selectors can hollow out a trail while it stays multi-region, validated and logging.',
  pass: 'On the log group of a logging multi-region trail with all management events, one filter, or several together, match each of PutEventSelectors, PutInsightSelectors, PutEventConfiguration, the two delegated-administrator calls, and the stopping, updating or deleting of an event data store; each metric they feed has an alarm in the same account and region with enabled actions and at least one confirmed subscriber.',
  seed: [],
  controls: controlIds({}),
  pattern:
    '{ ($.eventSource = cloudtrail.amazonaws.com) && (($.eventName = PutEventSelectors) || ($.eventName = PutInsightSelectors) || ($.eventName = PutEventConfiguration) || ($.eventName = RegisterOrganizationDelegatedAdmin) || ($.eventName = DeregisterOrganizationDelegatedAdmin) || ($.eventName = StopEventDataStoreIngestion) || ($.eventName = UpdateEventDataStore) || ($.eventName = DeleteEventDataStore)) }',
  notes: ['Changes made by this program set it off too: the id of the fix is the session name of the caller.'],
  given: '{ $.eventSource = "cloudtrail.amazonaws.com" }',
} satisfies MetricAlarmCheck;

const alarm = defineMetricAlarm(described);
const withoutStores = defineMetricAlarm({
  ...described,
  required:
    '{ ($.eventSource = cloudtrail.amazonaws.com) && (($.eventName = PutEventSelectors) || ($.eventName = PutInsightSelectors) || ($.eventName = PutEventConfiguration) || ($.eventName = RegisterOrganizationDelegatedAdmin) || ($.eventName = DeregisterOrganizationDelegatedAdmin)) }',
});

export default defineCheck({
  ...alarm,
  needs: [...alarm.needs, 'account.eventDataStores', 'account.regions'],
  /** The calls on event data stores are asked for where there is a store. */
  evaluate(evaluation) {
    const { snapshot, subject } = evaluation;
    const judgement = alarm.evaluate(evaluation);
    if (judgement.verdict !== 'fail') return judgement;
    const weaker = withoutStores.evaluate(evaluation);
    if (weaker.verdict !== 'pass') return judgement;
    const regions = partOf(snapshot['account.regions'], subject.account);
    if (regions.state !== 'read') return regions.state === 'absent' ? judgement : unknownBecause(regions);
    const all = snapshot['account.eventDataStores'];
    const places = regions.value.map((region) => `${subject.account}/${region}`);
    const listings = places.filter((place) => !isRefusedThere(all, place)).map((place) => partOf(all, place));
    if (listings.some((part) => part.state === 'read' && part.value.length > 0)) return judgement;
    for (const part of listings) {
      if (part.state !== 'read' && part.state !== 'absent' && part.state !== 'unsupported') return unknownBecause(part);
    }
    return weaker;
  },
});
