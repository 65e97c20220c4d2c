/** How long an answer of a monitor is waited for. */
export interface WaitLimit {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** What is told when the time is over. */
  readonly tooLate: () => Error;
  /** What is told after the signal. */
  readonly givenUp: () => Error;
}

/** What a promise gives, unless the time is over or the signal comes before: nothing of the wait stays then. */
export function limited<T>(promise: Promise<T>, {timeoutMs, signal, tooLate, givenUp}: WaitLimit): Promise<T> {
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => limit.reject(tooLate()), timeoutMs);
  const handleAbort = () => limit.reject(givenUp());
  if (signal?.aborted) handleAbort();
  signal?.addEventListener('abort', handleAbort, {once: true});
  return Promise.race([promise, limit.promise]).finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', handleAbort);
  });
}
