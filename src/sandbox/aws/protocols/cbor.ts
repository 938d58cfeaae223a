/** CBOR (RFC 8949) as far as Smithy's rpc-v2-cbor uses it. */

/** Dates become tag 1 with epoch seconds, maps and structures definite maps; undefined members are left out. */
export function encodeCbor(value: unknown): Buffer {
  if (value === null || value === undefined) return Buffer.from([0xf6]);
  if (typeof value === 'boolean') return Buffer.from([value ? 0xf5 : 0xf4]);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? integer(value) : double(value);
  if (typeof value === 'string') return lengthPrefixed(3, Buffer.from(value, 'utf8'));
  if (value instanceof Uint8Array) return lengthPrefixed(2, Buffer.from(value));
  if (value instanceof Date) return Buffer.concat([Buffer.from([0xc1]), double(value.getTime() / 1000)]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(encodeCbor)]);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const present = entries.filter(([, member]) => member !== undefined);
  return Buffer.concat([
    head(5, present.length),
    ...present.flatMap(([key, member]) => [encodeCbor(String(key)), encodeCbor(member)]),
  ]);
}

function integer(value: number): Buffer {
  return value >= 0 ? head(0, value) : head(1, -1 - value);
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = 0xfb;
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

function lengthPrefixed(major: number, bytes: Buffer): Buffer {
  return Buffer.concat([head(major, bytes.length), bytes]);
}

function head(major: number, argument: number): Buffer {
  const first = major << 5;
  if (argument < 24) return Buffer.from([first | argument]);
  const [code, size] =
    argument < 0x100 ? [24, 1] : argument < 0x10000 ? [25, 2] : argument < 0x100000000 ? [26, 4] : [27, 8];
  const bytes = Buffer.alloc(1 + size);
  bytes[0] = first | code;
  if (size === 8) bytes.writeBigUInt64BE(BigInt(argument), 1);
  else bytes.writeUIntBE(argument, 1, size);
  return bytes;
}

/** Decodes one item; timestamps become Dates. Throws a RangeError on what is cut short or not CBOR. */
export function decodeCbor(bytes: Buffer): unknown {
  let position = 0;
  const BREAK = Symbol('break');

  function take(size: number): Buffer {
    if (position + size > bytes.length) throw new RangeError('the CBOR item is cut short');
    position += size;
    return bytes.subarray(position - size, position);
  }

  /** Undefined for an indefinite length. */
  function argument(info: number): number | undefined {
    if (info < 24) return info;
    if (info === 24) return take(1).readUInt8();
    if (info === 25) return take(2).readUInt16BE();
    if (info === 26) return take(4).readUInt32BE();
    if (info === 27) return Number(take(8).readBigUInt64BE());
    if (info === 31) return undefined;
    throw new RangeError(`no CBOR length has the code ${info}`);
  }

  function items(count: number | undefined): unknown[] {
    const found: unknown[] = [];
    while (count === undefined || found.length < count) {
      const next = item();
      if (next === BREAK) break;
      found.push(next);
    }
    return found;
  }

  function bytesOf(info: number): Buffer {
    const size = argument(info);
    if (size !== undefined) return take(size);
    return Buffer.concat(items(undefined).map((part) => (Buffer.isBuffer(part) ? part : Buffer.from(String(part)))));
  }

  function simple(info: number): unknown {
    if (info === 20 || info === 21) return info === 21;
    if (info === 22 || info === 23) return null;
    if (info === 25) return halfFloat(take(2).readUInt16BE());
    if (info === 26) return take(4).readFloatBE();
    if (info === 27) return take(8).readDoubleBE();
    if (info === 31) return BREAK;
    throw new RangeError(`no CBOR value has the code ${info}`);
  }

  function item(): unknown {
    const first = take(1).readUInt8();
    const info = first & 0x1f;
    switch (first >> 5) {
      case 0:
        return argument(info) ?? 0;
      case 1:
        return -1 - (argument(info) ?? 0);
      case 2:
        return bytesOf(info);
      case 3:
        return bytesOf(info).toString('utf8');
      case 4:
        return items(argument(info));
      case 5: {
        const count = argument(info);
        const flat = items(count === undefined ? undefined : count * 2);
        return Object.fromEntries(
          flat.flatMap((key, index) => (index % 2 === 0 ? [[String(key), flat[index + 1]] as const] : [])),
        );
      }
      case 6: {
        const tag = argument(info);
        const tagged = item();
        return tag === 1 && typeof tagged === 'number' ? new Date(tagged * 1000) : tagged;
      }
      default:
        return simple(info);
    }
  }

  return item();
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * 2 ** -14 * (fraction / 1024);
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}
