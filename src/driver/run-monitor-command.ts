import {messageOf, VirtError} from '../base/virt-error.ts';
import {formatQmpJson, isQmpObject, parseQmpJson, type QmpObject, type QmpValue} from '../monitor/qmp-json.ts';
import {withUserMonitor} from './use-monitor.ts';

/**
 * Runs a command on the user's monitor of a domain, connected for this one command.
 *
 * @param command  an HMP line, or QMP: a command's name or its whole JSON object
 * @returns HMP's text, or QMP's answer as JSON
 * @throws {VirtError} RESOURCE_BUSY when another client holds the monitor, INVALID_ARG for what is no QMP command
 */
export async function runMonitorCommand(socketPath: string, command: string, format: 'hmp' | 'qmp'): Promise<string> {
  const call = format === 'hmp' ? hmpCall(command) : qmpCall(command);
  const answer = await withUserMonitor(socketPath, monitor => monitor.execute(call.execute, call.arguments));
  return format === 'hmp' ? hmpText(answer) : formatQmpJson({return: answer});
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
