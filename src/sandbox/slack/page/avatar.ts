import { h, svg } from './dom.ts';

/** A coloured square with initials; the same name always has the same colour. The app has a sign of its own. */
export function drawAvatar(name: string, kind: 'person' | 'app', size: 'small' | 'medium' | 'large'): HTMLElement {
  if (kind === 'app') return h('span', { class: `avatar app ${size}`, 'aria-hidden': 'true' }, drawAppSign(name));
  const initials = name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase();
  return h('span', { class: `avatar hue-${hueOf(name)} ${size}`, 'aria-hidden': 'true' }, initials);
}

function hueOf(name: string): number {
  return [...name].reduce((sum, character) => (sum * 163 + (character.codePointAt(0) ?? 0)) % 9973, 7) % 8;
}

function drawAppSign(name: string): SVGElement {
  if (name === 'Slackbot') {
    return svg(
      'svg',
      { viewBox: '0 0 32 32' },
      svg('circle', { cx: 11, cy: 14, r: 3 }),
      svg('circle', { cx: 21, cy: 14, r: 3 }),
      svg('path', { d: 'M10 21q6 4 12 0' }),
    );
  }
  return svg(
    'svg',
    { viewBox: '0 0 32 32' },
    svg('path', { d: 'M8 22 16 8l8 14' }),
    svg('path', { d: 'm12.5 18.5 3 3 5-6', class: 'tick' }),
  );
}
