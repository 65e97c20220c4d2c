import {readdirSync, readFileSync} from 'node:fs';

/** The process that does the work: a launcher's child, or the program itself where it has none. */
export function workingPid(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? pid : Number(children.split(' ')[0]);
}

/** Processor time used by a process so far, in nanoseconds, over all its threads. @see Linux, Documentation/scheduler/sched-stats */
export function cpuNsOf(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  const times = readdirSync(tasks).map(task => readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]);
  return times.reduce((sum, time) => sum + Number(time), 0);
}
