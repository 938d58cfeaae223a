import { asAdvanced } from './as-advanced.ts';
import { type SelectorsEdit, withinLimits } from './edits.ts';
import { holds } from './match.ts';
import { type Rule, rulesOf } from './rules.ts';
import type { FieldSelector, TrailSelectors } from './types.ts';

/** Calls through a VPC endpoint: of one service, all or only those that the endpoint's policy denied. */
export type NetworkEvents = { readonly source: string; readonly deniedOnly: boolean };

const DENIED = 'VpceAccessDenied';

/**
 * Are the network activity events of a service recorded, reads and writes, not narrowed by anything but (where that is
 * enough) the error code? https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-network-events-with-cloudtrail.html
 */
export function coversNetwork(selectors: TrailSelectors, wanted: NetworkEvents): boolean {
  const whole = rulesOf(selectors).filter((rule) => rule.category === 'NetworkActivity' && takesIn(rule, wanted));
  return (['read', 'write'] as const).every((mode) => whole.some(({ modes }) => modes.includes(mode)));
}

/** Adds them, as an advanced selector: basic ones know no network events. */
export function withNetworkEvents(selectors: TrailSelectors, wanted: NetworkEvents): SelectorsEdit {
  if (coversNetwork(selectors, wanted)) return { selectors, changed: false };
  const FieldSelectors: FieldSelector[] = [
    { Field: 'eventCategory', Equals: ['NetworkActivity'] },
    { Field: 'eventSource', Equals: [wanted.source] },
    ...(wanted.deniedOnly ? [{ Field: 'errorCode', Equals: [DENIED] }] : []),
  ];
  const Name = `Network events of ${wanted.source}${wanted.deniedOnly ? ', denied' : ''}`;
  return withinLimits({ advancedEventSelectors: [...asAdvanced(selectors), { Name, FieldSelectors }] });
}

function takesIn({ tests }: Rule, { source, deniedOnly }: NetworkEvents): boolean {
  return tests.every((test) => {
    if (test.Field === 'eventSource') return holds(test, source);
    return deniedOnly && test.Field === 'errorCode' && holds(test, DENIED);
  });
}
