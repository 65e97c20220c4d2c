import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {type InstanceSecurity, modelWords} from '../../model/instance-security.ts';
import {formatFields, formatTable} from './table.ts';

const NAME_COLUMNS = 16;

/** How a driver instance confines its guests, then what stands in its configuration, each with file and line. */
export function formatInstanceSecurity(security: InstanceSecurity, options: {readonly quiet: boolean}): string {
  const {path, settings, problems} = security.configuration;
  const rows = settings.map(({name, value, line, isHonoured}) =>
    [`${path}:${line}`, name, value, isHonoured ? 'yes' : 'not yet'].map(cell => sanitiseUntrusted(cell)),
  );
  const wrong = problems.map(({severity, line, message}) => `${severity}: ${path}:${line}: ${message}`);
  return [
    options.quiet ? '' : formatFields(fieldsOf(security), NAME_COLUMNS),
    rows.length === 0
      ? ''
      : `${options.quiet ? '' : '\n'}${formatTable(['Place', 'Setting', 'Value', 'In effect'], rows, options)}`,
    ...wrong.map(text => `${sanitiseUntrusted(text)}\n`),
  ].join('');
}

function fieldsOf(security: InstanceSecurity): readonly (readonly [string, string])[] {
  const {uri, userName, guests, configuration} = security;
  const {path, settings} = configuration;
  const stated = settings.length === 0 ? 'nothing is set in it: all is as by default' : `${settings.length} set`;
  const fields = [
    ['Driver instance', `${uri} (${userName})`],
    ['Guests run as', `${guests.user}:${guests.group} (${guests.uid}:${guests.gid})`],
    ['Security model', modelWords(security)],
    ['Device lists', security.deviceLists],
    ['Configuration', `${path} (${stated})`],
  ] as const;
  return fields.map(([name, value]) => [name, sanitiseUntrusted(value)]);
}
