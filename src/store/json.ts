/**
 * JSON text for a jsonb column. PostgreSQL refuses a NUL and half a surrogate pair in jsonb; both turn up in the wild
 * (an emoji cut in two by a length limit), so they become U+FFFD instead of losing the whole row.
 */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  return /\\u(?:0000|d[89a-f])/.test(text) ? JSON.stringify(clean(JSON.parse(text))) : text;
}

/** Text for a text column, which takes no NUL and no half surrogate pair either. */
export function toText(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return toText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [clean(key), clean(member)]));
}

/** JSON with the members of every object in order, so that a value has one text however the database kept it. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
