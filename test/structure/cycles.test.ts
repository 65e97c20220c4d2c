import {describe, expect, test} from 'vitest';
import {readSourceFiles} from './source-files.ts';

type Graph = ReadonlyMap<string, readonly string[]>;

/**
 * Finds one cycle per strongly tied group of nodes.
 *
 * @returns each cycle as the nodes along it, the first repeated at the end
 */
function findCycles(graph: Graph): readonly (readonly string[])[] {
  const cycles: (readonly string[])[] = [];
  const done = new Set<string>();
  const visit = (node: string, trail: readonly string[]): void => {
    const start = trail.indexOf(node);
    if (start >= 0) cycles.push([...trail.slice(start), node]);
    if (start >= 0 || done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...trail, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return cycles;
}

describe('import cycles', () => {
  // Types count too: two files that need each other's types are one idea in two places.
  test('there is none between the files of src', () => {
    const graph = new Map(
      readSourceFiles('src').map(({path, imports}) => [path, imports.flatMap(({target}) => target ?? [])]),
    );
    expect(findCycles(graph).map(cycle => cycle.join(' -> '))).toEqual([]);
  });

  test('one that exists is found', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', ['b']],
      ['d', []],
    ]);
    expect(findCycles(graph)).toEqual([['b', 'c', 'b']]);
  });
});
