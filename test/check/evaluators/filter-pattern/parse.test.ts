import { describe, expect, it } from 'vitest';
import { matchesEvent } from '../../../../src/check/evaluators/filter-pattern/evaluate.ts';
import { isSyntaxProblem, parsePattern } from '../../../../src/check/evaluators/filter-pattern/parse.ts';

describe('parsePattern', () => {
  it('binds && tighter than ||, and brackets tighter than both', () => {
    const a = { a: 1 };
    const c = { c: 1, b: 1 };
    expect(matchesEvent('{ $.a = 1 || $.b = 1 && $.c = 1 }', a)).toBe(true);
    expect(matchesEvent('{ ($.a = 1 || $.b = 1) && $.c = 1 }', a)).toBe(false);
    expect(matchesEvent('{(($.a=1)||(($.b=1)))&&($.c=1)}', c)).toBe(true);
  });

  it.each<[string, string, number]>([
    ['no braces', '$.a = 1', 0],
    ['words of a plain-text pattern', 'ERROR', 0],
    ['a pattern for columns', '[ip, user]', 0],
    ['no end', '{ $.a = 1', 9],
    ['a bracket too few', '{ ($.a = 1 }', 11],
    ['a bracket too many', '{ $.a = 1) }', 9],
    ['a single &', '{ $.a = 1 & $.b = 2 }', 10],
    ['an unquoted text with a space', '{ $.a = Failed authentication }', 15],
    ['no field', '{ a = 1 }', 2],
    ['no value', '{ $.a = }', 8],
    ['a field alone', '{ $.a }', 6],
    ['text after the end', '{ $.a = 1 } x', 12],
    ['an order of texts', '{ $.a > x }', 8],
    ['an unfinished text', '{ $.a = "x }', 8],
    ['a group in a regular expression', '{ $.a = %(a+)+$% }', 8],
    ['a broken regular expression', '{ $.a = %[a% }', 8],
  ])('refuses %s', (_, text, position) => {
    const parsed = parsePattern(text);
    expect(isSyntaxProblem(parsed) && parsed.position).toBe(position);
  });
});

describe('evaluatePattern', () => {
  const event = {
    eventName: 'ConsoleLogin',
    'odd.key': 'x',
    errorMessage: 'Failed authentication',
    userIdentity: { type: 'Root', invokedBy: null },
    requestParameters: { ids: ['a', 'b'], count: 3, rate: '3', on: true, off: false, q: 'a?b', star: 'a*b' },
  };

  it.each<[string, boolean]>([
    ['{ $.eventName = ConsoleLogin }', true],
    ['{ $.eventName = "ConsoleLogin" }', true],
    ['{ $.eventName = consolelogin }', false],
    ['{ $.eventName = Console* }', true],
    ['{ $.eventName = "*sole*in" }', true],
    ['{ $.eventName != ConsoleLogin }', false],
    ['{ $.errorMessage = "Failed authentication" }', true],
    ['{ $.missing = x }', false],
    ['{ $.missing != x }', true],
    ['{ $.missing NOT EXISTS }', true],
    ['{ $.userIdentity.invokedBy NOT EXISTS }', false],
    ['{ $.userIdentity.invokedBy IS NULL }', true],
    ['{ $.userIdentity.type = Root && $.eventType NOT EXISTS }', true],
    ['{ $.requestParameters.ids[0] = a }', true],
    ['{ $.requestParameters.ids[2] NOT EXISTS }', true],
    ['{ $.requestParameters.ids[*] = b }', true],
    ['{ $.requestParameters.ids = a }', false],
    ["{ $['odd.key'] = x }", true],
    ['{ $.requestParameters.count = 3 }', true],
    ['{ $.requestParameters.count = 3.0 }', true],
    ['{ $.requestParameters.rate = 3 }', true],
    ['{ $.requestParameters.count >= 3 && $.requestParameters.count < 4 }', true],
    ['{ $.requestParameters.rate > 1 }', false],
    ['{ $.requestParameters.on IS TRUE && $.requestParameters.off IS FALSE }', true],
    ['{ $.requestParameters.q = "a?b" }', true],
    ['{ $.requestParameters.star = "a?b" }', false],
    ['{ $.eventName = %^Con.*in$% }', true],
    ['{ $.eventName = %logout% }', false],
    ['', true],
    ['""', true],
    ['{', false],
  ])('%s', (pattern, expected) => {
    expect(matchesEvent(pattern, event)).toBe(expected);
  });
});
