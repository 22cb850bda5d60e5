// A chart as SVG, without a browser.

import { init } from 'echarts'

export function draw({ width, height, option }) {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  chart.setOption(option)
  const svg = chart.renderToSVGString()
  chart.dispose()
  return `${svg}\n`
}
