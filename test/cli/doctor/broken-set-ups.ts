import test from 'ava'
import { BROKEN_SET_UPS } from '../../fixtures/doctor/broken.js'
import { findsFault } from '../../helpers/finds-fault.js'

test('there are at least 20', (t) => t.true(BROKEN_SET_UPS.length >= 20))

for (const project of BROKEN_SET_UPS) test(`${project.name}: ${project.id}`, (t) => findsFault(t, project))
