// Colours are written in the style sheet, for light and dark: what is drawn on a canvas reads them from there.

const dark = matchMedia('(prefers-color-scheme: dark)')

export interface Theme {
  readonly text: string
  readonly muted: string
  readonly faint: string
  readonly card: string
  readonly stripe: string
  readonly accent: string
  readonly bad: string
  readonly making: string
  readonly commit: string
  readonly onColour: string
  /** One for each method, over and over. */
  readonly methods: readonly string[]
}

let theme: Theme | undefined

/** The colours that hold now. */
export function colours(): Theme {
  theme ??= read()
  return theme
}

/** Tells when other colours hold. */
export function onTheme(changed: () => void): void {
  dark.addEventListener('change', () => {
    theme = undefined
    changed()
  })
}

function read(): Theme {
  const style = getComputedStyle(document.documentElement)
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    text: of('text'),
    muted: of('muted'),
    faint: of('faint'),
    card: of('card'),
    stripe: of('stripe'),
    accent: of('accent'),
    bad: of('bad'),
    making: of('making'),
    commit: of('commit'),
    onColour: of('on-colour'),
    methods: Array.from({ length: 8 }, (_, i) => of(`method-${i}`)),
  }
}
