/** One request from the wire to its answer: find the service, believe the caller, ask the policies, carry out, write. */
import { authenticate } from './authenticate.ts';
import { refusal } from './authorize.ts';
import { globalRegionOf } from './partitions.ts';
import { jsonWire } from './protocols/json.ts';
import { payloadOf } from './protocols/payload.ts';
import { type Authorization, parseAuthorization, type SignedRequest } from './protocols/signature.ts';
import { JSON_CODES, type Wire } from './protocols/wire.ts';
import { serviceFor, wireFor } from './routing.ts';
import type { Throttle } from './throttle.ts';
import {
  AwsError,
  type Estate,
  type HttpResponse,
  type Input,
  type Output,
  type RecordedCall,
  type RequestContext,
  type Service,
} from './types.ts';

interface Parts {
  estate: Estate;
  throttle: Throttle;
}

/** Answers a request; `drop` when its connection is to be cut. */
export function dispatch(parts: Parts, sent: SignedRequest, requestId: string): HttpResponse | 'drop' {
  const { estate } = parts;
  const authorization = parseAuthorization(sent.headers.authorization);
  const service = authorization && serviceFor(authorization, sent);
  if (!service) return unknownService(authorization, requestId);
  const call = openCall(estate, service, authorization, requestId);
  let wire: Wire = jsonWire('1.1');
  let cut = false;
  try {
    const body = payloadOf(sent.headers, sent.body);
    const bound = wireFor(service, sent, body);
    wire = bound.wire;
    const { operation, input } = wire.read(bound.request);
    call.operation = operation;
    call.input = input;
    const fault = takeFault(estate, service, operation);
    if (fault === 'drop') throw new Dropped();
    cut = fault === 'drop-answer';
    if (fault === 'http503') throw fail(wire.codes.unavailable, 'Service is unable to handle request.');
    const output = perform(parts, { service, wire, sent, authorization, operation, input, call, requestId });
    return cut ? 'drop' : wire.answer(operation, output, requestId);
  } catch (error) {
    if (error instanceof Dropped) {
      call.error = 'dropped';
      return 'drop';
    }
    const shown = error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), 500);
    call.error = shown.code;
    return cut ? 'drop' : wire.fail(shown, requestId);
  }
}

const GLOBAL = new Set(['account', 'iam', 'organizations']);

class Dropped extends Error {}

interface Ask {
  service: Service;
  wire: Wire;
  sent: SignedRequest;
  authorization: Authorization;
  operation: string;
  input: Input;
  call: RecordedCall;
  requestId: string;
}

function perform({ estate, throttle }: Parts, ask: Ask): Output {
  const { service, wire, operation, input, call } = ask;
  const { credential, account } = authenticate(estate, ask.sent, ask.authorization, wire.codes);
  call.account = account.id;
  call.caller = credential.arn;
  call.sourceIdentity = credential.sourceIdentity;
  const handler = Object.hasOwn(service.operations, operation) ? service.operations[operation] : undefined;
  if (!handler) {
    const code = service.protocol === 'query' ? 'InvalidAction' : 'UnknownOperationException';
    throw new AwsError(code, `${service.signingName} does not know the operation ${operation}.`);
  }
  if (estate.knobs.throttling && handler.quota) {
    const key = [account.id, call.region, service.signingName, handler.quota.class].join('/');
    if (!throttle.admits(key, handler.quota.perSecond)) throw fail(wire.codes.throttled, 'Rate exceeded');
  }
  // Global services answer in one region of the partition, whatever region a client with an endpoint of its own names.
  const region = GLOBAL.has(service.signingName) ? globalRegionOf(estate.partition) : ask.authorization.region;
  const context: RequestContext = { estate, account, region, credential, requestId: ask.requestId };
  const permissions = handler.permissions(context, input);
  call.actions = permissions.map(({ action }) => action);
  const refused = refusal(context, permissions);
  call.refusal = refused;
  if (refused !== undefined) {
    // SNS models its own name for this.
    const denied =
      service.signingName === 'sns' ? { code: 'AuthorizationError', status: 403 } : wire.codes.accessDenied;
    throw fail(denied, refused);
  }
  return handler.handle(context, input);
}

function openCall(estate: Estate, service: Service, authorization: Authorization, requestId: string): RecordedCall {
  const call: RecordedCall = {
    at: estate.now(),
    service: service.signingName,
    operation: '',
    account: '',
    region: authorization.region,
    caller: '',
    sourceIdentity: undefined,
    requestId,
    input: {},
    actions: [],
    refusal: undefined,
    error: undefined,
  };
  estate.calls.push(call);
  return call;
}

function takeFault(
  estate: Estate,
  service: Service,
  operation: string,
): Estate['knobs']['faults'][number]['kind'] | undefined {
  const fault = estate.knobs.faults.find(
    (candidate) =>
      candidate.remaining > 0 &&
      (candidate.service === undefined || candidate.service === service.signingName) &&
      (candidate.operation === undefined || candidate.operation === operation),
  );
  if (!fault) return undefined;
  fault.remaining -= 1;
  return fault.kind;
}

function fail(why: { code: string; status: number }, message: string): AwsError {
  return new AwsError(why.code, message, why.status);
}

function unknownService(authorization: Authorization | undefined, requestId: string): HttpResponse {
  const error = authorization
    ? new AwsError('UnknownOperationException', `There is no service ${authorization.service} here.`, 404)
    : fail(JSON_CODES.missingAuthentication, 'Request is missing Authentication Token');
  return jsonWire('1.1').fail(error, requestId);
}
