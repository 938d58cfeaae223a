import { dict, dicts, list } from '../json.ts';
import { ID } from './compositions.ts';
import { all, array, byType, type Check, number, object, oneOf, rule, string } from './schema.ts';

const POINT = object({ label: string(20), value: number });
const SERIES_CHART = (type: string) =>
  object(
    {
      type: oneOf(type),
      series: array(object({ name: string(20), data: array(POINT, 20) }), 6),
      axis_config: object({ categories: array(string(20), 20) }, { x_label: string(50), y_label: string(50) }),
    },
    {},
  );

const CHART = byType(() => ({
  pie: object({ type: oneOf('pie'), segments: array(POINT, 6) }),
  bar: SERIES_CHART('bar'),
  line: SERIES_CHART('line'),
  area: SERIES_CHART('area'),
}));

/** The numbers in Slack's documents differ (6 or 12 segments): the smaller ones hold everywhere. */
export const CHARTS: Record<string, Check> = {
  data_visualization: all(
    object({ type: oneOf('data_visualization'), title: string(50), chart: CHART }, { block_id: ID }),
    rule((block) => {
      const chart = dict(block.chart);
      const categories = list(dict(chart.axis_config).categories).length;
      const whole = dicts(chart.series).every((series) => list(series.data).length === categories);
      return whole ? undefined : 'every series must have one point per category';
    }),
  ),
};
