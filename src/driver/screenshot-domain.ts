import type {Picture} from '../base/picture.ts';
import {devicesOf} from '../model/domain-def.ts';
import {parseDomain} from '../model/parse-domain.ts';
import type {Domain} from './domain.ts';
import type {DriverContext} from './driver-context.ts';
import {socketDirectory} from './live-status.ts';
import {takeScreenshot} from './take-screenshot.ts';
import {useMonitor} from './use-monitor.ts';

/** A picture of the screen of a domain that runs, also where another process owns its run. */
export function screenshotDomain(
  domain: Domain,
  {paths, defaults}: DriverContext,
  options: {readonly screen?: number},
): Promise<Picture> {
  return useMonitor(domain, {paths, tried: 'take a screenshot of'}, async monitor => {
    const {def} = parseDomain(domain.live?.liveXml ?? '', {...defaults, live: true});
    const videos = def ? devicesOf(def, 'video') : [];
    const directory = socketDirectory(domain.live ?? domain, paths);
    return takeScreenshot(monitor, {name: domain.name, videos, directory, ...options});
  });
}
