import type { Context } from './conditions.ts';

const VARIABLE = /\$\{([^}]*)\}/g;

/** Only documents of this version have variables; in others `${…}` is text. */
export function hasVariables(version: string, text: string): boolean {
  return version === '2012-10-17' && /\$\{[^}]*\}/.test(text);
}

/**
 * Puts the request's values in place of `${aws:PrincipalAccount}` and the like. `unknown` if a value is not known;
 * undefined if a key is absent and has no default, in which case the text matches nothing.
 */
export function substitute(text: string, context: Context): string | 'unknown' | undefined {
  let outcome: 'unknown' | 'absent' | undefined;
  const filled = text.replace(VARIABLE, (_, inner: string) => {
    // `${*}`, `${?}` and `${$}` stand for the characters; matched as wildcards they are only a little too wide.
    if (['*', '?', '$'].includes(inner)) return inner;
    const [key = '', fallback] = inner.split(/,(.*)/s);
    const name = key.trim().toLowerCase();
    const values = context[name];
    if (values === undefined) outcome = 'unknown';
    const value = values?.[0] ?? /^\s*'(.*)'\s*$/s.exec(fallback ?? '')?.[1];
    if (value === undefined) outcome ??= 'absent';
    return value ?? '';
  });
  if (outcome === 'unknown') return 'unknown';
  return outcome === 'absent' ? undefined : filled;
}
