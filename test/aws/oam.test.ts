import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, expect, it, vi } from 'vitest';
import { createAws } from '../../src/aws/aws.ts';
import { classify } from '../../src/aws/classify.ts';
import { createOamClient } from '../../src/aws/oam/client.ts';
import { createLogger } from '../../src/ops/logger.ts';
import { connect, failureOf, HUB, serve } from './support.ts';

const LINK = {
  Arn: `arn:aws:oam:eu-central-1:${HUB}:link/1`,
  Id: '1',
  Label: 'prod',
  ResourceTypes: ['AWS::Logs::LogGroup', 'AWS::CloudWatch::Metric'],
  SinkArn: 'arn:aws:oam:eu-central-1:222222222222:sink/2',
};

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Answers requests one after the other, and keeps their heads. */
async function answering(...answers: [number, object][]) {
  const requests: IncomingMessage[] = [];
  const endpoint = await serve((request: IncomingMessage, response: ServerResponse) => {
    const [status, body] = answers[requests.length] ?? [500, {}];
    requests.push(request);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  return { endpoint, requests };
}

it('lists links page by page, signed for their service', async () => {
  const second = { ...LINK, Id: '2', Label: 'stage' };
  const { endpoint, requests } = await answering(
    [200, { Items: [LINK], NextToken: 'more' }],
    [200, { Items: [second] }],
  );
  const { aws, calls } = connect(endpoint);
  const labels: (string | undefined)[] = [];
  for await (const { Items = [] } of aws.self(HUB).pages('oam:ListLinks', 'eu-central-1', {})) {
    labels.push(...Items.map(({ Label }) => Label));
    expect(Items[0]).toMatchObject({ ResourceTypes: LINK.ResourceTypes, SinkArn: LINK.SinkArn });
  }
  expect(labels).toEqual(['prod', 'stage']);
  expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /ListLinks', 'POST /ListLinks']);
  expect(requests[0]?.headers.authorization).toMatch(/\/eu-central-1\/oam\/aws4_request/);
  expect(calls.map(({ operation }) => operation)).toEqual(['oam:ListLinks', 'oam:ListLinks']);
});

it.each<[string, number, object, object]>([
  [
    'a refusal',
    403,
    { __type: 'AccessDeniedException', Message: 'User is not authorized to perform: oam:ListLinks' },
    { kind: 'denied', action: 'oam:ListLinks' },
  ],
  [
    'something else',
    400,
    { __type: 'InvalidParameterException', message: 'no' },
    { code: 'InvalidParameterException' },
  ],
])('names the error: %s', async (_, status, body, expected) => {
  const { endpoint } = await answering([status, body]);
  const error = await failureOf(connect(endpoint).aws.self(HUB).call('oam:ListLinks', 'eu-central-1', {}));
  expect(classify(error, 'oam:ListLinks')).toMatchObject(expected);
});

it('goes where the environment says', async () => {
  const { endpoint, requests } = await answering([200, { Items: [] }]);
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  const aws = createAws({
    config: { region: 'eu-central-1' },
    now: () => new Date(),
    logger: createLogger({ level: 'silent' }),
    env: process.env,
    credentials: () => Promise.resolve({ accessKeyId: 'AKIA', secretAccessKey: 'secret' }),
  });
  await aws.self(HUB).call('oam:ListLinks', 'eu-central-1', {});
  aws.close();
  expect(requests).toHaveLength(1);
});

it.each([
  ['eu-central-1', 'https://oam.eu-central-1.amazonaws.com/'],
  ['cn-north-1', 'https://oam.cn-north-1.amazonaws.com.cn/'],
])('lies in %s at %s', (region, url) => {
  const { config } = createOamClient({ region });
  expect(config.endpointProvider({ Region: region }).url.href).toBe(url);
});
