import {messageOf, VirtError} from '../base/virt-error.ts';
import type {DriverInstance, MonitorCommandOptions} from '../model/hypervisor.ts';
import {formatQmpJson, isQmpObject, parseQmpJson, type QmpObject, type QmpValue} from '../monitor/qmp-json.ts';
import type {Domain} from './domain.ts';
import type {InstancePaths} from './instance-paths.ts';
import {addToMonitorHistory} from './monitor-history.ts';
import {useMonitor} from './use-monitor.ts';

export interface RunMonitorCommandOptions extends MonitorCommandOptions {
  readonly instance: DriverInstance;
  readonly paths: InstancePaths;
}

/**
 * Runs a command on a monitor of a domain: the driver's own where this process owns the run, else the user's, connected
 * for this one command.
 *
 * @param command  an HMP line, or QMP: a command's name or its whole JSON object
 * @returns HMP's text, or QMP's answer as JSON
 * @throws {VirtError} OPERATION_INVALID when the domain is off, RESOURCE_BUSY when another client holds the monitor,
 * INVALID_ARG for what is no QMP command, OPERATION_DENIED for what changes something on a read-only connection
 */
export async function runMonitorCommand(
  domain: Domain,
  command: string,
  {format, by = 'script', instance, paths}: RunMonitorCommandOptions,
): Promise<string> {
  const call = format === 'hmp' ? hmpCall(command) : qmpCall(command);
  if (instance.readOnly && !isMonitorQuery(command, call.execute)) throw readOnlyError(domain.name, instance);
  const options = {paths, tried: 'use the monitor of'};
  const answer = await useMonitor(domain, options, async monitor => {
    if (by !== 'program') await domain.parts.running?.taint('custom-monitor');
    if (by === 'person' && !instance.readOnly && !domain.parts.foreign)
      await addToMonitorHistory(paths, domain.uuid, command);
    return monitor.execute(call.execute, call.arguments);
  });
  return format === 'hmp' ? hmpText(answer) : formatQmpJson({return: answer});
}

/** True for what only asks: `query-*` of QMP, `info` and `help` of HMP. */
function isMonitorQuery(command: string, execute: string): boolean {
  if (execute === 'human-monitor-command') return /^\s*(info|help|\?)(\s|$)/.test(command);
  return execute.startsWith('query-');
}

function readOnlyError(domain: string, {readOnlyReason}: DriverInstance): VirtError {
  const why = readOnlyReason ? `, ${readOnlyReason}` : '';
  const message = `cannot run this in the monitor of domain '${domain}': the connection is read-only${why}`;
  return new VirtError('OPERATION_DENIED', 'QEMU', message, {hint: 'info, help and query-* work'});
}

interface QmpCall {
  readonly execute: string;
  readonly arguments?: QmpObject;
}

function hmpCall(line: string): QmpCall {
  return {execute: 'human-monitor-command', arguments: {'command-line': line}};
}

function hmpText(answer: QmpValue): string {
  return typeof answer === 'string' ? answer.replaceAll('\r\n', '\n') : formatQmpJson(answer);
}

function qmpCall(text: string): QmpCall {
  const trimmed = text.trim();
  if (/^[a-z][a-z0-9_-]*$/i.test(trimmed)) return {execute: trimmed};
  const hint = `write a command's name, or {"execute": "query-status"}; for the text monitor use --hmp`;
  let value: QmpValue;
  try {
    value = parseQmpJson(trimmed);
  } catch (cause) {
    throw new VirtError('INVALID_ARG', 'QEMU', `cannot read the QMP command: ${messageOf(cause)}`, {cause, hint});
  }
  if (!isQmpObject(value) || typeof value.execute !== 'string') {
    throw new VirtError('INVALID_ARG', 'QEMU', `cannot read the QMP command: it has no "execute"`, {hint});
  }
  return {execute: value.execute, ...(isQmpObject(value.arguments) ? {arguments: value.arguments} : {})};
}
