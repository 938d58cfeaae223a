import { svg } from './dom.ts';

/**
 * Drawings for the emoji that carry a verdict or a state: they must look the same on a machine without an emoji font.
 * Each is a list of shapes on a 20 × 20 grid: `[tag, attributes]`.
 */
type Shape = readonly [tag: string, attributes: Readonly<Record<string, string | number>>];

const RED = '#d6293e';
const ORANGE = '#e8801a';
const YELLOW = '#f0c02c';
const GREEN = '#2f9e5b';
const BLUE = '#2b7de0';
const PURPLE = '#8a5cd0';
const WHITE = '#ffffff';
const GREY = '#8b8d98';
const DARK = '#30333c';
const GOLD = '#e3a21a';

const circle = (fill: string): Shape[] => [['circle', { cx: 10, cy: 10, r: 7.5, fill }]];
const square = (fill: string): Shape[] => [['rect', { x: 2, y: 2, width: 16, height: 16, rx: 3.5, fill }]];
const diamond = (fill: string): Shape[] => [['path', { d: 'M10 1.5 18.5 10 10 18.5 1.5 10Z', fill }]];
const line = (d: string, stroke: string, width = 2): Shape => [
  'path',
  { d, stroke, 'stroke-width': width, fill: 'none', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' },
];
const dot = (cx: number, cy: number, r: number, fill: string): Shape => ['circle', { cx, cy, r, fill }];
const shape = (d: string, fill: string): Shape => ['path', { d, fill }];
const box = (x: number, y: number, width: number, height: number, fill: string, rx = 1.5): Shape => [
  'rect',
  { x, y, width, height, rx, fill },
];

const padlock = (shackle: string): Shape[] => [
  line(shackle, GREY),
  box(4, 9, 12, 9, GOLD, 2),
  dot(10, 13.2, 1.6, DARK),
];
const arrow = (d: string): Shape[] => [...square(BLUE), line(d, WHITE)];
const sand: Shape[] = [
  shape('M5 3h10l-3.9 6.2v1.6L15 17H5l3.9-6.2V9.2Z', '#bcd7ee'),
  shape('M6.6 16.2 10 11.6l3.4 4.6ZM7.2 5.5h5.6L10 9.4Z', GOLD),
  line('M4.5 2.5h11M4.5 17.5h11', '#9a6a33'),
];
const bellShape: Shape[] = [
  shape('M10 2.2c3.3 0 5 2.4 5 5.4 0 3.6 1 4.7 2 6H3c1-1.3 2-2.4 2-6 0-3 1.7-5.4 5-5.4Z', GOLD),
  shape('M8 14.8h4a2 2 0 0 1-4 0Z', '#a8700c'),
];

const GLYPHS: Readonly<Record<string, readonly Shape[]>> = {
  white_check_mark: [...square(GREEN), line('M5.8 10.4 8.8 13.4 14.4 6.8', WHITE, 2.2)],
  heavy_check_mark: [line('M3.5 10.8 7.8 15 16.5 5', GREEN, 3)],
  x: [line('M4.5 4.5 15.5 15.5M15.5 4.5 4.5 15.5', RED, 3.2)],
  warning: [
    shape('M8.6 2.8a1.6 1.6 0 0 1 2.8 0l7 12.6a1.6 1.6 0 0 1-1.4 2.4H3a1.6 1.6 0 0 1-1.4-2.4Z', YELLOW),
    line('M10 7.2v4.6', DARK, 2),
    dot(10, 14.8, 1.2, DARK),
  ],
  no_entry: [dot(10, 10, 8, RED), box(5, 8.6, 10, 2.8, WHITE, 0.8)],
  no_entry_sign: [
    ['circle', { cx: 10, cy: 10, r: 7, fill: 'none', stroke: RED, 'stroke-width': 2.4 }],
    line('M5.2 5.2 14.8 14.8', RED, 2.4),
  ],
  octagonal_sign: [shape('M6.5 2h7L18 6.5v7L13.5 18h-7L2 13.5v-7Z', RED), box(6, 8.6, 8, 2.8, WHITE, 0.8)],
  rotating_light: [
    shape('M5 15V9.5a5 5 0 0 1 10 0V15Z', RED),
    box(3, 14.6, 14, 3, GREY, 1),
    line('M7.6 9.6a2.5 2.5 0 0 1 2-2', '#ffb3bb', 1.4),
    line('M2.4 6.4 1 5.6M17.6 6.4l1.4-.8M10 2.4V1', ORANGE, 1.4),
  ],
  exclamation: [line('M10 3.5v7.5', RED, 3.2), dot(10, 15.8, 1.9, RED)],
  question: [line('M6.6 7a3.4 3.4 0 1 1 5 3c-1.2.7-1.6 1.2-1.6 2.3', RED, 2.6), dot(10, 16.2, 1.7, RED)],
  grey_question: [line('M6.6 7a3.4 3.4 0 1 1 5 3c-1.2.7-1.6 1.2-1.6 2.3', GREY, 2.6), dot(10, 16.2, 1.7, GREY)],
  information_source: [...square(BLUE), dot(10, 6, 1.4, WHITE), line('M10 9.4v5', WHITE, 2.2)],
  red_circle: circle(RED),
  large_orange_circle: circle(ORANGE),
  large_yellow_circle: circle(YELLOW),
  large_green_circle: circle(GREEN),
  large_blue_circle: circle(BLUE),
  large_purple_circle: circle(PURPLE),
  white_circle: [['circle', { cx: 10, cy: 10, r: 6.8, fill: '#eceef2', stroke: '#b9bdc7', 'stroke-width': 1.4 }]],
  black_circle: [['circle', { cx: 10, cy: 10, r: 6.8, fill: DARK, stroke: GREY, 'stroke-width': 1.2 }]],
  large_red_square: square(RED),
  large_orange_square: square(ORANGE),
  large_yellow_square: square(YELLOW),
  large_green_square: square(GREEN),
  large_blue_square: square(BLUE),
  white_large_square: square('#dfe2e8'),
  black_large_square: square(DARK),
  large_blue_diamond: diamond(BLUE),
  large_orange_diamond: diamond(ORANGE),
  lock: padlock('M6.6 9V6.4a3.4 3.4 0 0 1 6.8 0V9'),
  unlock: padlock('M6.6 9V5.4a3.4 3.4 0 0 1 6.6-1'),
  closed_lock_with_key: padlock('M6.6 9V6.4a3.4 3.4 0 0 1 6.8 0V9'),
  key: [
    ['circle', { cx: 6.6, cy: 13.4, r: 3.6, fill: 'none', stroke: GOLD, 'stroke-width': 2.4 }],
    line('M9.2 10.8 16.5 3.5M13.5 6.5l2.6 2.6', GOLD, 2.4),
  ],
  shield: [
    shape('M10 1.8 17 4.2v5.2c0 4.4-2.9 7.4-7 8.8-4.1-1.4-7-4.4-7-8.8V4.2Z', '#4d7fb8'),
    shape('M10 3.8v12.3c-3-1.2-5.2-3.4-5.2-6.7V5.6Z', '#7ea9d8'),
  ],
  hourglass: sand,
  hourglass_flowing_sand: sand,
  alarm_clock: [dot(10, 10.5, 7, RED), dot(10, 10.5, 5.2, WHITE), line('M10 7.4v3.3l2 1.4', DARK, 1.4)],
  stopwatch: [
    dot(10, 11, 7, GREY),
    dot(10, 11, 5.2, WHITE),
    line('M10 8v3l2 1', DARK, 1.4),
    line('M8.4 2h3.2M10 2v2', GREY, 2),
  ],
  bell: bellShape,
  no_bell: [...bellShape, line('M3 17 17 3', RED, 2.2)],
  mag: [
    ['circle', { cx: 8.2, cy: 8.2, r: 5, fill: '#d7e9f8', stroke: GREY, 'stroke-width': 2 }],
    line('M12 12 17 17', '#9a6a33', 3),
  ],
  wrench: [
    shape(
      'M13.2 2.2a4.6 4.6 0 0 0-3.9 6.3l-6.5 6.6a1.6 1.6 0 0 0 2.2 2.2l6.6-6.5a4.6 4.6 0 0 0 6-5.8l-2.7 2.7-2.4-.5-.5-2.4 2.8-2.6a4 4 0 0 0-1.6 0Z',
      GREY,
    ),
  ],
  hammer_and_wrench: [
    line('M4 16 11 9', '#9a6a33', 2.6),
    shape('M9 4.5 12.5 1.8 18 7.3 15.2 11Z', GREY),
    line('M16 16 5 5', GREY, 2.4),
  ],
  gear: [
    ['circle', { cx: 10, cy: 10, r: 4.6, fill: 'none', stroke: GREY, 'stroke-width': 3 }],
    line(
      'M10 1.8v2.4M10 15.8v2.4M1.8 10h2.4M15.8 10h2.4M4.2 4.2l1.7 1.7M14.1 14.1l1.7 1.7M15.8 4.2l-1.7 1.7M5.9 14.1l-1.7 1.7',
      GREY,
      2.4,
    ),
  ],
  memo: [
    box(3, 2, 12, 16, '#eef0f4', 1.5),
    line('M5.6 6h6.6M5.6 9.2h6.6M5.6 12.4h3.6', GREY, 1.2),
    line('M11 14.5 17.2 8.3', ORANGE, 2.4),
  ],
  scroll: [box(4, 2, 12, 16, '#f2dfb4', 1.5), line('M6.8 6h6.4M6.8 9.2h6.4M6.8 12.4h4', '#9a7a3a', 1.2)],
  clipboard: [
    box(3.5, 3, 13, 15, '#b98a52', 1.8),
    box(5.5, 5, 9, 11, '#f3f4f7', 0.8),
    box(7, 1.6, 6, 3, GREY, 1),
    line('M7 8.4h6M7 11h6', GREY, 1.1),
  ],
  calendar: [
    box(2.5, 3.5, 15, 14, '#f3f4f7', 2),
    box(2.5, 3.5, 15, 4, RED, 2),
    line('M6 11h1.4M9.4 11h1.4M12.8 11h1.4M6 14h1.4M9.4 14h1.4', DARK, 1.4),
  ],
  bar_chart: [
    box(1.5, 1.5, 17, 17, '#f3f4f7', 2.5),
    box(4.5, 9.5, 2.8, 6, GREEN, 0.6),
    box(8.6, 5, 2.8, 10.5, RED, 0.6),
    box(12.7, 7.5, 2.8, 8, BLUE, 0.6),
  ],
  chart_with_upwards_trend: [
    box(1.5, 1.5, 17, 17, '#f3f4f7', 2.5),
    line('M4.5 14.5 8.4 10.2 11 12.2 15.5 5.5', GREEN, 1.8),
  ],
  chart_with_downwards_trend: [
    box(1.5, 1.5, 17, 17, '#f3f4f7', 2.5),
    line('M4.5 5.5 8.4 9.8 11 7.8 15.5 14.5', RED, 1.8),
  ],
  link: [
    line(
      'M8.4 11.6 11.6 8.4M9.2 6l1.6-1.6a3.4 3.4 0 0 1 4.8 4.8L14 10.8M10.8 14l-1.6 1.6a3.4 3.4 0 0 1-4.8-4.8L6 9.2',
      GREY,
      2,
    ),
  ],
  file_folder: [
    shape(
      'M2 5a1.6 1.6 0 0 1 1.6-1.6h4L9.4 5.4h7A1.6 1.6 0 0 1 18 7v8a1.6 1.6 0 0 1-1.6 1.6H3.6A1.6 1.6 0 0 1 2 15Z',
      GOLD,
    ),
  ],
  package: [
    shape('M2.5 6 10 2.5 17.5 6v8.5L10 18l-7.5-3.5Z', '#c59a63'),
    line('M2.5 6 10 9.4 17.5 6M10 9.4V18', '#8a642f', 1.2),
  ],
  bucket: [
    shape('M3.4 6h13.2l-1.6 11a1.4 1.4 0 0 1-1.4 1.1H6.4A1.4 1.4 0 0 1 5 17Z', '#7c8797'),
    line('M4 6a6 4.4 0 0 1 12 0', GREY, 1.4),
  ],
  bulb: [
    shape('M10 2a5.4 5.4 0 0 1 3.2 9.8c-.6.5-.7 1-.7 1.7h-5c0-.7-.1-1.2-.7-1.7A5.4 5.4 0 0 1 10 2Z', YELLOW),
    box(7.5, 14.4, 5, 3.4, GREY, 1),
  ],
  bust_in_silhouette: [dot(10, 6.6, 3.6, '#5b6b8a'), shape('M3.5 17.5c0-4 2.9-6 6.5-6s6.5 2 6.5 6Z', '#5b6b8a')],
  busts_in_silhouette: [
    dot(13.4, 6.8, 2.8, '#8f9cb5'),
    shape('M8.5 16.4c0-3.4 2.2-5 4.9-5s5.1 1.6 5.1 5Z', '#8f9cb5'),
    dot(7.4, 7, 3.2, '#5b6b8a'),
    shape('M1.5 17.4c0-3.8 2.6-5.8 5.9-5.8s5.9 2 5.9 5.8Z', '#5b6b8a'),
  ],
  arrow_right: arrow('M5 10h9.4M10.6 6l4 4-4 4'),
  arrow_left: arrow('M15 10H5.6M9.4 6l-4 4 4 4'),
  arrow_up: arrow('M10 15V5.6M6 9.4l4-4 4 4'),
  arrow_down: arrow('M10 5v9.4M6 10.6l4 4 4-4'),
  arrows_counterclockwise: arrow(
    'M14.6 8.4a5 5 0 0 0-9.2 1M5.4 5.6v3.8h3.8M5.4 11.6a5 5 0 0 0 9.2-1M14.6 14.4v-3.8h-3.8',
  ),
  leftwards_arrow_with_hook: arrow('M8 7.4 5 10.2l3 2.8M5.4 10.2h6.4a2.6 2.6 0 0 0 0-5.2h-2'),
  double_vertical_bar: [...square(BLUE), line('M7.6 6v8M12.4 6v8', WHITE, 2.4)],
  arrow_forward: [...square(BLUE), shape('M7.4 5.4 14.4 10l-7 4.6Z', WHITE)],
  heavy_plus_sign: [line('M10 4v12M4 10h12', GREEN, 3)],
  heavy_minus_sign: [line('M4 10h12', GREY, 3)],
  star: [shape('m10 1.8 2.5 5.3 5.8.7-4.3 4 1.2 5.8L10 14.7l-5.2 2.9L6 11.8l-4.3-4 5.8-.7Z', YELLOW)],
  sparkles: [
    shape('m8 3 1.6 4.4L14 9l-4.4 1.6L8 15l-1.6-4.4L2 9l4.4-1.6Z', YELLOW),
    shape('m15.5 11.5.8 2.2 2.2.8-2.2.8-.8 2.2-.8-2.2-2.2-.8 2.2-.8Z', GOLD),
  ],
  zap: [shape('M11.6 1.5 4 11.4h4.8L7.6 18.5 16 8H10.8Z', YELLOW)],
  tada: [
    shape('M2 18 6.6 6.6l6.8 6.8Z', GOLD),
    line('M10.4 6.6c1-1.2 1.2-2.8.4-4.2M13.4 9.6c1.6-.8 3-.8 4.6 0', PURPLE, 1.6),
    dot(15.4, 4.6, 1.2, RED),
    dot(13, 3, 0.9, BLUE),
    dot(17.4, 6.8, 0.9, GREEN),
  ],
  thumbsup: [
    shape(
      'M7 9.2 10.4 2c1.6 0 2.4 1.2 2.1 2.8L12 7.6h4.2a1.8 1.8 0 0 1 1.7 2.3l-1.7 6A1.9 1.9 0 0 1 14.4 17.4H7Z',
      YELLOW,
    ),
    box(2.2, 8.8, 3.6, 8.8, BLUE, 1),
  ],
  thumbsdown: [
    shape(
      'M7 10.8 10.4 18c1.6 0 2.4-1.2 2.1-2.8L12 12.4h4.2a1.8 1.8 0 0 0 1.7-2.3l-1.7-6A1.9 1.9 0 0 0 14.4 2.6H7Z',
      YELLOW,
    ),
    box(2.2, 2.4, 3.6, 8.8, BLUE, 1),
  ],
  wastebasket: [
    shape('M4.2 6h11.6l-1 10.6a1.6 1.6 0 0 1-1.6 1.4H6.8a1.6 1.6 0 0 1-1.6-1.4Z', GREY),
    line('M3 4.6h14M8 2.6h4', GREY, 1.8),
    line('M8.2 8.6v6.4M11.8 8.6v6.4', WHITE, 1.2),
  ],
  eyes: [
    ['ellipse', { cx: 6, cy: 10, rx: 3.6, ry: 5.4, fill: WHITE, stroke: GREY, 'stroke-width': 1 }],
    ['ellipse', { cx: 14, cy: 10, rx: 3.6, ry: 5.4, fill: WHITE, stroke: GREY, 'stroke-width': 1 }],
    dot(4.8, 10.6, 1.8, DARK),
    dot(12.8, 10.6, 1.8, DARK),
  ],
};

/** The drawing of an emoji, or nothing when the machine's own font must do. */
export function emojiGlyph(name: string): SVGElement | undefined {
  const shapes = Object.hasOwn(GLYPHS, name) ? GLYPHS[name] : undefined;
  if (shapes === undefined) return undefined;
  return svg(
    'svg',
    { viewBox: '0 0 20 20', 'aria-hidden': 'true' },
    ...shapes.map(([tag, attributes]) => svg(tag, attributes)),
  );
}
