import type {InstanceReading} from '../../app/app-state.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import type {DriverInstance} from '../../model/hypervisor.ts';
import {type InstanceSecurity, modelWords} from '../../model/instance-security.ts';
import {counted} from '../capabilities/host-entries.ts';
import type {TreeEntry} from '../tree/tree-node.ts';

/** The driver instance: as whom it runs, how it confines its guests, and its configuration. */
export function instanceEntry(instance: DriverInstance, reading: InstanceReading | undefined): TreeEntry {
  const {kind, userName, uid, root, readOnly, readOnlyReason} = instance;
  const access = `read-only: ${readOnlyReason ?? ''}`;
  return {
    key: 'instance',
    label: 'Driver',
    labelRole: 'strong',
    value: `${kind}, as ${sanitiseUntrusted(userName)} (uid ${uid})`,
    isOpenFirst: true,
    children: () => [
      ...(root === undefined ? [] : [field('Root', root)]),
      ...(readOnly ? [{...field('Access', access), role: 'warning' as const}] : []),
      ...securityFields(reading),
    ],
  };
}

function field(label: string, value: string): TreeEntry {
  const text = sanitiseUntrusted(value);
  return {key: label, label, labelRole: 'muted', value: text, wraps: true, copy: text};
}

function securityFields(reading: InstanceReading | undefined): readonly TreeEntry[] {
  if (!reading) return [];
  if (reading.is === 'failed') return [{...field('Configuration', reading.why), role: 'danger'}];
  const {security} = reading;
  const {user, group, uid, gid} = security.guests;
  const numbers = user === String(uid) && group === String(gid) ? '' : ` (${uid}:${gid})`;
  return [
    field('Guests as', `${user}:${group}${numbers}`),
    field('Model', modelWords(security)),
    field('Device lists', security.deviceLists),
    configurationEntry(security.configuration),
  ];
}

/** Each value with its file and line; what is wrong with it stands first. */
function configurationEntry({path, settings, problems}: InstanceSecurity['configuration']): TreeEntry {
  const file = sanitiseUntrusted(path);
  const wrong = problems.length === 0 ? '' : `, ${counted(problems.length, 'problem')}`;
  const stated = settings.length === 0 ? 'nothing is set: all is as by default' : counted(settings.length, 'setting');
  const base = field('Configuration', `${path}  ${stated}${wrong}`);
  if (settings.length === 0 && problems.length === 0) return {...base, copy: file};
  return {
    ...base,
    copy: file,
    ...(problems.length > 0 ? {role: 'danger', isOpenFirst: true} : {}),
    children: () => [
      ...problems.map(
        ({severity, line, message}, at): TreeEntry => ({
          ...field(`${severity}, line ${line}`, message),
          key: `problem ${at}`,
          role: severity === 'error' ? 'danger' : 'warning',
        }),
      ),
      ...settings.map(
        ({name, value, line, isHonoured}): TreeEntry => ({
          ...field(name, `${value}  ${path}:${line}${isHonoured ? '' : '  not yet in effect'}`),
          key: `${name} ${line}`,
          copy: `${file}:${line}`,
          ...(isHonoured ? {} : {role: 'muted' as const}),
        }),
      ),
    ],
  };
}
