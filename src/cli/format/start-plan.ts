import {sanitiseLines, sanitiseUntrusted} from '../../base/sanitise.ts';
import type {PlannedStep, StartPlan} from '../../model/start-plan.ts';
import {formatFields} from './table.ts';

const ASPECT_COLUMNS = 18;

/** A plan to read: the steps numbered, each with its undo, then the process and what it executes. */
export function formatStartPlan(plan: StartPlan): string {
  const environment = Object.entries(plan.environment).map(([name, value]) => `${name}=${value}`);
  return [
    ...plan.steps.map((step, at) => formatStep(step, at + 1)),
    '\n',
    formatFields(
      plan.confinement.map(([name, asked]) => [name, sanitiseUntrusted(asked)]),
      ASPECT_COLUMNS,
    ),
    '\n',
    ...lines(environment),
    ...lines(sanitiseLines(plan.commandLine)),
    ...(plan.monitor.length === 0 ? [] : ['\n', ...lines(plan.monitor.map(command => `over its monitor: ${command}`))]),
    ...(plan.warnings.length === 0 ? [] : ['\n', ...lines(plan.warnings.map(warning => `warning: ${warning}`))]),
  ].join('');
}

function formatStep({command, undo}: PlannedStep, number: number): string {
  const [first = '', ...more] = sanitiseLines(command);
  const indent = ' '.repeat(6);
  return [
    `${String(number).padStart(4)}  ${first}\n`,
    ...more.map(line => `${indent}${line}\n`),
    `${indent}  undo: ${sanitiseUntrusted(undo)}\n`,
  ].join('');
}

function lines(texts: readonly string[]): readonly string[] {
  return texts.map(text => `${sanitiseUntrusted(text)}\n`);
}
