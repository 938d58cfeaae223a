import check from '../../../checks/alarm/config-changes.ts';
import { alarmFamily } from './family.ts';

const CIS =
  '{ ($.eventSource = config.amazonaws.com) && (($.eventName=StopConfigurationRecorder)||($.eventName=DeleteDeliveryChannel)||($.eventName=PutDeliveryChannel)||($.eventName=PutConfigurationRecorder)) }';
const family = { check, cis: CIS };

alarmFamily(family);
