/** The shortcodes the workspace knows; any other stays text, as in Slack. */
const SHORTCODES: Readonly<Record<string, string>> = {
  white_check_mark: '✅',
  heavy_check_mark: '✔️',
  ballot_box_with_check: '☑️',
  x: '❌',
  negative_squared_cross_mark: '❎',
  warning: '⚠️',
  no_entry: '⛔',
  no_entry_sign: '🚫',
  octagonal_sign: '🛑',
  rotating_light: '🚨',
  exclamation: '❗',
  question: '❓',
  grey_question: '❔',
  information_source: 'ℹ️',
  red_circle: '🔴',
  large_orange_circle: '🟠',
  large_yellow_circle: '🟡',
  large_green_circle: '🟢',
  large_blue_circle: '🔵',
  large_purple_circle: '🟣',
  white_circle: '⚪',
  black_circle: '⚫',
  large_red_square: '🟥',
  large_orange_square: '🟧',
  large_yellow_square: '🟨',
  large_green_square: '🟩',
  large_blue_square: '🟦',
  white_large_square: '⬜',
  black_large_square: '⬛',
  large_blue_diamond: '🔷',
  large_orange_diamond: '🔶',
  lock: '🔒',
  unlock: '🔓',
  closed_lock_with_key: '🔐',
  key: '🔑',
  shield: '🛡️',
  hourglass: '⌛',
  hourglass_flowing_sand: '⏳',
  stopwatch: '⏱️',
  alarm_clock: '⏰',
  clock1: '🕐',
  calendar: '📅',
  bell: '🔔',
  no_bell: '🔕',
  mega: '📣',
  eyes: '👀',
  mag: '🔍',
  wrench: '🔧',
  hammer_and_wrench: '🛠️',
  gear: '⚙️',
  package: '📦',
  bucket: '🪣',
  file_folder: '📁',
  scroll: '📜',
  memo: '📝',
  clipboard: '📋',
  bar_chart: '📊',
  chart_with_upwards_trend: '📈',
  chart_with_downwards_trend: '📉',
  link: '🔗',
  pushpin: '📌',
  bust_in_silhouette: '👤',
  busts_in_silhouette: '👥',
  robot_face: '🤖',
  arrow_right: '➡️',
  arrow_left: '⬅️',
  arrow_up: '⬆️',
  arrow_down: '⬇️',
  arrow_up_small: '🔼',
  arrow_down_small: '🔽',
  arrows_counterclockwise: '🔄',
  leftwards_arrow_with_hook: '↩️',
  tada: '🎉',
  sparkles: '✨',
  star: '⭐',
  fire: '🔥',
  thumbsup: '👍',
  '+1': '👍',
  thumbsdown: '👎',
  '-1': '👎',
  wave: '👋',
  wastebasket: '🗑️',
  point_right: '👉',
  raised_hand: '✋',
  bulb: '💡',
  moneybag: '💰',
  zap: '⚡',
  snowflake: '❄️',
  zzz: '💤',
  heart: '❤️',
  rocket: '🚀',
  cloud: '☁️',
  sunny: '☀️',
  crescent_moon: '🌙',
  double_vertical_bar: '⏸️',
  arrow_forward: '▶️',
  heavy_minus_sign: '➖',
  heavy_plus_sign: '➕',
};

const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(SHORTCODES).map(([name, character]) => [character.replaceAll('\uFE0F', ''), name]),
);

export type Piece = { kind: 'text'; text: string } | { kind: 'emoji'; name: string; character: string };

const CHARACTERS = [...NAMES.keys()].sort((a, b) => b.length - a.length).join('|');
const PATTERN = new RegExp(`:([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?|(${CHARACTERS})\uFE0F?`, 'gu');

/** Splits a text into plain pieces and emoji, given as `:shortcode:` or as the character itself. */
export function splitEmoji(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(PATTERN)) {
    const name = match[1] ?? NAMES.get(match[2] ?? '');
    const character = name === undefined ? undefined : emojiCharacter(name);
    if (name === undefined || character === undefined) continue;
    if (match.index > from) pieces.push({ kind: 'text', text: text.slice(from, match.index) });
    pieces.push({ kind: 'emoji', name, character });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ kind: 'text', text: text.slice(from) });
  return pieces;
}

/** The character of a shortcode (without colons), if it is known. */
export function emojiCharacter(name: string): string | undefined {
  return Object.hasOwn(SHORTCODES, name) ? SHORTCODES[name] : undefined;
}
