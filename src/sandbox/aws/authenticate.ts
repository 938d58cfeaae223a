/** Who signed a request: the access key, its session token, its age and the signature itself. */
import { type Authorization, type SignedRequest, signatureHolds } from './protocols/signature.ts';
import type { WireCodes } from './protocols/wire.ts';
import { type Account, AwsError, type Credential, type Estate } from './types.ts';

/** Throws an AwsError, in the words of the protocol, when the request is not to be believed. */
export function authenticate(
  estate: Estate,
  request: SignedRequest,
  authorization: Authorization | undefined,
  codes: WireCodes,
): { credential: Credential; account: Account } {
  const refuse = (why: { code: string; status: number }, message: string) =>
    new AwsError(why.code, message, why.status);
  if (!authorization) throw refuse(codes.missingAuthentication, 'Request is missing Authentication Token');
  const credential = estate.credentials.get(authorization.accessKeyId);
  const account = credential && estate.accounts.get(credential.accountId);
  const invalid = () => refuse(codes.unknownKey, 'The security token included in the request is invalid.');
  if (!credential || !account) throw invalid();
  if (credential.sessionToken !== request.headers['x-amz-security-token']) throw invalid();
  if (credential.expiresAt && credential.expiresAt <= estate.now()) {
    throw refuse(codes.expired, 'The security token included in the request is expired');
  }
  if (!signatureHolds(request, authorization, credential.secretAccessKey)) {
    throw refuse(
      codes.badSignature,
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
    );
  }
  // A region that the account has not opted into, or of another partition, does not know the account's keys.
  if (!account.enabledRegions.includes(authorization.region)) {
    throw invalid();
  }
  return { credential, account };
}
