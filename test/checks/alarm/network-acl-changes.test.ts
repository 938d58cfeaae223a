import check from '../../../checks/alarm/network-acl-changes.ts';
import { alarmFamily } from './family.ts';

const CIS =
  '{ ($.eventName = CreateNetworkAcl) || ($.eventName = CreateNetworkAclEntry) || ($.eventName = DeleteNetworkAcl) || ($.eventName = DeleteNetworkAclEntry) || ($.eventName = ReplaceNetworkAclEntry) || ($.eventName = ReplaceNetworkAclAssociation) }';
const family = { check, cis: CIS };

alarmFamily(family);
