import test from 'ava'
import { isBefore, isInRange } from '../../../src/cli/doctor/version-range.js'

for (const [range, inside, outside] of [
  ['*', ['0.0.1', '9.9.9'], []],
  ['', ['1.2.3'], []],
  ['1', ['1.0.0', '1.9.9'], ['0.9.9', '2.0.0']],
  ['1.x', ['1.0.0', '1.9.9'], ['2.0.0']],
  ['1.2', ['1.2.0', '1.2.9'], ['1.3.0', '1.1.9']],
  ['=1.2.3', ['1.2.3', 'v1.2.3'], ['1.2.4']],
  ['^1.2.3', ['1.2.3', '1.9.0'], ['1.2.2', '2.0.0']],
  ['^0.2.3', ['0.2.3', '0.2.9'], ['0.3.0', '0.2.2']],
  ['^0.0.3', ['0.0.3'], ['0.0.4']],
  ['^0', ['0.9.0'], ['1.0.0']],
  ['~1.2.3', ['1.2.9'], ['1.3.0', '1.2.2']],
  ['~1', ['1.9.0'], ['2.0.0']],
  ['>=20.19', ['20.19.0', '26.0.0'], ['20.18.9']],
  ['>20', ['21.0.0'], ['20.9.0']],
  ['<=2', ['2.9.9'], ['3.0.0']],
  ['<2', ['1.9.9'], ['2.0.0']],
  ['>= 1.2 < 2', ['1.2.0', '1.9.0'], ['1.1.0', '2.0.0']],
  ['1.2 - 2.3', ['1.2.0', '2.3.9'], ['2.4.0', '1.1.9']],
  ['^18 || >=20.19', ['18.1.0', '20.19.0'], ['17.0.0', '19.0.0', '20.0.0']],
] as const)
  test(`what lies in "${range}"`, (t) => {
    for (const version of inside) t.true(isInRange(version, range), version)
    for (const version of outside) t.false(isInRange(version, range), version)
  })

for (const range of ['workspace:*', 'latest', 'file:../deco-ts', 'npm:other@1', 'github:a/b', 'lts/*'])
  test(`"${range}" is no range`, (t) => t.is(isInRange('1.2.3', range), undefined))

test('one version is before another', (t) => {
  t.true(isBefore('5.1.9', '5.2.0'))
  t.true(isBefore('4', '5.2'))
  t.false(isBefore('5.2.0', '5.2.0'))
  t.false(isBefore('10.0.0', '9.9.9'))
  t.false(isBefore('next', '9.9.9'))
})
