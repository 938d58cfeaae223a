/** Does the text match the pattern? `*` is any run of characters, `?` any one. Case-sensitive. */
export function globMatch(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < text.length; ) {
    const wanted = pattern[at];
    if (wanted === '*') {
      star = at++;
      resume = index;
    } else if (wanted === text[index] || (wanted === '?' && text[index] !== '*')) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resume;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

/**
 * How a pattern of a policy meets what is asked for, which may be a pattern itself (`…/AWSLogs/1/*`, all of it being
 * meant): it covers all of it, a part of it, or nothing. In the target a `*` is matched by a `*` only.
 */
export function globRelation(pattern: string, target: string): 'covers' | 'overlaps' | 'disjoint' {
  if (globMatch(pattern, target)) return 'covers';
  if (!/[*?]/.test(target)) return 'disjoint';
  return overlap(pattern, target) ? 'overlaps' : 'disjoint';
}

/** Is there a text that both patterns match? One row a character of the one, one cell a character of the other. */
function overlap(one: string, other: string): boolean {
  let row = [true, ...Array.from(other, (_, index) => /^\**$/.test(other.slice(0, index + 1)))];
  for (const a of one) {
    const next = [a === '*' && row[0] === true];
    for (const [index, b] of Array.from(other).entries()) {
      const [left, up, diagonal] = [next[index] === true, row[index + 1] === true, row[index] === true];
      const meets = a === b || a === '?' || b === '?';
      next.push(a === '*' || b === '*' ? left || up || diagonal : meets && diagonal);
    }
    row = next;
  }
  return row.at(-1) === true;
}
