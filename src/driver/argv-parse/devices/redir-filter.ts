import type {RedirfilterDef} from '../../../model/devices/redirfilter.ts';
import {omitUndefined} from '../omit-undefined.ts';

type Rule = NonNullable<RedirfilterDef['rules']>[number];

/** `class:vendor:product:version:allow|...`, where -1 fits everything; undefined for a text that is none. */
export function redirFilterOf(text: string): readonly Rule[] | undefined {
  const rules = text.split('|').map(ruleOf);
  const isWhole = rules.every(rule => rule !== undefined && /^(\d+\.\d+)?$/.test(rule.version ?? ''));
  return isWhole ? rules.flatMap(rule => rule ?? []) : undefined;
}

function ruleOf(text: string): Rule | undefined {
  const match = /^(-1|0x[0-9A-F]{1,2}):(-1|0x[0-9A-F]{1,4}):(-1|0x[0-9A-F]{1,4}):(-1|0x[0-9A-F]{1,4}):([01])$/i.exec(
    text,
  );
  if (!match) return undefined;
  const [deviceClass, vendor, product, version] = match
    .slice(1, 5)
    .map(part => (part === '-1' ? undefined : Number(part)));
  return {
    ...omitUndefined({
      class: deviceClass,
      vendor,
      product,
      version: version === undefined ? undefined : versionOf(version),
    }),
    allow: match[5] === '1',
  };
}

/** 0x0110 is `1.10`. */
function versionOf(number: number): string {
  return `${(number >> 8).toString(16)}.${(number & 0xff).toString(16).padStart(2, '0')}`;
}
