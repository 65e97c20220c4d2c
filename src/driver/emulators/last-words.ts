import type {PipedChild} from '../../host/piped-child.ts';

/** The last line that a child wrote on its standard error, where it has ended all of it; empty when it wrote nothing. */
export async function lastWords(child: PipedChild): Promise<string> {
  if (child.outputEnded()) await child.ended; // they may come a moment later than the end of its output
  return child.errorOutput().trim().split('\n').at(-1) ?? '';
}
