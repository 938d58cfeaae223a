/** AWS text for people: no control characters, which could move the cursor or recolour what follows, nor turned writing. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu, '·').toWellFormed();
}

/**
 * Text of at most `most` bytes in UTF-8, cut between characters and ended by `…`. AWS counts characters in some places
 * and bytes in others; bytes are the stricter of the two.
 */
export function clip(text: string, most: number): string {
  if (Buffer.byteLength(text) <= most) return text;
  const ending = '…';
  let left = most - Buffer.byteLength(ending);
  let kept = '';
  for (const character of text) {
    left -= Buffer.byteLength(character);
    if (left < 0) break;
    kept += character;
  }
  return `${kept}${ending}`;
}
