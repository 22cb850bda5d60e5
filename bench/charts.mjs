// The kinds of charts, as ECharts describes them. deco-ts stands out, what a program does by hand comes second, peers are muted;
// every colour can be read on a light and on a dark page.

const text = '#768390'
const colors = { own: '#e8590c', hand: '#3b82c4', peer: '#8b949e' }
const font = 'system-ui, Helvetica, Arial, sans-serif'
const width = 860

function colorOf(file) {
  if (file.startsWith('deco-ts')) return colors.own
  return file.endsWith('by-hand') ? colors.hand : colors.peer
}

/** One bar a row, its value beside it. */
export function bars({ title, unit, rows, digits }) {
  const said = (value) => value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return horizontal(title, unit, rows, { min: 0 }, [
    {
      type: 'bar',
      barWidth: '62%',
      data: rows.map(({ file, value }) => ({ value, itemStyle: { color: colorOf(file) } })),
      label: label({ position: 'right', formatter: ({ value }) => said(value) }),
    },
  ])
}

/** One dot a row, on a logarithmic axis. */
export function dots({ title, unit, rows, said }) {
  return horizontal(title, unit, rows, { type: 'log' }, [
    {
      type: 'scatter',
      symbolSize: 13,
      data: rows.map(({ file, value }, i) => ({ value: [value, i], itemStyle: { color: colorOf(file), opacity: 1 } })),
      label: label({ position: 'right', formatter: ({ value }) => said(value[0]) }),
    },
  ])
}

/** Parts of a whole, one after the other. */
export function stacked({ title, unit, parts, rows }) {
  const total = (values) => values.reduce((sum, value) => sum + value)
  const chart = horizontal(
    title,
    unit,
    rows,
    { min: 0 },
    parts.map((name, part) => ({
      name,
      type: 'bar',
      stack: 'all',
      barWidth: '62%',
      data: rows.map(({ file, values }) => ({
        value: values[part],
        itemStyle: { color: colorOf(file), opacity: part === 0 ? 0.45 : 1 },
      })),
      label: label({
        show: part === parts.length - 1,
        position: 'right',
        formatter: ({ dataIndex }) => {
          const { values } = rows[dataIndex]
          return `${Math.round(total(values))}  (${values.map((value, i) => `${parts[i]} ${Math.round(value)}`).join(', ')})`
        },
      }),
    })),
  )
  chart.option.grid.right = 280
  return chart
}

/** Several dots a row, one for each group. */
export function groups({ title, unit, from, groups, rows }) {
  const symbols = ['triangle', 'diamond', 'circle']
  const chart = horizontal(
    title,
    unit,
    rows,
    { type: 'log', min: from },
    groups.map((name, group) => ({
      name,
      type: 'scatter',
      symbol: symbols[group],
      symbolSize: 12,
      itemStyle: { color: colors.peer },
      data: rows.map(({ file, values }, i) => ({
        value: [values[group], i],
        itemStyle: { color: colorOf(file), opacity: 1 },
      })),
    })),
  )
  const data = groups.map((name, group) => ({ name, icon: symbols[group] }))
  chart.option.legend = {
    data,
    right: 24,
    top: 30,
    itemGap: 18,
    itemWidth: 13,
    itemHeight: 11,
    textStyle: { color: text, fontFamily: font, fontSize: 13 },
  }
  return chart
}

/** Lines over a logarithmic axis, each named at its end, and one place on that axis. */
export function curves({ title, x, y, lines, mark }) {
  const ofLine = ({ file, name, values }) => ({
    name,
    type: 'line',
    data: values.map((value, i) => [x.values[i], value]),
    symbol: 'circle',
    symbolSize: file.startsWith('deco-ts') ? 7 : 4,
    z: file.startsWith('deco-ts') ? 5 : 2,
    itemStyle: { color: colorOf(file) },
    lineStyle: {
      color: colorOf(file),
      width: file.startsWith('deco-ts') ? 3 : 1.5,
      type: file === 'deco-ts-blocking' ? 'dashed' : 'solid',
    },
  })
  return {
    title,
    width,
    height: 460,
    option: {
      ...base(title, `${y.name}, over the ${x.name} (logarithmic)`),
      grid: { left: 56, right: 180, top: 76, bottom: 40 },
      xAxis: {
        ...axis(),
        type: 'log',
        min: x.values[0],
        max: x.values.at(-1),
        axisLabel: {
          ...axis().axisLabel,
          showMinLabel: false,
          showMaxLabel: false,
          formatter: (value) => x.said(Math.round(value)),
        },
      },
      yAxis: {
        ...axis(),
        min: 0,
        max: Math.max(y.max, ...lines.flatMap(({ values }) => values.map((value) => Math.ceil(2 * value) / 2))),
        interval: 0.5,
      },
      series: [
        ...lines.map((line) => ({
          ...ofLine(line),
          endLabel: label({
            formatter: '{a}',
            color: colorOf(line.file),
            distance: 8,
            lineHeight: 16,
            fontWeight: line.file.startsWith('deco-ts') ? 'bold' : 'normal',
          }),
          labelLayout: { moveOverlap: 'shiftY' },
        })),
        {
          type: 'line',
          data: [],
          markLine: {
            silent: true,
            symbol: 'none',
            lineStyle: { color: text, type: 'dotted', width: 1.5 },
            data: [
              { yAxis: 1, label: label({ position: 'insideEndBottom', formatter: y.one, fontSize: 12 }) },
              ...(mark === undefined
                ? []
                : [{ xAxis: mark.at, label: label({ position: 'end', formatter: mark.name, fontSize: 12 }) }]),
            ],
          },
        },
      ],
    },
  }
}

function horizontal(title, unit, rows, value, series) {
  return {
    title,
    width,
    height: 96 + rows.length * 27,
    option: {
      ...base(title, unit),
      grid: { left: 24 + 7 * Math.max(...rows.map(({ name }) => name.length)), right: 110, top: 64, bottom: 28 },
      xAxis: { ...axis(), type: 'value', ...value },
      yAxis: {
        type: 'category',
        inverse: true,
        data: rows.map(({ name }) => name),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: {
          color: text,
          fontFamily: font,
          fontSize: 13,
          formatter: (name) => (name.startsWith('deco-ts') ? `{own|${name}}` : name),
          rich: { own: { color: colors.own, fontWeight: 'bold', fontFamily: font, fontSize: 13 } },
        },
      },
      series,
    },
  }
}

function base(title, subtitle) {
  return {
    animation: false,
    textStyle: { fontFamily: font },
    title: {
      text: title,
      subtext: subtitle,
      left: 8,
      top: 4,
      itemGap: 4,
      textStyle: { color: text, fontSize: 16, fontFamily: font },
      subtextStyle: { color: text, fontSize: 13, fontFamily: font },
    },
  }
}

function axis() {
  return {
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: text, fontFamily: font, fontSize: 12 },
    splitLine: { lineStyle: { color: '#8b949e', opacity: 0.25 } },
  }
}

function label(options) {
  return { show: true, color: text, fontFamily: font, fontSize: 13, ...options }
}
