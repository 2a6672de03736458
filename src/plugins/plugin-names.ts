/** What `PLUGINS` names: modules by path or by package. */

/** As it is written, without the blanks around it; what stands there twice is a mistake. */
export interface PluginNames {
  readonly names: readonly string[];
  readonly problems: readonly string[];
}

const PACKAGE = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*(\/[\w.~-]+)*$/;

export function readPluginNames(text: string | undefined): PluginNames {
  const all = (text ?? '').split(',').map((name) => name.trim());
  const names = [...new Set(all.filter((name) => name !== ''))];
  const twice = names.filter((name) => all.indexOf(name) !== all.lastIndexOf(name));
  const odd = names.filter((name) => !isPath(name) && !PACKAGE.test(name));
  return {
    names: names.filter((name) => !odd.includes(name)),
    problems: [
      ...odd.map(
        (name) => `"${name}": is neither a path nor the name of a package; paths begin with ./, ../ or /`,
      ),
      ...twice.map((name) => `"${name}": is named twice; remove one`),
    ],
  };
}

/** As opposed to the name of a package. */
export function isPath(name: string): boolean {
  return /^(\.{0,2}[\\/]|[A-Za-z]:[\\/]|\.{1,2}$)/.test(name);
}
