/** The charts of docs/pumping.md, drawn by Vega-Lite without a browser. */
import type { TopLevelSpec } from 'vega-lite';
import type { CampaignFigures, Figures, Spread } from './campaign';
import { type GuardName } from './guards';

/** Colours on white, and what they become where the reader prefers dark. */
const colours = {
  paper: ['#ffffff', '#0d1117'],
  ink: ['#1f2328', '#e6edf3'],
  grid: ['#d1d9e0', '#30363d'],
  sixdigit: ['#0969da', '#58a6ff'],
  'limit per IP': ['#bf5700', '#f0883e'],
  'limit per country': ['#6639ba', '#bc8cff'],
  'conversion breaker': ['#1a7f64', '#3fb9a0'],
} as const;
type Colour = keyof typeof colours;
const light = (name: Colour): string => colours[name][0];

const shown = [
  'sixdigit',
  'limit per IP',
  'limit per country',
  'conversion breaker',
] as const satisfies GuardName[];

const config: TopLevelSpec['config'] = {
  background: light('paper'),
  font: 'system-ui, sans-serif',
  view: { stroke: null },
  title: { color: light('ink'), subtitleColor: light('ink'), anchor: 'start', fontSize: 15, offset: 12 },
  axis: {
    labelColor: light('ink'),
    titleColor: light('ink'),
    gridColor: light('grid'),
    domainColor: light('grid'),
    tickColor: light('grid'),
    labelFontSize: 12,
    titleFontSize: 12,
    labelLimit: 400,
  },
  legend: {
    labelColor: light('ink'),
    labelFontSize: 12,
    orient: 'bottom',
    title: null,
    symbolSize: 90,
    labelLimit: 400,
  },
};

const guardColour = {
  field: 'guard',
  type: 'nominal' as const,
  scale: { domain: [...shown], range: shown.map(light) },
};
/** Colour is not all: shapes tell them apart in print and for those who see colours differently. */
const guardShape = {
  field: 'guard',
  type: 'nominal' as const,
  scale: { domain: [...shown], range: ['circle', 'square', 'triangle-up', 'diamond'] },
};

type Kind = CampaignFigures['families'][number]['kind'];

function spreads(figures: CampaignFigures, kind: Kind, least: number, of: (one: Figures) => Spread) {
  return figures.families
    .filter((family) => family.kind === kind)
    .flatMap(({ title, guards }) =>
      shown.map((guard) => {
        const { median, p95 } = of(guards[guard]);
        // A logarithmic axis has no zero: the least stands at its left end.
        return {
          title: title.split(':')[0],
          guard,
          median: Math.max(least, median),
          p95: Math.max(least, p95),
        };
      }),
    );
}

interface Dots {
  readonly title: string;
  readonly axis: string;
  readonly values: ReturnType<typeof spreads>;
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly labels: string;
}

/** A point at the median and a line to the 95th percentile, for each family and guard. */
function dots({ title, axis, values, domain, ticks, labels }: Dots): TopLevelSpec {
  const x = {
    type: 'quantitative' as const,
    title: axis,
    scale: { type: 'log' as const, domain: [...domain] },
    axis: { values: [...ticks], labelExpr: labels },
  };
  const y = { field: 'title', type: 'nominal' as const, title: null, sort: null, axis: { grid: true } };
  const yOffset = { field: 'guard', type: 'nominal' as const, scale: { domain: [...shown] }, sort: null };
  return {
    title,
    width: 460,
    height: { step: 13 },
    data: { values },
    layer: [
      {
        mark: { type: 'rule', strokeWidth: 2 },
        encoding: { y, yOffset, x: { ...x, field: 'median' }, x2: { field: 'p95' }, color: guardColour },
      },
      {
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: { y, yOffset, x: { ...x, field: 'median' }, color: guardColour, shape: guardShape },
      },
    ],
    config,
  };
}

function leaksChart(figures: CampaignFigures): TopLevelSpec {
  return dots({
    title: 'Messages that an attacker got through (median, line to the 95th percentile)',
    axis: 'messages of 2,000, logarithmic',
    values: spreads(figures, 'attack', 1, ({ leaked }) => leaked),
    domain: [1, 2_500],
    ticks: [1, 10, 25, 100, 500, 2_000],
    labels: 'datum.value',
  });
}

function refusedChart(figures: CampaignFigures): TopLevelSpec {
  return dots({
    title: 'People refused when nobody attacks (median, line to the 95th percentile)',
    axis: 'percent of their messages, logarithmic; 0 stands at the left end',
    values: spreads(figures, 'honest', 0.01, ({ refusedPercent }) => refusedPercent),
    domain: [0.01, 100],
    ticks: [0.01, 0.1, 1, 10, 100],
    labels: "datum.value <= 0.01 ? '0' : datum.value",
  });
}

function courseChart({ course }: CampaignFigures): TopLevelSpec {
  return {
    title: 'Attack (b): 2,000 messages at random in one operator range, five a second',
    width: 620,
    height: 280,
    data: { values: course.filter(({ guard }) => (shown as readonly string[]).includes(guard)) },
    mark: { type: 'line', strokeWidth: 2.5, clip: true },
    encoding: {
      x: {
        field: 'seconds',
        type: 'quantitative',
        title: 'seconds since the attack began',
        scale: { domain: [0, 420] },
        axis: { tickCount: 7, values: [0, 60, 120, 180, 240, 300, 360, 420] },
      },
      y: { field: 'leaked', type: 'quantitative', title: 'messages that got through' },
      color: guardColour,
      strokeDash: {
        field: 'guard',
        type: 'nominal',
        scale: {
          domain: [...shown],
          range: [
            [1, 0],
            [6, 3],
            [2, 2],
            [8, 3, 2, 3],
          ],
        },
      },
    },
    config,
  };
}

/** Each with a title and a description for those who do not see it. */
export async function charts(figures: CampaignFigures): Promise<{ name: string; svg: string }[]> {
  const specs: Record<string, TopLevelSpec> = {
    'leaked.svg': leaksChart(figures),
    'refused.svg': refusedChart(figures),
    'course.svg': courseChart(figures),
  };
  return Promise.all(Object.entries(specs).map(async ([name, spec]) => ({ name, svg: await svgOf(spec) })));
}

async function svgOf(spec: TopLevelSpec): Promise<string> {
  // ES modules with a top-level await: only a dynamic import can have them.
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const view = new vega.View(vega.parse(compile(spec).spec), { renderer: 'none' });
  return `${withDarkColours(await view.toSVG())}\n`;
}

/** Colours are attributes, which a style sheet overrides: one file for both kinds of page. */
function withDarkColours(svg: string): string {
  const rules = Object.values(colours).flatMap(([from, to]) =>
    ['fill', 'stroke'].map((property) => `[${property}="${from}"]{${property}:${to}}`),
  );
  const style = `<style>@media (prefers-color-scheme:dark){${rules.join('')}}</style>`;
  return svg.replace(/<svg[^>]*>/, (start) => start + style);
}
