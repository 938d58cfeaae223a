const MASK = '[redacted]';

/** Key names whose values are never shown, compared without case, `_`, `-` and `.`: `x-amz-security-token`, `SLACK_BOT_TOKEN`. */
const SECRET_KEY =
  /(?:token|secret|passwords?|passwd|passphrase|authorization|credentials?|cookies?|accesskey|privatekey)$/;

/** Text forms of secrets. Group 1 is kept, the rest is masked. None matches a quote, so that JSON stays JSON. */
const SECRET_TEXT: readonly RegExp[] = [
  // Slack tokens: bot, user, configuration, app-level, workflow; rotated ones have two prefixes ("xoxe.xoxb-").
  /()\b(?:xox[a-z]\.)?(?:xox[a-z]|xapp|xwfp)-[\w-]+/gi,
  // A webhook or response_url is a credential in itself.
  /(https:\/\/hooks\.slack\.com\/)[^\s"'<>\\]+/gi,
  // The password of a URL, up to its last "@".
  /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/"'\\]*:)[^\s"'\\]+(?=@)/gi,
  /((?:Bearer|Basic)\s+)[\w.~+/=-]{8,}/gi,
  /(\bX-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"'\\]+/gi,
  /(\bSignature=)[0-9a-f]{64}/gi,
  // "secret_access_key = …", "password: …", `"sessionToken":"…"` (also escaped once within JSON).
  /(\b[\w.-]*(?:token|secret|password|passwd|secret[_-]?access[_-]?key)\\?["']?\s*[:=]\s*\\?["']?)(?!\[redacted\])[^\s"',;&}\])\\]{4,}/gi,
  // STS session tokens begin with one of these.
  /()\b(?:IQoJ|FwoG|FQoG)[\w/+=]{40,}/g,
  // A secret access key: 40 characters with all three kinds, which neither a hex digest nor a word has.
  /()(?<![\w/+=.:-])(?=[A-Za-z0-9/+]{0,39}[a-z])(?=[A-Za-z0-9/+]{0,39}[A-Z])(?=[A-Za-z0-9/+]{0,39}[0-9])[A-Za-z0-9/+]{40}(?![\w/+=.:-])/g,
  /()-----BEGIN [A-Z ]*PRIVATE KEY-----[^"]*?-----END [A-Z ]*PRIVATE KEY-----/g,
];

/** Masks everything in a text that looks like a secret. For errors, messages and log lines; idempotent. */
export function redact(text: string): string {
  return SECRET_TEXT.reduce((masked, pattern) => masked.replace(pattern, `$1${MASK}`), text);
}

/** Whether a text holds something that looks like a secret. */
export function looksSecret(text: string): boolean {
  return redact(text) !== text;
}

/** Whether values under this key are secret by their name. */
export function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key.toLowerCase().replace(/[_.-]/g, ''));
}

/** A copy of a value fit for a log: secrets masked by key and by form at any depth, errors as plain data. */
export function redactValue(value: unknown): unknown {
  return copy(value, new Set());
}

function copy(value: unknown, above: ReadonlySet<object>): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return value;
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (above.has(value)) return '[circular]';
  if (above.size >= 12) return '[deeper]';
  const within = new Set(above).add(value);
  if (Array.isArray(value)) return value.map((item) => copy(item, within));
  const entries: [string, unknown][] = value instanceof Error ? errorEntries(value) : Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, item]) => [key, item !== undefined && isSecretKey(key) ? MASK : copy(item, within)]),
  );
}

/** `$response` is left out: it holds sockets and the headers of the answer. */
function errorEntries(error: Error): [string, unknown][] {
  const own = Object.entries(error).filter(([key]) => key !== '$response' && key !== 'name' && key !== 'message');
  const cause: [string, unknown][] = error.cause === undefined ? [] : [['cause', error.cause]];
  return [['type', error.name], ['message', error.message], ['stack', error.stack], ...cause, ...own];
}
