import type { Dict } from './json.ts';

/** An answer `{ok: false, error: code, ...extra}` of the Web API. */
export class SlackError extends Error {
  override readonly name = 'SlackError';
  readonly code: string;
  readonly extra: Dict;

  constructor(code: string, extra: Dict = {}) {
    super(code);
    this.code = code;
    this.extra = extra;
  }
}

/** Something a person (page or control API) asked for that cannot be done; `message` says what is possible instead. */
export class PersonError extends Error {
  override readonly name = 'PersonError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export function invalidArguments(message: string): SlackError {
  return new SlackError('invalid_arguments', { response_metadata: { messages: [`[ERROR] ${message}`] } });
}
