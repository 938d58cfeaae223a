import type { EventDataStore, JsonObject } from '../snapshot/types.ts';
import { recorded } from './evaluators/event-selectors/recording.ts';
import type { AdvancedSelector } from './evaluators/event-selectors/types.ts';
import { toEvaluator } from './selectors.ts';

/**
 * What keeps a store from taking in all management events, in words; undefined where nothing does. Its selectors have
 * more fields than those of a trail, and they are judged alike: as a union.
 */
export function managementFault({ AdvancedEventSelectors }: Pick<EventDataStore, 'AdvancedEventSelectors'>) {
  const { read, write } = recorded(toEvaluator({ AdvancedEventSelectors })).management;
  if (read.covered === 'all' && write.covered === 'all') return undefined;
  const fields = advancedOf(AdvancedEventSelectors)
    .filter(isManagement)
    .flatMap(({ FieldSelectors }) => FieldSelectors ?? [])
    .flatMap(({ Field }) => (Field === undefined || Field === 'eventCategory' ? [] : [Field]));
  if (fields.length === 0) return 'it takes in no management events';
  return `management events are narrowed by ${[...new Set(fields)].join(', ')}`;
}

/**
 * The whole set with all management events: the first selector for them loses what narrows it, or there is a new one.
 * Every other selector is the very object that was read.
 */
export function withAllManagement(selectors: JsonObject[]): JsonObject[] {
  if (managementFault({ AdvancedEventSelectors: selectors }) === undefined) return selectors;
  const fields = [{ Field: 'eventCategory', Equals: ['Management'] }];
  const index = advancedOf(selectors).findIndex(isManagement);
  if (index < 0) return [...selectors, { Name: 'All management events', FieldSelectors: fields }];
  return selectors.map((selector, at) => (at === index ? { ...selector, FieldSelectors: fields } : selector));
}

function advancedOf(selectors: JsonObject[]): readonly AdvancedSelector[] {
  return toEvaluator({ AdvancedEventSelectors: selectors }).advancedEventSelectors ?? [];
}

function isManagement({ FieldSelectors }: AdvancedSelector): boolean {
  return (FieldSelectors ?? []).some(
    ({ Field, Equals }) => Field === 'eventCategory' && Equals?.includes('Management'),
  );
}
