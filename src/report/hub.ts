import type { Session } from '../aws/session.ts';
import { ASFF_PREFIX, type AsffFinding } from './formats/asff.ts';

/** A finding that Security Hub did not take. */
export interface Refused {
  id: string;
  code: string;
  message: string;
}

/** Security Hub in one account and region, as far as this program uses it. */
export interface Hub {
  /** Active findings that this program imported. */
  ours(): Promise<AsffFinding[]>;
  /** Takes 100 findings at most; tells which were refused. */
  take(findings: AsffFinding[]): Promise<Refused[]>;
}

/** Security Hub behind a session of the exporter. Both calls reject with the SDK's error, see `isOff`. */
export function hubOf(
  session: Pick<Session, 'call' | 'pages'>,
  { region, productArn }: { region: string; productArn: string },
): Hub {
  return {
    async ours() {
      const Filters = {
        GeneratorId: [{ Comparison: 'PREFIX' as const, Value: ASFF_PREFIX }],
        // An administrator or a region that aggregates sees those of others too; the ARN holds account and region.
        ProductArn: [{ Comparison: 'EQUALS' as const, Value: productArn }],
        RecordState: [{ Comparison: 'EQUALS' as const, Value: 'ACTIVE' }],
      };
      const found: AsffFinding[] = [];
      for await (const { Findings = [] } of session.pages('securityhub:GetFindings', region, {
        Filters,
        MaxResults: 100,
      })) {
        found.push(...Findings);
      }
      return found;
    },
    async take(Findings) {
      const { FailedFindings = [] } = await session.call('securityhub:BatchImportFindings', region, { Findings });
      return FailedFindings.map(({ Id = '', ErrorCode = '', ErrorMessage = '' }) => {
        return { id: Id, code: ErrorCode, message: ErrorMessage };
      });
    },
  };
}

/** Whether Security Hub says that the account has not enabled it in this region. */
export function isOff(error: unknown): boolean {
  return error instanceof Error && error.name === 'InvalidAccessException';
}
