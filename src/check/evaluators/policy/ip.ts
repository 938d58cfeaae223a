export type Range = { readonly version: 4 | 6; readonly base: bigint; readonly length: number };

/** An address or a CIDR range; undefined for anything else. */
export function parseRange(text: string): Range | undefined {
  const [address = '', length, ...rest] = text.split('/');
  const version = address.includes(':') ? 6 : 4;
  const bits = version === 6 ? 128 : 32;
  const base = version === 6 ? parseV6(address) : parseV4(address);
  const size = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if (base === undefined || rest.length > 0 || size < 0 || size > bits) return undefined;
  return { version, base, length: size };
}

/** Does the range contain the address (or the whole other range)? Families never meet. */
export function contains(range: Range, other: Range): boolean {
  if (range.version !== other.version || other.length < range.length) return false;
  const shift = BigInt((range.version === 6 ? 128 : 32) - range.length);
  return range.base >> shift === other.base >> shift;
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function parseV6(text: string): bigint | undefined {
  const [head = '', tail, ...rest] = text.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = 8 - left.length - right.length;
  if (rest.length > 0 || (tail === undefined ? missing !== 0 : missing < 1)) return undefined;
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}
