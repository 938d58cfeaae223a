import { Agent } from 'node:http';
import { crc32 } from 'node:zlib';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { GetPublicAccessBlockCommand, PutPublicAccessBlockCommand, S3ControlClient } from '@aws-sdk/client-s3-control';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { expect, test } from 'vitest';
import { alarm } from '../../../../src/sandbox/aws/builders.ts';
import { decodeCbor, encodeCbor } from '../../../../src/sandbox/aws/protocols/cbor.ts';
import { payloadOf } from '../../../../src/sandbox/aws/protocols/payload.ts';
import { parseForm } from '../../../../src/sandbox/aws/protocols/query.ts';
import { cborWire } from '../../../../src/sandbox/aws/protocols/rpc-cbor.ts';
import { child, parseXml, textOf, writeXml } from '../../../../src/sandbox/aws/protocols/xml.ts';
import { AwsError } from '../../../../src/sandbox/aws/types.ts';
import { MANAGEMENT, smallEstate } from './support.ts';

test('S3 Control is known by the account in front of its host', async () => {
  const { aws, as, admin, management } = await smallEstate();
  // Names under localhost are not resolved everywhere.
  const lookup = new Agent({ lookup: (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]) });
  const control = new S3ControlClient({
    ...as(admin),
    endpoint: aws.endpoint.replace('127.0.0.1', 'localhost'),
    requestHandler: new NodeHttpHandler({ httpAgent: lookup }),
  });
  const flags = {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: false,
  };
  await control.send(new PutPublicAccessBlockCommand({ AccountId: MANAGEMENT, PublicAccessBlockConfiguration: flags }));
  expect(management.publicAccessBlock).toEqual(flags);
  const read = await control.send(new GetPublicAccessBlockCommand({ AccountId: MANAGEMENT }));
  expect(read.PublicAccessBlockConfiguration).toEqual(flags);
});

test('CloudWatch answers JSON clients', async () => {
  const { as, admin, estate, management } = await smallEstate();
  alarm(estate, management, 'us-east-1', 'changes <!here>', { Namespace: 'N', MetricName: 'M' });
  const { MetricAlarms } = await new CloudWatchClient(as(admin)).send(new DescribeAlarmsCommand());
  expect(MetricAlarms?.map((found) => [found.AlarmName, found.Threshold])).toEqual([['changes <!here>', 1]]);
});

test.each([
  0,
  23,
  24,
  255,
  256,
  65_536,
  2 ** 32,
  -1,
  -500,
  1.5,
  true,
  false,
  null,
  '',
  'ünï🚨',
  [1, [2, 'x']],
  { a: { b: [true] } },
])('CBOR carries %j there and back', (value) => {
  expect(decodeCbor(encodeCbor(value))).toEqual(value);
});

test('CBOR has dates, byte strings, absent members, half floats and indefinite lengths', () => {
  const at = new Date('2026-11-20T01:02:03.500Z');
  expect(decodeCbor(encodeCbor({ at, gone: undefined }))).toEqual({ at });
  expect(decodeCbor(encodeCbor(Buffer.from([1, 2])))).toEqual(Buffer.from([1, 2]));
  expect(decodeCbor(Buffer.from('f93e00', 'hex'))).toBe(1.5);
  expect(decodeCbor(Buffer.from('bf61619f0102ffff', 'hex'))).toEqual({ a: [1, 2] });
  expect(() => decodeCbor(Buffer.from('6261', 'hex'))).toThrow('cut short');
});

test('RPC over CBOR finds the operation in the path and names its errors', () => {
  const path = '/service/GraniteServiceVersion20100801/operation/DescribeAlarms';
  const request = { method: 'POST', path, query: new URLSearchParams(), headers: {}, host: '' };
  expect(cborWire.read({ ...request, body: encodeCbor({ MaxRecords: 5 }) })).toEqual({
    operation: 'DescribeAlarms',
    input: { MaxRecords: 5 },
  });
  expect(cborWire.read({ ...request, body: Buffer.alloc(0) }).input).toEqual({});
  const failed = cborWire.fail(new AwsError('ResourceNotFound', 'no such alarm'), 'r');
  expect(decodeCbor(Buffer.from(failed.body))).toEqual({ __type: 'ResourceNotFound', message: 'no such alarm' });
});

test('a form becomes structures, lists in their order, and maps', () => {
  const form = new URLSearchParams([
    ['Tags.member.2.Key', 'b'],
    ['Tags.member.10.Key', 'c'],
    ['Tags.member.1.Key', 'a'],
    ['Attributes.entry.1.key', 'Policy'],
    ['Attributes.entry.1.value', '{}'],
    ['Source.Owner', 'AWS'],
    ['Empty.member', ''],
  ]);
  expect(parseForm(form)).toEqual({
    Tags: [{ Key: 'a' }, { Key: 'b' }, { Key: 'c' }],
    Attributes: { Policy: '{}' },
    Source: { Owner: 'AWS' },
    Empty: [],
  });
});

test('XML is written escaped and read back, with attributes, entities, CDATA and comments', () => {
  const text = '<&>"\' ü🚨\r';
  expect(textOf(parseXml(writeXml('Root', { A: text, B: [1, 2], C: undefined })), 'A')).toBe(text);
  const parsed = parseXml(
    '<?xml version="1.0"?><!-- x --><s:Root a="1&amp;2"><In><![CDATA[<raw>]]>&#65;</In><Out/></s:Root>',
  );
  expect([parsed.name, parsed.attributes.a, textOf(parsed, 'In'), child(parsed, 'Out')?.text]).toEqual([
    'Root',
    '1&2',
    '<raw>A',
    '',
  ]);
});

test.each(['', 'text', '<a>', '<a></b>', '<a/><b/>', '<a></a>tail<', '</a>'])('%j is no XML document', (source) => {
  expect(() => parseXml(source)).toThrow('malformed XML');
});

test('a chunked body is put together, and a checksum that does not fit is refused', () => {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32('hello!'));
  const trailer = `x-amz-checksum-crc32:${checksum.toString('base64')}`;
  const framed = (word: string) => Buffer.from(`5;chunk-signature=abc\r\n${word}\r\n1\r\n!\r\n0\r\n${trailer}\r\n\r\n`);
  const headers = { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' };
  expect(payloadOf(headers, framed('hello')).toString()).toBe('hello!');
  expect(() => payloadOf(headers, framed('hullo'))).toThrow('checksum');
});
