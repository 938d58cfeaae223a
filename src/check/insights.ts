import type { InsightSelector, Part, Snapshot, Trail, TrailSelectors } from '../snapshot/types.ts';
import { partOf } from './check.ts';
import { recorded } from './evaluators/event-selectors/recording.ts';
import { toEvaluator } from './selectors.ts';

/** Which Insights the configuration asks for. */
export interface WantedInsights {
  types: readonly ('ApiCallRateInsight' | 'ApiErrorRateInsight')[];
  categories: readonly ('Management' | 'Data')[];
}

/** Where the trail says that it has none, nothing was asked. */
export function insightsOf(snapshot: Pick<Snapshot, 'trail.insights'>, trail: Trail): Part<InsightSelector[]> {
  if (!trail.HasInsightSelectors) return { state: 'absent', code: 'InsightNotEnabledException' };
  return partOf(snapshot['trail.insights'], trail.TrailARN);
}

/** AWS leaves the categories out of older answers, which means Management. */
function categoriesOf({ EventCategories }: InsightSelector): string[] {
  return EventCategories.length === 0 ? ['Management'] : EventCategories;
}

/** Types, with their category where it is not Management, that are wanted and off. */
export function missingIn(insights: readonly InsightSelector[], { types, categories }: WantedInsights): string[] {
  const isOn = (type: string, category: string) =>
    insights.some((it) => it.InsightType === type && categoriesOf(it).includes(category));
  return types.flatMap((type) =>
    categories
      .filter((category) => !isOn(type, category))
      .map((category) => (category === 'Management' ? type : `${type} (${category})`)),
  );
}

/** Why what is wanted could never fire: the rate of calls is taken from writes, that of errors from both. */
export function idleIn(selectors: TrailSelectors, { types, categories }: WantedInsights): string[] {
  const { management, rules } = recorded(toEvaluator(selectors));
  const writes = management.write.covered !== 'none';
  const reads = management.read.covered !== 'none';
  const onManagement = categories.includes('Management');
  return [
    ...(onManagement && types.includes('ApiCallRateInsight') && !writes
      ? ['the trail records no write management events']
      : []),
    ...(onManagement && types.includes('ApiErrorRateInsight') && !writes && !reads
      ? ['the trail records no management events']
      : []),
    ...(categories.includes('Data') && !rules.some(({ category }) => category === 'Data')
      ? ['the trail records no data events']
      : []),
  ];
}

/** The whole list: present types and categories, and those that are wanted. */
export function withWanted(
  before: readonly InsightSelector[],
  { types, categories }: WantedInsights,
): InsightSelector[] {
  const known = new Set(before.map(({ InsightType }) => InsightType));
  const grown = before.map((it) => {
    const wanted = types.some((type) => type === it.InsightType) ? categories : [];
    return { ...it, EventCategories: [...new Set([...categoriesOf(it), ...wanted])] };
  });
  const added = types.filter((type) => !known.has(type));
  return [...grown, ...added.map((InsightType) => ({ InsightType, EventCategories: [...categories] }))];
}
