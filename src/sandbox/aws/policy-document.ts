import { isRecord } from './input.ts';
import { AwsError, type PolicyDocument, type PolicyStatement } from './types.ts';

/** Parses a policy as a service receives it: JSON with at least one statement that has an effect and actions. */
export function parsePolicy(text: string, code = 'MalformedPolicyDocument'): PolicyDocument {
  const malformed = (why: string) => new AwsError(code, why);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw malformed('Syntax errors in policy.');
  }
  if (!isRecord(parsed)) throw malformed('Syntax errors in policy.');
  const statements = Array.isArray(parsed.Statement) ? parsed.Statement : [parsed.Statement];
  if (!statements.every(isStatement)) throw malformed('Syntax errors in policy.');
  return {
    ...(typeof parsed.Version === 'string' ? { Version: parsed.Version } : {}),
    ...(typeof parsed.Id === 'string' ? { Id: parsed.Id } : {}),
    Statement: statements,
  };
}

function isStatement(value: unknown): value is PolicyStatement {
  if (!isRecord(value)) return false;
  const known = value.Effect === 'Allow' || value.Effect === 'Deny';
  return known && (value.Action !== undefined || value.NotAction !== undefined);
}
