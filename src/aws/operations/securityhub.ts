import {
  BatchImportFindingsCommand,
  DescribeHubCommand,
  DisableSecurityHubCommand,
  EnableSecurityHubCommand,
  GetEnabledStandardsCommand,
  GetFindingsCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { NEXT_TOKEN, read, write } from '../operation.ts';

/*
 * Actions on the hub itself are given without a resource: the hub has an ARN once it is there only, and the user guide
 * says that policies do not name it (https://docs.aws.amazon.com/securityhub/latest/userguide/security_iam_service-with-iam.html).
 */
export const securityhub = {
  createClient: (config: object) => new SecurityHubClient(config),
  global: false,
  operations: {
    DescribeHub: read(DescribeHubCommand),
    GetEnabledStandards: read(GetEnabledStandardsCommand, { page: NEXT_TOKEN }),
    GetFindings: read(GetFindingsCommand, { page: NEXT_TOKEN }),
    EnableSecurityHub: write(EnableSecurityHubCommand, {
      also: (_, { partition, account }) => [
        {
          action: 'iam:CreateServiceLinkedRole',
          resource: `arn:${partition}:iam::${account}:role/aws-service-role/securityhub.amazonaws.com/AWSServiceRoleForSecurityHub`,
        },
      ],
    }),
    DisableSecurityHub: write(DisableSecurityHubCommand),
    BatchImportFindings: write(BatchImportFindingsCommand, {
      on: ({ Findings = [] }) => [...new Set(Findings.flatMap(({ ProductArn }) => ProductArn ?? []))],
    }),
  },
};
