/** Calls a second of one account in one region: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html */

/** Get, Describe and List share these. */
export const READ = { class: 'read', perSecond: 10 };

/** Everything that is not Get, Describe, List or Lookup. */
export const WRITE = { class: 'write', perSecond: 1 };
