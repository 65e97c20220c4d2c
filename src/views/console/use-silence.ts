import {useEffect, useState} from 'react';
import {type AppState, selectedDomain} from '../../app/app-state.ts';
import {textRows} from '../../ui/fields.ts';
import {KEYMAP, keyLabel} from '../../ui/keymap.ts';
import type {ConsoleTerminal} from '../../ui/terminal/console-terminal.ts';
import type {Theme} from '../../ui/theme.ts';
import {sameItems, useSelect} from '../../ui/use-select.ts';
import {useScreen} from '../screen-context.ts';
import {type KernelLine, silenceSentences} from './silence.ts';

const UNKNOWN: KernelLine = {is: 'unknown'};

/** The rows that stand in for a console on which nothing is to be seen; none for any other. They follow the time. */
export function useSilence(
  domain: string | undefined,
  terminal: ConsoleTerminal | undefined,
  columns: number,
): readonly string[] {
  const {store, consoles, theme} = useScreen();
  const isSilent = terminal?.isBlank === true;
  const [kernelLine, setKernelLine] = useState(UNKNOWN);
  useEffect(() => {
    setKernelLine(UNKNOWN);
    if (!isSilent || domain === undefined) return undefined;
    let isAsked = true;
    void consoles.kernelLine(domain).then(line => isAsked && setKernelLine(line)); // never fails
    return () => {
      isAsked = false;
    };
  }, [consoles, domain, isSilent]);
  return useSelect(
    store,
    state => (isSilent && terminal ? silenceRows(state, terminal, {kernelLine, columns, theme}) : []),
    sameItems,
  );
}

interface SilenceView {
  readonly kernelLine: KernelLine;
  readonly columns: number;
  readonly theme: Theme;
}

function silenceRows(state: AppState, terminal: ConsoleTerminal, view: SilenceView): readonly string[] {
  const {kernelLine, columns, theme} = view;
  const {output, device} = terminal;
  const startedAtMs = output.bytes === 0 ? selectedDomain(state)?.startedAtMs : undefined;
  const sinceMs = output.lastMs ?? startedAtMs ?? terminal.openedAtMs;
  const newline = KEYMAP.find(({command}) => command === 'console.newline')?.keys[0] ?? '';
  const keys = {newline: keyLabel(newline), leave: 'Ctrl-]', isTyping: state.view.typing};
  const isLive = terminal.status.is === 'live';
  return silenceSentences({
    output,
    silentMs: state.nowMs - sinceMs,
    kernelLine,
    isLive,
    keys,
    alias: device.alias,
  }).flatMap(sentence => textRows(sentence, columns, theme, 'muted'));
}
