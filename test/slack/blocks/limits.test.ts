import type { KnownBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { cut, cutLines, cutMiddle, fitBlocks, textLength } from '../../../src/slack/blocks/limits.ts';

const block = (text: string): KnownBlock => ({ type: 'section', text: { type: 'mrkdwn', text } });

it('cut and cutMiddle keep to the length and leave what fits alone', () => {
  expect([cut('short', 10), cut('much too long', 8)]).toEqual(['short', 'much to…']);
  expect([cutMiddle('short', 10), cutMiddle('trail-of-account-one', 11)]).toEqual(['short', 'trail…t-one']);
});

describe('cutLines', () => {
  it.each([
    ['all that fits', ['a', 'b'], { most: 5, chars: 500 }, ['a', 'b']],
    ['says how many lines are left out', ['a', 'b', 'c'], { most: 2, chars: 500 }, ['a', 'b', '… 1 more line']],
    [
      'says how much of a line is left out',
      ['x'.repeat(400)],
      { most: 5, chars: 150 },
      [`${'x'.repeat(90)} … 310 more characters`],
    ],
  ])('%s', (_, lines, limits, shown) => {
    expect(cutLines(lines, limits)).toEqual(shown);
  });

  it('keeps to its characters whatever the lines are', () => {
    const lines = Array.from({ length: 500 }, (_, at) => 'y'.repeat(at * 7));
    expect(cutLines(lines, { most: 400, chars: 2_900 }).join('\n').length).toBeLessThanOrEqual(2_900);
  });
});

describe('fitBlocks', () => {
  const rest = (left: number) => block(`${left} left`);

  it('shows all when there is room', () => {
    expect(
      fitBlocks({ head: [block('h')], body: [[block('a')]], tail: [block('t')] }, { blocks: 9, chars: 900 }, rest),
    ).toEqual([block('h'), block('a'), block('t')]);
  });

  it('leaves out whole groups at the end, says how many, and keeps the tail', () => {
    const body = Array.from({ length: 6 }, (_, at) => [block(`${at}`), block('note')]);
    expect(fitBlocks({ head: [], body, tail: [block('t')] }, { blocks: 6, chars: 900 }, rest)).toEqual([
      block('0'),
      block('note'),
      block('1'),
      block('note'),
      block('4 left'),
      block('t'),
    ]);
  });

  it('counts characters as well as blocks', () => {
    const body = Array.from({ length: 6 }, () => [block('z'.repeat(300))]);
    const fitted = fitBlocks({ head: [], body }, { blocks: 40, chars: 1_000 }, rest);
    expect(textLength(fitted)).toBeLessThanOrEqual(1_000);
    expect(fitted.at(-1)).toEqual(block('4 left'));
  });
});
