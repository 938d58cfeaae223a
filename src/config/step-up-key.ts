const BYTES = 32;

/** The key of an AES-256 cipher from its text, hex or base64 (of either alphabet). Undefined for anything else. */
export function readStepUpKey(text: string): Buffer | undefined {
  const trimmed = text.trim();
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, 'hex');
  if (!/^[\w+/-]{43}=?$/.test(trimmed)) return undefined;
  const key = Buffer.from(trimmed, 'base64');
  return key.length === BYTES ? key : undefined;
}
