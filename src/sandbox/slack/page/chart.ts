import { h, svg } from './dom.ts';
import { drawPlain } from './text.ts';
import type { DataVisualizationBlock, PieChart, SeriesChart } from './types.ts';

const WIDTH = 460;
const HEIGHT = 190;
const LEFT = 40;
const BOTTOM = 26;
const TOP = 10;

/** Draws a chart with its legend; the numbers are also there for readers who do not see it. */
export function drawChart(block: DataVisualizationBlock): HTMLElement {
  const { chart } = block;
  const pie = chart.type === 'pie';
  const names = pie
    ? chart.segments.map(({ label, value }) => `${label} · ${value}`)
    : chart.series.map(({ name }) => name);
  const legend = names.map((name, at) => h('li', {}, h('span', { class: `key hue-${at % 8}` }), ...drawPlain(name)));
  const words = pie
    ? names.join(', ')
    : chart.series
        .map(({ name, data }) => `${name}: ${data.map((d) => `${d.label} ${d.value}`).join(', ')}`)
        .join('; ');
  return h(
    'figure',
    { class: `chart chart-${chart.type}` },
    block.title === undefined ? undefined : h('figcaption', {}, ...drawPlain(block.title)),
    h(
      'div',
      { class: 'chart-body' },
      imageOf(pie ? drawPie(chart) : drawSeries(chart), words),
      h('ul', { class: 'legend' }, ...legend),
    ),
  );
}

function imageOf(image: SVGElement, words: string): HTMLElement {
  return h('div', { role: 'img', 'aria-label': words, class: 'chart-image' }, image);
}

function drawPie({ segments }: PieChart): SVGElement {
  const total = segments.reduce((sum, { value }) => sum + value, 0);
  const radius = 60;
  const around = 2 * Math.PI * radius;
  let from = 0;
  const rings = segments.map(({ value }, at) => {
    const share = total === 0 ? 0 : value / total;
    const ring = svg('circle', {
      class: `ring hue-${at % 8}`,
      cx: 85,
      cy: 85,
      r: radius,
      'stroke-dasharray': `${Math.max(0, share * around - 1.5)} ${around}`,
      transform: `rotate(${from * 360 - 90} 85 85)`,
    });
    from += share;
    return ring;
  });
  const sum = svg('text', { x: 85, y: 92, class: 'chart-total', 'text-anchor': 'middle' }, String(total));
  return svg('svg', { viewBox: '0 0 170 170', class: 'pie' }, ...rings, sum);
}

function drawSeries({ type, series, axis_config: axis }: SeriesChart): SVGElement {
  const categories = axis?.categories ?? series[0]?.data.map(({ label }) => label) ?? [];
  const top = niceTop(Math.max(1, ...series.flatMap(({ data }) => data.map(({ value }) => value))));
  const step = (WIDTH - LEFT) / Math.max(1, categories.length);
  const x = (at: number) => LEFT + step * (at + 0.5);
  const y = (value: number) => HEIGHT - BOTTOM - (value / top) * (HEIGHT - BOTTOM - TOP);
  const grid = [0, 0.5, 1].map((share) =>
    svg(
      'g',
      {},
      svg('line', { class: 'grid', x1: LEFT, x2: WIDTH, y1: y(share * top), y2: y(share * top) }),
      svg('text', { x: LEFT - 6, y: y(share * top) + 4, 'text-anchor': 'end' }, String(share * top)),
    ),
  );
  const every = Math.ceil(categories.length / 8);
  const labels = categories.map((label, at) =>
    at % every === 0 ? svg('text', { x: x(at), y: HEIGHT - 8, 'text-anchor': 'middle' }, label) : null,
  );
  const marks = series.map(({ data }, at) => {
    const values = data.map(({ value }) => value);
    if (type === 'bar') return drawBars(values, at, series.length, { x, y, step });
    const points = values.map((value, index) => `${x(index)},${y(value)}`).join(' ');
    const line = svg('polyline', { class: `line hue-${at % 8}`, points });
    const area = `${x(0)},${y(0)} ${points} ${x(values.length - 1)},${y(0)}`;
    return svg('g', {}, type === 'area' ? svg('polygon', { class: `area hue-${at % 8}`, points: area }) : null, line);
  });
  return svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}` }, ...grid, ...labels, ...marks);
}

interface Scale {
  x(at: number): number;
  y(value: number): number;
  step: number;
}

function drawBars(values: readonly number[], series: number, count: number, { x, y, step }: Scale): SVGElement {
  const width = Math.min(36, (step * 0.7) / count);
  const bars = values.map((value, at) => {
    const left = x(at) + (series - count / 2) * width;
    return svg('rect', {
      class: `bar hue-${series % 8}`,
      x: left,
      y: y(value),
      width: width - 2,
      height: y(0) - y(value),
      rx: 2,
    });
  });
  return svg('g', {}, ...bars);
}

/** The next of 2, 4, 10, 20, 40, 100 …, so that the middle of the axis is a whole number. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 6, 8, 10].map((factor) => factor * power).find((top) => top >= value && top % 2 === 0) ?? power * 10;
}
