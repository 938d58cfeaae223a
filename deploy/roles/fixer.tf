# trail-check makes approved changes in this account with this role, and nothing else

variable "role_name" {
  type        = string
  description = "The same in every account."
  default     = "trail-check-fixer"
}

variable "hub" {
  type        = string
  description = "ARN of the role or user that enters: the bot, or its hub role."
}

variable "external_id" {
  type        = string
  description = "The external id that trail-check.yaml names for this role."
}

variable "buckets" {
  type        = list(string)
  description = "ARNs of the log buckets that may be changed; none: no bucket. A * stands for anything."
  default     = []
}

variable "keys" {
  type        = list(string)
  description = "ARNs of the KMS keys that may be changed or used; none: no key."
  default     = []
}

variable "roles" {
  type        = list(string)
  description = "ARNs of the roles that CloudTrail and AWS Config write with; none: only those that fixes made."
  default     = []
}

data "aws_partition" "current" {
}

data "aws_caller_identity" "current" {
}

data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "Hub"
    effect  = "Allow"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = [var.hub]
    }

    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = [var.external_id]
    }

    condition {
      test     = "StringLike"
      variable = "sts:RoleSessionName"
      values   = ["tc-*"]
    }

    condition {
      test     = "StringLike"
      variable = "sts:SourceIdentity"
      values   = ["?*"]
    }

    condition {
      test     = "Null"
      variable = "aws:RequestTag/trail-check:fix"
      values   = ["false"]
    }

    condition {
      test     = "Null"
      variable = "aws:RequestTag/trail-check:finding"
      values   = ["false"]
    }

    condition {
      test     = "Null"
      variable = "aws:RequestTag/trail-check:approvers"
      values   = ["false"]
    }
  }

  statement {
    sid    = "Tell"
    effect = "Allow"
    actions = [
      "sts:SetSourceIdentity",
      "sts:TagSession",
    ]

    principals {
      type        = "AWS"
      identifiers = [var.hub]
    }
  }
}

data "aws_iam_policy_document" "permissions" {
  statement {
    sid    = "Trail"
    effect = "Allow"
    actions = [
      "cloudtrail:AddTags",
      "cloudtrail:CreateTrail",
      "cloudtrail:DeleteTrail",
      "cloudtrail:PutEventSelectors",
      "cloudtrail:PutInsightSelectors",
      "cloudtrail:RemoveTags",
      "cloudtrail:StartLogging",
      "cloudtrail:UpdateTrail",
    ]
    resources = ["arn:${data.aws_partition.current.partition}:cloudtrail:*:${data.aws_caller_identity.current.account_id}:trail/*"]
  }

  statement {
    sid    = "Trail2"
    effect = "Allow"
    actions = [
      "cloudtrail:DeregisterOrganizationDelegatedAdmin",
      "cloudtrail:RegisterOrganizationDelegatedAdmin",
      "organizations:DescribeOrganization",
      "organizations:ListAWSServiceAccessForOrganization",
      "organizations:ListAccounts",
    ]
    resources = ["*"]
  }

  statement {
    sid    = "Trail3"
    effect = "Allow"
    actions = [
      "cloudtrail:RestoreEventDataStore",
      "cloudtrail:StartEventDataStoreIngestion",
      "cloudtrail:UpdateEventDataStore",
    ]
    resources = ["arn:${data.aws_partition.current.partition}:cloudtrail:*:${data.aws_caller_identity.current.account_id}:eventdatastore/*"]
  }

  statement {
    sid    = "Trail4"
    effect = "Allow"
    actions = [
      "iam:CreateServiceLinkedRole",
      "iam:GetRole",
    ]
    resources = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:role/aws-service-role/cloudtrail.amazonaws.com/AWSServiceRoleForCloudTrail"]
  }

  dynamic "statement" {
    for_each = length(var.roles) > 0 ? [1] : []

    content {
      sid       = "Trail5"
      effect    = "Allow"
      actions   = ["iam:PassRole"]
      resources = var.roles

      condition {
        test     = "StringEquals"
        variable = "iam:PassedToService"
        values   = ["cloudtrail.amazonaws.com"]
      }
    }
  }

  statement {
    sid       = "Trail6"
    effect    = "Allow"
    actions   = ["iam:PassRole"]
    resources = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:role/trail-check/*"]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["cloudtrail.amazonaws.com"]
    }
  }

  dynamic "statement" {
    for_each = length(var.keys) > 0 ? [1] : []

    content {
      sid    = "Trail7"
      effect = "Allow"
      actions = [
        "kms:Decrypt",
        "kms:GenerateDataKey",
      ]
      resources = var.keys
    }
  }

  statement {
    sid    = "Trail8"
    effect = "Allow"
    actions = [
      "organizations:DeregisterDelegatedAdministrator",
      "organizations:EnableAWSServiceAccess",
      "organizations:RegisterDelegatedAdministrator",
    ]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "organizations:ServicePrincipal"
      values   = ["cloudtrail.amazonaws.com"]
    }
  }

  dynamic "statement" {
    for_each = length(var.buckets) > 0 ? [1] : []

    content {
      sid    = "Bucket"
      effect = "Allow"
      actions = [
        "s3:CreateBucket",
        "s3:DeleteBucketPolicy",
        "s3:PutBucketAcl",
        "s3:PutBucketLogging",
        "s3:PutBucketObjectLockConfiguration",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketRequestPayment",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
      ]
      resources = var.buckets
    }
  }

  statement {
    sid    = "Logs"
    effect = "Allow"
    actions = [
      "cloudwatch:DeleteAlarms",
      "cloudwatch:DisableAlarmActions",
      "cloudwatch:EnableAlarmActions",
      "cloudwatch:PutMetricAlarm",
    ]
    resources = ["arn:${data.aws_partition.current.partition}:cloudwatch:*:${data.aws_caller_identity.current.account_id}:alarm:*"]
  }

  statement {
    sid    = "Logs2"
    effect = "Allow"
    actions = [
      "logs:AssociateKmsKey",
      "logs:CreateLogGroup",
      "logs:DeleteMetricFilter",
      "logs:DisassociateKmsKey",
      "logs:PutLogGroupDeletionProtection",
      "logs:PutMetricFilter",
      "logs:PutRetentionPolicy",
    ]
    resources = ["arn:${data.aws_partition.current.partition}:logs:*:${data.aws_caller_identity.current.account_id}:log-group:*"]
  }

  statement {
    sid    = "Logs3"
    effect = "Allow"
    actions = [
      "sns:CreateTopic",
      "sns:SetTopicAttributes",
      "sns:Subscribe",
    ]
    resources = ["arn:${data.aws_partition.current.partition}:sns:*:${data.aws_caller_identity.current.account_id}:*"]
  }

  statement {
    sid       = "Logs4"
    effect    = "Allow"
    actions   = ["sns:Unsubscribe"]
    resources = ["*"]
  }

  statement {
    sid    = "Never"
    effect = "Deny"
    actions = [
      "cloudtrail:StopLogging",
      "kms:DisableKey",
      "kms:ScheduleKeyDeletion",
    ]
    resources = ["*"]
  }
}

resource "aws_iam_role" "fixer" {
  name               = var.role_name
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "fixer" {
  name   = "trail-check"
  role   = aws_iam_role.fixer.id
  policy = data.aws_iam_policy_document.permissions.json
}

output "role_arn" {
  value = aws_iam_role.fixer.arn
}
