import { placeOf } from './arn.ts';
import { absent, chainPart, read } from './part.ts';
import type { PartReaders } from './reader.ts';
import type { Reading } from './reading.ts';
import type { InsightSelector, Part } from './types.ts';

const OFF = absent('InsightNotEnabledException');

/** Insights of a trail. Where the trail itself says that it has none, nobody is asked. */
async function readInsights(reading: Reading, arn: string): Promise<Part<InsightSelector[]>> {
  const trail = await reading.part('trail', arn);
  if (trail.state !== 'read') return trail;
  if (!trail.value.HasInsightSelectors) return OFF;
  const answer = await reading.ask('cloudtrail:GetInsightSelectors', placeOf(arn), { TrailName: arn });
  return chainPart(answer, ({ InsightSelectors = [] }) => {
    if (InsightSelectors.length === 0) return OFF;
    return read(
      InsightSelectors.map(({ InsightType = '', EventCategories = [] }) => ({
        InsightType,
        // Older answers leave it out: there was nothing but management events.
        EventCategories: EventCategories.length > 0 ? EventCategories : ['Management'],
      })),
    );
  });
}

export const insightParts: PartReaders<'trail.insights'> = {
  'trail.insights': {
    key: 'trail ARN',
    operations: ['cloudtrail:GetInsightSelectors'],
    needs: ['trail'],
    read: readInsights,
  },
};
