/** The check that owns the cause of an error code with which CloudTrail fails to deliver files. */
export function checkBehind(error: string): string {
  if (error.includes('NoSuchBucket')) return 'bucket/exists';
  if (error.startsWith('KMS')) return 'key/usable or key/delivery-policy';
  return 'bucket/delivery-policy';
}
