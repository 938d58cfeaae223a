import check from '../../../checks/alarm/network-gateway-changes.ts';
import { alarmFamily } from './family.ts';

const CIS =
  '{ ($.eventName = CreateCustomerGateway) || ($.eventName = DeleteCustomerGateway) || ($.eventName = AttachInternetGateway) || ($.eventName = CreateInternetGateway) || ($.eventName = DeleteInternetGateway) || ($.eventName = DetachInternetGateway) }';
const family = { check, cis: CIS };

alarmFamily(family);
