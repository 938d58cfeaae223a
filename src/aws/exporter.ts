import { TrailCheckError } from '../ops/error.ts';

/** All that the exporter does: bring findings into Security Hub, and read back its own (decision 44). */
const OPERATIONS: readonly string[] = ['securityhub:BatchImportFindings', 'securityhub:GetFindings'];

/** Session policy of the exporter, whatever its role may do. */
export const EXPORTER_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: OPERATIONS, Resource: '*' }],
});

/** Throws for anything the exporter has no business with; gives nothing, so that an identity may follow. */
export function refuseOtherExports(operation: string, account: string): undefined {
  if (OPERATIONS.includes(operation)) return;
  throw new TrailCheckError(`${operation} is not on the list of the exporter`, {
    what: `${operation} in account ${account} by the exporter`,
    next: 'It imports findings into Security Hub, and nothing else.',
  });
}
