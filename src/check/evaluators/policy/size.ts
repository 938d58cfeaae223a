import type { RawPolicy } from './types.ts';

/** Bytes that AWS takes. Buckets: 20 KB; keys: 32 KB; topics: 30 KB. */
const LIMITS = { bucket: 20_480, key: 32_768, topic: 30_720 } as const;

/** How large a policy is when put (UTF-8, no white space), and whether AWS takes it. */
export function policySize(
  kind: keyof typeof LIMITS,
  document: RawPolicy,
): { readonly bytes: number; readonly limit: number; readonly fits: boolean } {
  const bytes = new TextEncoder().encode(JSON.stringify(document)).length;
  return { bytes, limit: LIMITS[kind], fits: bytes <= LIMITS[kind] };
}
