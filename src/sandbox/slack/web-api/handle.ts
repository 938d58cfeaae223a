import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { SlackError } from '../errors.ts';
import { takeFault } from '../faults.ts';
import { type Dict, optionalText } from '../json.ts';
import { sendJson } from '../respond.ts';
import type { Site } from '../site.ts';
import { METHODS } from './methods.ts';
import { overLimit, type RateLimiter } from './rate-limits.ts';
import { readArguments, tokenOf } from './request.ts';

/** Bot scopes as the app's manifest asks for them; Slack sends them with every answer. */
const SCOPES = [
  'app_mentions:read',
  'channels:history',
  'channels:read',
  'chat:write',
  'chat:write.public',
  'commands',
  'files:write',
  'groups:history',
  'groups:read',
  'im:history',
  'im:write',
  'metadata.message:read',
  'reactions:write',
  'usergroups:read',
  'users:read',
  'users:read.email',
];

/** Answers one call of `/api/<method>`. */
export async function handleApi(
  site: Site,
  limiter: RateLimiter,
  method: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const args = await readArguments(request, new URL(request.url ?? '/', site.url));
  const slow = takeFault(site.faults, 'delay', method);
  if (slow) await sleep(slow.ms);
  if (takeFault(site.faults, 'http-500', method)) {
    response.writeHead(500, { 'content-type': 'text/plain' }).end('Internal Server Error');
    return;
  }
  const limited = takeFault(site.faults, 'rate-limit', method)?.retryAfter;
  const wait = limited ?? overLimit(limiter, method, optionalText(args.channel), site.workspace.now());
  if (wait !== undefined) {
    sendJson(response, 429, { ok: false, error: 'ratelimited' }, { 'retry-after': String(wait) });
    return;
  }
  sendJson(response, 200, answered(site, method, tokenOf(request, args), args), {
    'x-oauth-scopes': SCOPES.join(','),
    'x-accepted-oauth-scopes': '',
  });
}

function answered(site: Site, method: string, token: string, args: Dict): Dict {
  try {
    const run = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
    if (!run) throw new SlackError('unknown_method', { req_method: method });
    requireToken(site, method, token);
    const refused = takeFault(site.faults, 'refuse', method);
    if (refused) throw new SlackError(refused.reason ?? 'is_archived');
    return { ok: true, ...run({ site, args }) };
  } catch (error) {
    if (error instanceof SlackError) return { ok: false, error: error.code, ...error.extra };
    throw error;
  }
}

/** Only `apps.connections.open` takes the app-level token, and it takes no other. */
function requireToken(site: Site, method: string, token: string): void {
  if (token === '') throw new SlackError('not_authed');
  if (token !== site.botToken && token !== site.appToken) throw new SlackError('invalid_auth');
  const wanted = method === 'apps.connections.open' ? site.appToken : site.botToken;
  if (token !== wanted) throw new SlackError('not_allowed_token_type');
}
